"""`homing campaign test` and `homing send-test`: a letter to oneself, and what the server said of it."""

import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from data.campaigns import Campaign
from data.panels.replies import Logged, recipients_log
from data.states import OPEN
from monitor.app import App
from monitor.campaigns.progress import Follower
from monitor.cli.campaigns.following import NOBODY
from monitor.cli.campaigns.making import From, Server, author
from monitor.cli.campaigns.shared import Json, Name, app, opened, tell
from monitor.cli.main import Exit
from monitor.cli.shell import exits, single
from monitor.problem import Problem
from sender.campaigns.start import named
from sender.campaigns.trial import Letter, send_campaign, send_letter

POLL_SECONDS = 0.2
To = Annotated[list[str], typer.Option("--to", metavar="ADDRESS", help="An address of your own; repeatable.")]
Fields = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A merge value for it; repeatable.")
]
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for the server's reply.")]


@app.command("test")
@exits
def to_oneself(name: Name, to: To, fields: Fields = None, wait: Wait = 30.0, as_json: Json = False) -> int:
    """Send the campaign's letter to addresses of your own, exactly as everybody would get it."""
    values = _values(fields or ())
    with opened() as instance:
        like = named(instance.store, name)
        sent = send_campaign(instance.store, like, to, instance.now(), values)
        return _tell(sent, _await(instance, sent, wait), as_json)


def send_test(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="The template.", show_default=False)],
    to: To,
    sender: From,
    server: Server = "",
    fields: Fields = None,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> int:
    """Send a template to addresses of your own (`homing own add`), and show what the server said.

    Exit codes: 0 accepted, 1 refused, 3 no reply yet.
    """
    from_name, from_address = author(sender)
    letter = Letter(template, from_address, from_name, server)
    values = _values(fields or ())
    with opened() as instance:
        sent = send_letter(instance.store, letter, to, instance.now(), values)
        return _tell(sent, _await(instance, sent, wait), as_json)


def _values(fields: Sequence[str]) -> dict[str, Any]:
    """Raises Problem."""
    pairs = [text.partition("=") for text in fields]
    if wrong := [name for name, equals, _ in pairs if not (name and equals)]:
        raise Problem(f"--set takes FIELD=VALUE, not “{wrong[0]}”.")
    return {name: value for name, _, value in pairs}


def _await(instance: App, sent: Campaign, seconds: float) -> Sequence[Logged]:
    """The rows, once each has its reply or the patience is over."""
    follower = Follower(instance, sent.id)
    until = time.monotonic() + seconds
    while (seen := follower.look()).open and time.monotonic() < until:
        if not seen.worker:
            typer.echo(NOBODY, err=True)
            break
        time.sleep(POLL_SECONDS)
    with instance.store.read() as connection:
        return recipients_log(connection, sent.id).rows


def _tell(sent: Campaign, rows: Sequence[Logged], as_json: bool) -> int:
    if as_json:
        told = [
            {"address": row.address, "state": row.state, "code": row.code, "reply": row.reply} for row in rows
        ]
        tell({"campaign": sent.name, "recipients": told})
    else:
        for row in rows:
            typer.echo(
                f"{row.address}: {row.state} {' '.join(f'{row.code or str()} {row.reply}'.split())}".rstrip()
            )
    states = {row.state for row in rows}
    if states & {"failed", "skipped"}:
        return Exit.FINDINGS
    return Exit.COULD_NOT_TELL if states & {*OPEN, "unknown"} else Exit.CLEAN


run = single(
    "send-test",
    send_test,
    """homing own add ann@example.com
    homing send-test letter --to ann@example.com --from "Ann <news@example.com>"
    homing send-test letter --to ann@example.com --from news@example.com --set first_name=Ann --json""",
)
