"""`homing history`: what each record of a domain says, since when, and what changed in it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

import typer

from checks.records.model import Kind
from data import history
from data.history import Span
from monitor.app import open_app
from monitor.changes import Changed, as_json, changed, text_of
from monitor.cli import options
from monitor.cli.changing import Domain, change_lines, must_be_watched, utc
from monitor.cli.shell import single
from monitor.cli.tables import told

EXAMPLES = """
homing history example.com
homing history example.com --kind spf --json
"""


def show_history(
    domain: Domain,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only records of this kind.")] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="How far back changes are told.")] = 90,
    as_document: options.Json = False,
) -> int:
    """What each record of a domain says, since when, and every change of the last days.

    An outage of DNS is no change: a record that could not be looked up stays as it was last seen.
    """
    with open_app() as instance, instance.store.read() as connection:
        now = instance.now()
        must_be_watched(connection, domain)
        spans = history.standing_at(connection, domain, now)
        turns = history.turns(connection, now - timedelta(days=days), now + timedelta(seconds=1), domain)
    spans = [span for span in spans if kind in (None, span.record.kind)]
    changes = [change for change in changed(turns) if kind in (None, change.kind)]
    document = {
        "domain": domain,
        "records": [_record(span) for span in spans],
        "changes": [as_json(change) for change in changes],
    }
    return told(document, as_document, "\n".join(_lines(domain, spans, changes, days)))


def _record(span: Span) -> dict[str, Any]:
    record = span.record
    return {
        "kind": record.kind.value, "subject": record.subject, "raw": list(record.raw),
        "value": record.value,
        "first_seen": span.first_seen.isoformat(), "last_seen": span.last_seen.isoformat(),
        "looks": span.looks,
    }  # fmt: skip


def _lines(domain: str, spans: Sequence[Span], changes: Sequence[Changed], days: int) -> list[str]:
    if not spans:
        return [f"{domain} was not looked at yet. `homing up` does; its history begins then."]
    lines = [f"{domain}: its records as last seen"]
    for span in spans:
        record = span.record
        lines.append(f"  {record.kind.value:11} {record.subject}  since {utc(span.first_seen)}")
        lines.append(f"  {'':11} {text_of(record)}")
    lines += ["", f"Changes in the last {days} days:" if changes else f"No change in the last {days} days."]
    return lines + [line for change in changes for line in change_lines(change)]


run = single("history", show_history, EXAMPLES)
