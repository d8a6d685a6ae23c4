"""`homing server add|set|test|list|show|pause|resume|member|remove`: the ways that mail leaves."""

import functools
from pathlib import Path
from typing import Annotated

import typer

from data import pools, servers
from data.lists import find_list
from data.pools import Member
from monitor.app import App, open_app
from monitor.cli.main import Exit
from monitor.cli.options import Json
from monitor.cli.servers.given import check_name, made_of, pairs
from monitor.cli.servers.secret import secret_from
from monitor.cli.shell import application, exits, run_typer
from monitor.cli.tables import told
from monitor.problem import Problem
from monitor.servers import keeping, telling
from monitor.servers.presets import PRESETS
from monitor.servers.trying import try_server
from sender.delivery.outcome import Result

EXAMPLES = """
homing server add mta --preset postfix
homing server add ses --kind ses --set region=eu-west-1 --set access_key=AKIA… --secret-file ses.key
homing server add pm --kind postmark --secret-env POSTMARK_TOKEN --set per_day=50000
homing server test ses --to ann@example.com
homing server add everything --kind pool
homing server member everything ses --weight 3
homing server list --json
"""

app = application("The servers that mail leaves through.", EXAMPLES)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The server's name.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting; repeatable.")
]
SecretFile = Annotated[
    Path | None, typer.Option("--secret-file", help="A file with the key or password; - is stdin.")
]
SecretEnv = Annotated[str, typer.Option("--secret-env", metavar="NAME", help="A variable that holds it.")]


@app.command()
@exits
def add(
    name: Name,
    kind: Annotated[str, typer.Option("--kind", help=f"One of: {', '.join(keeping.KINDS)}.")] = "",
    preset: Annotated[str, typer.Option("--preset", help=f"One of: {', '.join(PRESETS)}.")] = "",
    settings: Settings = None,
    secret_file: SecretFile = None,
    secret_env: SecretEnv = "",
    as_json: Json = False,
) -> int:
    """Add a server. Its key is sealed in the store and never shown again."""
    check_name(name)
    kind, given = made_of(kind, preset, settings or [])
    with open_app() as instance:
        with instance.store.read() as connection:
            if servers.find_server(connection, name):
                raise Problem(f"there is a server “{name}” already. `homing server set {name}` changes it.")
        keeping.checked(kind, given)
        wanted = keeping.wants_secret(kind, given)
        secret = secret_from(secret_file, secret_env, wanted=wanted, what=name)
        keeping.keep(instance, name, kind, given, secret)
        return _show(instance, name, as_json)


@app.command("set")
@exits
def change(
    name: Name,
    settings: Settings = None,
    unset: Annotated[list[str] | None, typer.Option("--unset", metavar="KEY", help="Take one back.")] = None,
    secret_file: SecretFile = None,
    secret_env: SecretEnv = "",
    as_json: Json = False,
) -> int:
    """Change settings or the key. One that had stopped goes on."""
    with open_app() as instance:
        with instance.store.read() as connection:
            server = keeping.named(connection, name)
        secret = secret_from(secret_file, secret_env, wanted=False, what=name)
        kept = {key: value for key, value in server.settings.items() if key not in (unset or [])}
        keeping.keep(instance, name, server.kind, {**kept, **pairs(settings or [])}, secret)
        return _show(instance, name, as_json)


@app.command("list")
@exits
def list_servers(as_json: Json = False) -> int:
    """All servers, how they stand and why."""
    with open_app() as instance:
        found = telling.documents(instance)
    nothing = "There is no server. `homing server add NAME --preset local` adds one."
    return told({"servers": found}, as_json, "\n".join(map(telling.line, found)) or nothing)


@app.command()
@exits
def show(name: Name, as_json: Json = False) -> int:
    """One server: its settings, its quotas, and what it cannot do."""
    with open_app() as instance:
        return _show(instance, name, as_json)


@app.command("test")
@exits
def try_one(
    name: Name,
    to: Annotated[str, typer.Option("--to", help="Also send a line to this address of your own.")] = "",
    sender: Annotated[str, typer.Option("--from", help="Its From address; default: the same.")] = "",
    as_json: Json = False,
) -> int:
    """Connect, verify TLS, log in, and say what it found and what the server cannot do."""
    with open_app() as instance:
        with instance.store.read() as connection:
            server = keeping.named(connection, name)
        tried = try_server(instance, server, to, sender)
    sent = tried.sent
    document = {
        "server": name,
        "works": tried.works,
        "said": tried.said,
        "facts": list(tried.facts),
        "cannot": list(tried.limits),
        "sent": {"result": sent.result.value, "code": sent.code, "text": sent.text} if sent else None,
    }
    lines = [f"{name} works." if tried.works else f"{name} does not work: {tried.said}"]
    lines += [f"  {sentence}" for sentence in (*tried.facts, *tried.limits)]
    if sent:
        lines.append(f"  the message to {to} was {sent.result.value}: {sent.text}")
    told(document, as_json, "\n".join(lines))
    good = tried.works and (sent is None or sent.result is Result.ACCEPTED)
    return Exit.CLEAN if good else Exit.FINDINGS


@app.command()
@exits
def pause(
    name: Name,
    why: Annotated[str, typer.Option("--why", help="Kept, and shown.")] = "paused by a person",
    as_json: Json = False,
) -> int:
    """Send nothing through it until it is resumed; spares take over."""
    with open_app() as instance:
        with instance.store.write() as connection:
            servers.pause(connection, keeping.named(connection, name).id, why, instance.now())
        return _show(instance, name, as_json)


@app.command()
@exits
def resume(name: Name, as_json: Json = False) -> int:
    """Go on with one that was paused or had stopped."""
    with open_app() as instance:
        with instance.store.write() as connection:
            servers.resume(connection, keeping.named(connection, name).id, instance.now())
        return _show(instance, name, as_json)


@app.command()
@exits
def member(
    name: Name,
    server: Annotated[str, typer.Argument(metavar="SERVER", help="Who sends for it.")],
    weight: Annotated[int, typer.Option("--weight", min=1, max=1_000, help="Its share among equals.")] = 1,
    provider: Annotated[str, typer.Option("--provider", help="Only for these mailboxes: gmail …")] = "",
    audience: Annotated[str, typer.Option("--list", help="Only for this list.")] = "",
    spare: Annotated[bool, typer.Option("--spare", help="Only while the others cannot.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="It sends for it no more.")] = False,
    as_json: Json = False,
) -> int:
    """Let a server send for a pool, or stand in for another server."""
    with open_app() as instance:
        with instance.store.write() as connection:
            pool, other = keeping.named(connection, name), keeping.named(connection, server)
            if other.kind == servers.POOL or pool.id == other.id:
                raise Problem(
                    f"“{server}” cannot send for “{name}”: a member is another server, and no pool."
                )
            if remove:
                if not pools.remove_member(connection, pool.id, other.id):
                    raise Problem(f"“{server}” does not send for “{name}”.")
            else:
                if pool.kind != servers.POOL and not spare:
                    raise Problem(f"“{name}” is no pool: it can have spares only (--spare).")
                found = find_list(connection, audience) if audience else None
                if audience and found is None:
                    raise Problem(f"there is no list “{audience}”.")
                list_id = found.id if found else None
                pools.add_member(
                    connection, Member(pool.id, other.id, weight, provider.lower(), list_id, spare)
                )
        return _show(instance, name, as_json)


@app.command()
@exits
def remove(name: Name) -> int:
    """Forget a server and its key; not while a campaign names it."""
    with open_app() as instance:
        keeping.remove(instance, name)
    typer.echo(f"{name} is forgotten, and so is its key.")
    return Exit.CLEAN


def _show(instance: App, name: str, as_json: bool) -> int:
    with instance.store.read() as connection:
        keeping.named(connection, name)
    (document,) = telling.documents(instance, name)
    return told(document, as_json, telling.page(document))


run = functools.partial(run_typer, app, "server")
