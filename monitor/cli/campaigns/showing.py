"""`homing campaign status` and `recipients`: what became of it."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from data.panels.replies import Logged, recipients_log
from data.states import State
from monitor.campaigns.document import headline, results
from monitor.campaigns.progress import Follower
from monitor.cli.campaigns.following import follow, reply
from monitor.cli.campaigns.shared import Json, Name, app, columns, opened, tell
from monitor.cli.main import Exit
from monitor.cli.shell import exits
from sender.campaigns.start import named

COLUMNS = (
    *("audience", "waiting", "delivered", "deferred", "failed", "unknown", "skipped", "bounced_later"),
    *("opened", "machine_opened", "clicked", "machine_clicked", "unsubscribed", "complained"),
)
ALWAYS = ("audience", "delivered", "failed", "opened", "clicked", "unsubscribed")
NUMBERS = frozenset(range(1, 20))


@app.command("status")
@exits
def status(
    name: Name,
    watch: Annotated[bool, typer.Option("--follow", help="Watch it until nothing is under way.")] = False,
    as_json: Json = False,
) -> int:
    """Where it stands, in all and at each mailbox provider; people's opens apart from machines'."""
    with opened() as instance:
        campaign = named(instance.store, name)
        if watch:
            return follow(instance, campaign, as_json=as_json)
        with instance.store.read() as connection:
            document = results(connection, campaign)
        said = Follower(instance, campaign.id).look().replies
    if as_json:
        tell({"campaign": document})
        return Exit.CLEAN
    typer.echo(f"“{name}” is {headline(document)}.")
    if document["providers"]:
        typer.echo(_table(document))
    for each in said:
        typer.echo(reply(each))
    return Exit.CLEAN


def _table(document: Mapping[str, Any]) -> str:
    shown = [name for name in COLUMNS if name in ALWAYS or document["results"][name]]
    named_rows = [(told["provider"] or "(not looked up yet)", told) for told in document["providers"]]
    if len(named_rows) > 1:
        named_rows.append(("all", document["results"]))
    heading = ["provider", *(name.replace("_", " ") for name in shown)]
    rows = [[name, *(f"{told[column]:,}" for column in shown)] for name, told in named_rows]
    return columns([heading, *rows], right=NUMBERS)


@app.command("recipients")
@exits
def recipients(
    name: Name,
    state: Annotated[State | None, typer.Option("--state", help="Only those that are in this state.")] = None,
    provider: Annotated[str, typer.Option("--provider", help="Only those of this mailbox provider.")] = "",
    address: Annotated[str, typer.Option("--address", help="Only addresses that hold this text.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="How many.")] = 100,
    offset: Annotated[int, typer.Option("--offset", min=0, help="How many to pass over.")] = 0,
    as_json: Json = False,
) -> int:
    """Each recipient, its one state, and the last reply that was had for it."""
    with opened() as instance:
        campaign = named(instance.store, name)
        with instance.store.read() as connection:
            log = recipients_log(
                connection,
                campaign.id,
                state=state.value if state else None,
                provider=provider or None,
                address=address,
                offset=offset,
                limit=limit,
            )
    if as_json:
        tell({"campaign": name, "total": log.total, "recipients": [*map(_plain, log.rows)]})
        return Exit.CLEAN
    if log.rows:
        heading = ["ADDRESS", "PROVIDER", "STATE", "TRIES", "WHY", "REPLY"]
        typer.echo(columns([heading, *map(_row, log.rows)], right=frozenset({3})))
    typer.echo(f"{offset + len(log.rows):,} of {log.total:,}", err=True)
    return Exit.CLEAN


def _row(one: Logged) -> list[str]:
    words = " ".join(f"{one.code or ''} {one.reply}".split())[:120]
    return [one.address, one.provider or "-", one.state, str(one.attempts), one.category or "-", words]


def _plain(one: Logged) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in Logged.__dataclass_fields__}
    return values | {"settled_at": one.settled_at.isoformat() if one.settled_at else None}
