"""What the commands of campaigns share: their application, their options, their faults as sentences."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from monitor.app import App, open_app
from monitor.cli.shell import application
from monitor.problem import Problem
from sender.campaigns.lifecycle import NotNow
from sender.campaigns.start import Unfit

EXAMPLES = """
homing campaign create spring --list news --template letter --from "Ann <ann@example.com>" --server relay
homing campaign test spring --to ann@example.com
homing campaign start spring --follow
homing campaign start spring --at 2026-12-01T09:00Z
homing campaign status spring
homing campaign recipients spring --state failed
homing campaign resend spring --failed
"""
app = application("Make campaigns, send them, and see what became of them.", EXAMPLES)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@contextmanager
def opened() -> Iterator[App]:
    """The instance; what cannot be done with a campaign becomes a sentence. Raises Problem."""
    try:
        with open_app() as instance:
            yield instance
    except (Unfit, NotNow) as fault:
        raise Problem(str(fault)) from fault


def tell(document: Mapping[str, Any]) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps({"schema_version": 1, **document}, ensure_ascii=False, indent=2))


def columns(rows: list[list[str]], *, right: frozenset[int] = frozenset()) -> str:
    """Rows under each other; the columns named in `right` are numbers."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.rjust(widths[at]) if at in right else cell.ljust(widths[at]) for at, cell in enumerate(row)
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
