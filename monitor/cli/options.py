"""The options that commands share, each said once."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from checks.model import Profile, Severity
from checks.verdict import Unknowns


class Syntax(StrEnum):
    """What `--fix` takes: the keys of `checks.fixes.SYNTAXES`."""

    BIND = "bind"
    ROUTE53 = "route53"
    CLOUDFLARE = "cloudflare"
    TERRAFORM = "terraform"
    OCTODNS = "octodns"


Nameservers = Annotated[
    list[str] | None,
    typer.Option(
        "--nameserver", metavar="HOST[:PORT]", help="Ask this resolver; repeatable. Default: your system's."
    ),
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0.1, max=600, help="Seconds for the look-ups of one domain.")
]
Ips = Annotated[
    list[str] | None, typer.Option("--ip", metavar="IP", help="An address that mail leaves from; repeatable.")
]
Profiles = Annotated[Profile, typer.Option("--profile", help="What kind of sender it is; weighs findings.")]
FailOn = Annotated[
    Severity, typer.Option("--fail-on", help="Exit with 1 for findings of this severity and above.")
]
Unknown = Annotated[
    Unknowns,
    typer.Option(
        "--unknown", help="What an unanswered question does: exit 1 (fail), 3 (warn) or 0 (ignore)."
    ),
]
At = Annotated[
    str,
    typer.Option("--at", metavar="TIME", help="Judge as of this ISO 8601 time, such as 2026-11-23T09:00Z."),
]
Fix = Annotated[
    Syntax | None, typer.Option("--fix", help="Also print the records to publish, in this syntax.")
]
Sarif = Annotated[bool, typer.Option("--sarif", help="Print one SARIF 2.1.0 document.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Jsonl = Annotated[
    bool,
    typer.Option("--jsonl", help="Read JSON objects from stdin, one a line, and answer each with a line."),
]

Skip = Annotated[
    int, typer.Option("--skip", min=0, help="With --jsonl: lines at the top that are done already.")
]


def moment(text: str) -> datetime:
    """`--at`: an ISO 8601 time, UTC unless it says otherwise; now for "". Raises BadParameter."""
    if not text:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is no ISO 8601 time, such as 2026-11-23T09:00Z.") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)
