"""`homing diff`: what a domain's records mean at one moment that they did not mean at another."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer

from data import history
from data.history import Span
from monitor.app import open_app
from monitor.changes import as_json, between
from monitor.cli import options
from monitor.cli.changing import Domain, change_lines, must_be_watched, utc
from monitor.cli.main import Exit
from monitor.cli.shell import single
from monitor.cli.tables import told
from monitor.problem import Problem

EXAMPLES = """
homing diff example.com
homing diff example.com --from 2026-11-01 --to 2026-11-24T12:00Z
"""


def show_diff(
    domain: Domain,
    since: Annotated[
        str, typer.Option("--from", metavar="TIME", help="ISO 8601, UTC. Default: a week before --to.")
    ] = "",
    until: Annotated[str, typer.Option("--to", metavar="TIME", help="Default: now.")] = "",
    as_document: options.Json = False,
) -> int:
    """What a domain's records mean now that they did not mean then. Exit code 1 if anything differs."""
    with open_app() as instance, instance.store.read() as connection:
        end = options.moment(until) if until else instance.now()
        begin = options.moment(since) if since else end - timedelta(days=7)
        if begin >= end:
            raise Problem("--from lies after --to.")
        must_be_watched(connection, domain)
        before, after = (history.standing_at(connection, domain, moment) for moment in (begin, end))
    found = list(between(before, after))
    document = {
        "domain": domain, "from": begin.isoformat(), "to": end.isoformat(),
        "changes": [as_json(change) for change in found],
    }  # fmt: skip
    text = [line for change in found for line in change_lines(change)] or [_nothing(domain, before, begin)]
    told(document, as_document, "\n".join(text))
    return Exit.FINDINGS if found else Exit.CLEAN


def _nothing(domain: str, before: Sequence[Span], begin: datetime) -> str:
    if not before:
        return f"Nothing is known of {domain} at {utc(begin)}: its history begins later."
    return "Nothing changed that means anything."


run = single("diff", show_diff, EXAMPLES)
