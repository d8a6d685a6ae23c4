"""`homing warmup start|show|pause|resume|stop`: let a young server grow, one mailbox provider at a time."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from data import warmups
from data.servers import all_servers, find_server
from data.warmups import EVERYBODY, Day, Warmup, WarmupState
from monitor.app import open_app
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from sender.delivery.providers import OTHER, PROVIDERS
from sender.delivery.warming import begin, today
from sender.delivery.warmup import PLANS, days_for

EXAMPLES = """
homing warmup start out
homing warmup start out --provider gmail --plan google
homing warmup show out --json
homing warmup stop out
"""

app = application("Let a young server grow, one mailbox provider at a time.", EXAMPLES)

ServerName = Annotated[str, typer.Argument(metavar="SERVER", help="One of `homing server list`.")]
Providers = Annotated[
    list[str] | None,
    typer.Option("--provider", help="One mailbox provider; repeatable. All of them if left out."),
]
EVERY_ONE: Sequence[str | None] = (None,)
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@app.command("start")
@exits
def start(
    server: ServerName,
    provider: Providers = None,
    plan: Annotated[str, typer.Option(help=f"One of {', '.join(PLANS)}. Default: by provider.")] = "",
    day: Annotated[int, typer.Option(min=1, help="The day of the plan to begin with.")] = 1,
) -> int:
    """Limit what the server may send each day, and let that grow while receivers are content."""
    if plan and plan not in PLANS:
        raise Problem(f"there is no plan “{plan}”. There are: {', '.join(PLANS)}.")
    if plan and day > len(PLANS[plan].days):
        raise Problem(f"the plan “{plan}” has {len(PLANS[plan].days)} days.")
    with open_app() as instance, instance.store.write() as connection:
        _known_server(connection, server)
        for each in _known_providers(provider):
            begin(connection, server, each, plan, instance.now(), day - 1)
    typer.echo(f"{server} warms up. `homing warmup show {server}` tells how it goes.")
    return Exit.CLEAN


@app.command("show")
@exits
def show(
    server: Annotated[str, typer.Argument(metavar="[SERVER]", help="All servers if left out.")] = "",
    as_json: Json = False,
) -> int:
    """Today's allowance for each provider, how the days went, and when what waits will be through."""
    with open_app() as instance, instance.store.write() as connection:
        now = instance.now()
        if server:
            _known_server(connection, server)
        found = warmups.all_warmups(connection, server)
        current = [each if each.provider == EVERYBODY else today(connection, each, now) for each in found]
        shown = [_shown(connection, each) for each in current]
    if as_json:
        document = {"schema_version": 1, "warmups": [one.told for one in shown]}
        typer.echo(json.dumps(document, ensure_ascii=False))
    else:
        typer.echo("\n".join(line for one in shown for line in one.lines) or "Nothing is being warmed up.")
    return Exit.CLEAN


@app.command("pause")
@exits
def pause(server: ServerName, provider: Providers = None) -> int:
    """Keep today's limit for every day to come: nothing grows until it is resumed."""
    return _change(server, provider, (WarmupState.RUNNING,), WarmupState.PAUSED)


@app.command("resume")
@exits
def resume(server: ServerName, provider: Providers = None) -> int:
    """Let a warm-up grow again that was paused, or that a listing froze."""
    return _change(server, provider, (WarmupState.PAUSED, WarmupState.FROZEN), WarmupState.RUNNING)


@app.command("stop")
@exits
def stop(server: ServerName, provider: Providers = None) -> int:
    """End the warm-up: the server's daily limits for its providers are gone."""
    with open_app() as instance, instance.store.write() as connection:
        _known_server(connection, server)
        ended = sum(warmups.end(connection, server, each) for each in provider or EVERY_ONE)
    if not ended:
        raise Problem(f"{server} is not being warmed up there.")
    typer.echo(f"{server} has no warm-up any more" + (f" at {', '.join(provider)}." if provider else "."))
    return Exit.CLEAN


def _change(
    server: str, providers: Sequence[str] | None, sources: Sequence[WarmupState], state: WarmupState
) -> int:
    with open_app() as instance, instance.store.write() as connection:
        _known_server(connection, server)
        chosen = [
            each
            for each in warmups.all_warmups(connection, server)
            if each.state in sources and (providers is None or each.provider in providers)
        ]
        for each in chosen:
            warmups.save(connection, replace(each, state=state, reason=""))
    if not chosen:
        raise Problem(
            f"nothing of {server} is {' or '.join(sources)} there. See `homing warmup show {server}`."
        )
    typer.echo(f"{server}: {', '.join(each.provider or 'all others' for each in chosen)}: {state}.")
    return Exit.CLEAN


def _known_server(connection: Connection, name: str) -> None:
    if find_server(connection, name) is None:
        known = ", ".join(each.name for each in all_servers(connection)) or "none"
        raise Problem(f"there is no sending server “{name}”. There are: {known}.")


def _known_providers(given: Sequence[str] | None) -> Sequence[str]:
    known = [provider.key for provider in (*PROVIDERS, OTHER)]
    if strange := [each for each in given or () if each not in known]:
        raise Problem(f"there is no provider “{strange[0]}”. There are: {', '.join(known)}.")
    return given or [EVERYBODY]


@dataclass(frozen=True, slots=True)
class Shown:
    """A warm-up for people and for programs."""

    lines: Sequence[str]
    told: Mapping[str, Any]


def _shown(connection: Connection, one: Warmup) -> Shown:
    if one.provider == EVERYBODY:
        line = f"{one.egress}: a provider's warm-up begins with its first message"
        return Shown([line], {"server": one.egress, "provider": None, "state": one.state, "plan": one.plan})
    days, waiting = warmups.days(connection, one.id), warmups.waiting(connection, one.egress, one.provider)
    more = days_for(PLANS[one.plan], one.step, max(0, one.allowance - one.taken), waiting)
    total = len(PLANS[one.plan].days)
    head = f"{one.egress} at {one.provider}: {one.state}, day {one.step + 1} of {total} ({one.plan})"
    used = f", {one.taken:,} of {one.allowance:,} today" if one.state is not WarmupState.DONE else ""
    why = f"; {one.reason}" if one.reason else ""
    wait = f"; {waiting:,} wait, through in {more} more day{'s' * (more != 1)} of sending" if waiting else ""
    return Shown([head + used + why + wait, *map(_line, days)], _told(one, days, waiting, more))


def _line(day: Day) -> str:
    went = f"{day.accepted:,} accepted, {day.deferred} deferred, {day.hard} unknown, {day.blocked} blocked"
    why = f" ({day.reason})" if day.reason else ""
    return f"  {day.day:%Y-%m-%d}  {day.taken:>7,} of {day.allowance:>7,}  {went}: {day.verdict}{why}"


def _told(one: Warmup, days: Sequence[Day], waiting: int, more: int) -> Mapping[str, Any]:
    return {
        "server": one.egress,
        "provider": one.provider,
        "state": one.state,
        "plan": one.plan,
        "day": one.step + 1,
        "allowance": one.allowance,
        "taken": one.taken,
        "reason": one.reason,
        "waiting": waiting,
        "days_until_through": more,
        "days": [
            {name: getattr(day, name) for name in Day.__dataclass_fields__} | {"day": f"{day.day:%Y-%m-%d}"}
            for day in days
        ],
    }


run = functools.partial(run_typer, app, "warmup")
