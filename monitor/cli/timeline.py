"""`homing timeline`: what happened that may matter to mail, on one axis."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from monitor.app import open_app
from monitor.causes.happenings import Happening, timeline
from monitor.cli import options
from monitor.cli.changing import utc
from monitor.cli.shell import single
from monitor.cli.tables import told
from monitor.config.schema import read_span
from monitor.problem import Problem

EXAMPLES = """
homing timeline
homing timeline --since 7d --domain example.com --json
"""


def show(
    since: Annotated[str, typer.Option("--since", metavar="SPAN", help="How far back: 6h, 2d …")] = "3d",
    domain: Annotated[
        str | None, typer.Option("--domain", help="What concerns it, and what concerns all.")
    ] = None,
    as_json: options.Json = False,
) -> int:
    """Record changes, listings, spikes, campaigns, imports, steps in volume and placement, the newest
    first.
    """
    try:
        span = read_span(since)
    except ValueError as error:
        raise Problem(f"--since: {error}.") from error
    with open_app() as instance, instance.store.read() as connection:
        now = instance.now()
        found = timeline(connection, now - span, now + timedelta(seconds=1), domain)
    lines = [_line(each) for each in found] or [f"Nothing happened within {since} that may matter to mail."]
    return told({"happenings": [_json(each) for each in found]}, as_json, "\n".join(lines))


def _line(each: Happening) -> str:
    about = " ".join(dict.fromkeys(part for part in (each.domain, each.provider, each.subject) if part))
    return f"{utc(each.at)}  {each.kind.value:18}  {about}: {each.sentence}"


def _json(each: Happening) -> dict[str, Any]:
    return {
        "at": each.at.isoformat(), "since": each.since.isoformat() if each.since else None,
        "kind": each.kind.value, "domain": each.domain, "provider": each.provider,
        "subject": each.subject, "sentence": each.sentence, "incident": each.incident,
    }  # fmt: skip


run = single("timeline", show, EXAMPLES)
