"""The options that commands share, each said once; `Manner` holds those that all checks take."""

import dataclasses
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

import typer

from checks.model import Profile, Severity
from checks.verdict import Unknowns
from monitor.problem import Problem


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
Timing = Annotated[bool, typer.Option("--timing", help="Say on stderr which look-ups the time went to.")]
All = Annotated[bool, typer.Option("--all", help="Also list what is in order.")]


@dataclass(frozen=True)
class Manner:
    """How a check asks, judges and tells: what every command that checks something takes."""

    nameserver: Nameservers = None
    timeout: Timeout = 5.0
    profile: Profiles = Profile.BULK
    fail_on: FailOn = Severity.HIGH
    unknown: Unknown = Unknowns.WARN
    at: At = ""
    as_json: Json = False
    as_sarif: Sarif = False
    timing: Timing = False
    jsonl: Jsonl = False
    skip: Skip = 0

    def __post_init__(self) -> None:
        """Raises Problem for options that exclude each other."""
        if self.jsonl and (self.as_json or self.as_sarif):
            other = "--json" if self.as_json else "--sarif"
            raise Problem(
                f"--jsonl answers each line with a line, {other} is one document: give one of them."
            )


def checking(function: Callable[..., int]) -> Callable[..., int]:
    """`function(…, manner)` as a command that takes the options of `Manner` beside its own."""
    fields = {field.name: field.default for field in dataclasses.fields(Manner)}
    hints = get_type_hints(Manner, include_extras=True)
    own = [each for each in inspect.signature(function).parameters.values() if each.name != "manner"]

    @functools.wraps(function)
    def command(**given: Any) -> int:
        manner = Manner(**{name: given.pop(name) for name in fields})
        return function(**given, manner=manner)

    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[name])
        for name, default in fields.items()
    ]
    command.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in (*own, *shared)}
    return command


def moment(text: str) -> datetime:
    """`--at`: an ISO 8601 time, UTC unless it says otherwise; now for "". Raises Problem."""
    if not text:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise Problem(f"“{text}” is no ISO 8601 time, such as 2026-11-23T09:00Z.") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)
