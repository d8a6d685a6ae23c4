"""`homing keys …`: DKIM keys from their making to their end."""

import functools
from datetime import timedelta
from typing import Annotated, Any

import typer

from checks.published import judges
from checks.published.look import look
from checks.published.wanted import Look, Seen, Wanted
from data.dkim_keys import Algorithm, DkimKey, KeyState, all_keys, change_key, keys_of
from data.sending_domains import SendingDomain, all_sending_domains, sign_twice
from monitor.app import App
from monitor.cli.campaigns.shared import Json, columns, opened, tell
from monitor.cli.domains.shared import ByResolver, Name, Syntaxes, known, told, written
from monitor.cli.main import Exit
from monitor.cli.options import Syntax
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from monitor.senses import open_senses
from sender.domains import keys as life

EXAMPLES = """
homing keys list
homing keys rotate example.com
homing keys generate example.com --ed25519
homing keys publish-check example.com
homing keys second example.com --on
homing keys revoke example.com h202511
"""
app = application("DKIM keys: make, publish, rotate, revoke.", EXAMPLES)
Ed25519 = Annotated[bool, typer.Option("--ed25519", help="A key for the second signature (RFC 8463).")]


@app.command("generate")
@exits
def generate(
    domain: Name,
    ed25519: Ed25519 = False,
    selector: Annotated[str, typer.Option("--selector", metavar="NAME", help="Default: by the month.")] = "",
    syntax: Syntaxes = Syntax.BIND,
    as_json: Json = False,
) -> int:
    """Make a key (RSA-2048) and print the record to publish; it signs nothing yet."""
    with opened() as instance:
        key = _generate(instance, known(instance, domain), _algorithm(ed25519), selector)
    return _publish(key, syntax, as_json)


@app.command("rotate")
@exits
def rotate(
    domain: Name,
    ed25519: Ed25519 = False,
    keep_days: Annotated[
        int, typer.Option("--keep-days", min=1, help="How long the old record has to stay published.")
    ] = life.KEEP.days,
    by_resolver: ByResolver = False,
    syntax: Syntaxes = Syntax.BIND,
    as_json: Json = False,
) -> int:
    """Say it twice: first it makes the new key; once all name servers have it, the new key signs.

    Exit codes: 0 it signs, or is to be published now; 1 it is not published; 3 a server could not be asked.
    """
    with opened() as instance:
        found = known(instance, domain)
        with instance.store.read() as connection:
            key = life.pending(connection, found.domain, _algorithm(ed25519))
        if key is None:
            return _publish(_generate(instance, found, _algorithm(ed25519), ""), syntax, as_json)
        seen = _look(instance, [key], by_resolver)[0]
        if seen.seen is Seen.PUBLISHED:
            return _switch(instance, key, timedelta(days=keep_days), as_json)
        return _not_yet(key, seen, syntax, as_json)


def _switch(instance: App, key: DkimKey, keep: timedelta, as_json: bool) -> int:
    with instance.store.write() as connection:
        life.current(connection, instance.keys, key.domain)  # one from before has to have a life to end
        before = life.begin_signing(connection, key, instance.now(), keep)
    until = instance.now() + keep
    if as_json:
        tell(
            {
                "signing": key.selector,
                "retired": before.selector if before else None,
                "keep_until": _time(until),
            }
        )
        return Exit.CLEAN
    typer.echo(f"{key.selector} signs for {key.domain} from now on (workers follow within a minute).")
    if before:
        typer.echo(f"Leave {before.name} published until {until:%Y-%m-%d}, then:")
        typer.echo(f"homing keys revoke {key.domain} {before.selector}")
    return Exit.CLEAN


def _not_yet(key: DkimKey, seen: Look, syntax: Syntax, as_json: bool) -> int:
    if as_json:
        tell({"waiting": key.selector, "keys": [_plain(key, seen)]})
    else:
        typer.echo(told([seen]))
        typer.echo(written(seen.wanted, syntax.value))
        typer.echo(f"{key.selector} does not sign yet: not every name server has it.", err=True)
    return Exit.COULD_NOT_TELL if seen.seen is Seen.COULD_NOT_ASK else Exit.FINDINGS


@app.command("list")
@exits
def show(as_json: Json = False) -> int:
    """Every key: its domain, selector, kind, state, and until when it has to stay published."""
    with opened() as instance, instance.store.write() as connection:
        for each in all_sending_domains(connection):
            life.current(connection, instance.keys, each.domain)
        found = all_keys(connection)
    if as_json:
        tell({"keys": [_plain(key) for key in found]})
        return Exit.CLEAN
    heading = ["DOMAIN", "SELECTOR", "KIND", "STATE", "MADE", "SEEN", "KEEP UNTIL"]
    typer.echo(columns([heading, *map(_row, found)]) if found else "There is no key yet.")
    return Exit.CLEAN


@app.command("publish-check")
@exits
def publish_check(domain: Name, by_resolver: ByResolver = False, as_json: Json = False) -> int:
    """Whether all name servers have each of the domain's keys, exactly.

    Exit codes: 0 they have; 1 one is absent or differs; 3 a server could not be asked.
    """
    with opened() as instance:
        found = known(instance, domain)
        with instance.store.write() as connection:
            life.current(connection, instance.keys, found.domain)
            states = (KeyState.MADE, KeyState.SIGNING, KeyState.RETIRED)
            keys = keys_of(connection, found.domain, states)
        if not keys:
            raise Problem(f"{found.domain} has no key. Make one: homing keys generate {found.domain}")
        looks = _look(instance, keys, by_resolver)
    if as_json:
        tell(
            {
                "domain": found.domain,
                "keys": [_plain(key, seen) for key, seen in zip(keys, looks, strict=True)],
            }
        )
    else:
        typer.echo(told(looks))
    states_seen = {seen.seen for seen in looks}
    if states_seen & {Seen.ABSENT, Seen.DIFFERS}:
        return Exit.FINDINGS
    return Exit.COULD_NOT_TELL if Seen.COULD_NOT_ASK in states_seen else Exit.CLEAN


@app.command("second")
@exits
def second(
    domain: Name,
    on: Annotated[bool, typer.Option("--on/--off", help="Switch it.")],
    by_resolver: ByResolver = False,
    as_json: Json = False,
) -> int:
    """Sign with Ed25519 beside RSA, or stop that. Off by default: few receivers read it."""
    with opened() as instance:
        found = known(instance, domain)
        if on:
            _ed25519_signs(instance, found, by_resolver)
        with instance.store.write() as connection:
            sign_twice(connection, found.domain, on=on)
    if as_json:
        tell({"domain": found.domain, "second_signature": on})
    else:
        typer.echo(f"{found.domain}: the second signature is {'on' if on else 'off'}.")
    return Exit.CLEAN


def _ed25519_signs(instance: App, domain: SendingDomain, by_resolver: bool) -> None:
    """Raises Problem unless there is an Ed25519 key that all name servers have."""
    with instance.store.read() as connection:
        made = keys_of(connection, domain.domain, [KeyState.SIGNING, KeyState.MADE])
    keys = [key for key in made if key.algorithm is Algorithm.ED25519]
    if not keys:
        raise Problem(f"there is no Ed25519 key. Make one: homing keys generate {domain.domain} --ed25519")
    if _look(instance, keys[-1:], by_resolver)[0].seen is not Seen.PUBLISHED:
        raise Problem(
            f"not every name server has {keys[-1].name} yet: homing keys publish-check {domain.domain}"
        )
    with instance.store.write() as connection:
        life.begin_signing(connection, keys[-1], instance.now())


@app.command("revoke")
@exits
def revoke(
    domain: Name,
    selector: Annotated[
        str, typer.Argument(metavar="SELECTOR", help="The retired key's.", show_default=False)
    ],
    early: Annotated[
        bool, typer.Option("--early", help="Although mail that it signed is under way.")
    ] = False,
    syntax: Syntaxes = Syntax.BIND,
    as_json: Json = False,
) -> int:
    """Destroy a retired key, and say how its record becomes one that revokes it."""
    with opened() as instance:
        found = known(instance, domain)
        try:
            with instance.store.write() as connection:
                key = life.revoke(connection, found.domain, selector, instance.now(), early=early)
        except life.NoKey as fault:
            raise Problem(str(fault)) from None
    record = Wanted("DKIM", key.name, "TXT", "v=DKIM1; p=", judges.revoked, before=key.record)
    if as_json:
        tell({"revoked": key.selector, "name": key.name, "value": record.value})
    else:
        typer.echo(written(record, syntax.value))
    return Exit.CLEAN


def _generate(instance: App, domain: SendingDomain, algorithm: Algorithm, selector: str) -> DkimKey:
    try:
        with instance.store.write() as connection:
            return life.generate(
                connection, instance.keys, domain.domain, algorithm, instance.now(), selector
            )
    except life.NoKey as fault:
        raise Problem(str(fault)) from None


def _publish(key: DkimKey, syntax: Syntax, as_json: bool) -> int:
    if as_json:
        tell({"publish": key.selector, "keys": [_plain(key)]})
        return Exit.CLEAN
    typer.echo(written(_wanted(key), syntax.value))
    again = " --ed25519" if key.algorithm is Algorithm.ED25519 else ""
    typer.echo(f"\nPublish it, then: homing keys rotate {key.domain}{again}", err=True)
    return Exit.CLEAN


def _look(instance: App, keys: Any, by_resolver: bool) -> list[Look]:
    with open_senses(instance.config) as senses:
        world = senses.world(instance.now(), fresh=True)
        looks = look([_wanted(key) for key in keys], world, by_resolver=by_resolver)
    with instance.store.write() as connection:
        for key, seen in zip(keys, looks, strict=True):
            if seen.seen is Seen.PUBLISHED:
                change_key(connection, key.domain, key.selector, seen_at=world.now)
    return looks


def _wanted(key: DkimKey) -> Wanted:
    return Wanted("DKIM", key.name, "TXT", key.record, judges.same_key(key.record))


def _algorithm(ed25519: bool) -> Algorithm:
    return Algorithm.ED25519 if ed25519 else Algorithm.RSA


def _row(key: DkimKey) -> list[str]:
    days = [f"{moment:%Y-%m-%d}" if moment else "" for moment in (key.made_at, key.seen_at, key.keep_until)]
    return [key.domain, key.selector, key.algorithm, key.state, *days]


def _plain(key: DkimKey, seen: Look | None = None) -> dict[str, Any]:
    times = ("made_at", "seen_at", "signing_at", "retired_at", "keep_until", "revoked_at")
    values: dict[str, Any] = {name: getattr(key, name) for name in ("domain", "selector", "name", "record")}
    values |= {"kind": key.algorithm.value, "state": key.state.value}
    values |= {name: _time(getattr(key, name)) for name in times}
    if seen is not None:
        servers = [
            {"server": word.server, "state": word.seen.value, "said": word.said} for word in seen.words
        ]
        values |= {"published": seen.seen.value, "servers": servers}
    return values


def _time(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


run = functools.partial(run_typer, app, "keys")
