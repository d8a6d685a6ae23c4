"""`homing check DOMAIN…`: audit sending domains."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from checks.audit import audit
from checks.catalog import UnknownCheckError, chosen
from checks.model import Profile, Report, Scope, SendingIp, Severity, State, Target
from checks.verdict import Unknowns, Verdict, decide
from monitor.cli import options
from monitor.cli.asking import Asking, address_of, asking, domain_of
from monitor.cli.main import Exit, complain, say
from monitor.cli.shell import single
from monitor.problem import Problem
from monitor.reports.document import document

EXITS = {
    Verdict.CLEAN: Exit.CLEAN,
    Verdict.FINDINGS: Exit.FINDINGS,
    Verdict.COULD_NOT_TELL: Exit.COULD_NOT_TELL,
    Verdict.BUG: Exit.BUG,
}
GRAVEST = (Exit.BUG, Exit.FINDINGS, Exit.COULD_NOT_TELL, Exit.CLEAN)
"""Which exit code wins when several domains are checked."""


@dataclass(frozen=True)
class Threshold:
    """When a report is a failure."""

    fail_on: Severity
    unknown: Unknowns

    def code(self, report: Report) -> Exit:
        return EXITS[decide(report.findings, report.target.profile, self.fail_on, self.unknown)]


def check(
    domains: Annotated[
        list[str] | None, typer.Argument(metavar="DOMAIN…", help="The sending domains.", show_default=False)
    ] = None,
    ip: options.Ips = None,
    selector: Annotated[
        list[str] | None,
        typer.Option("--selector", metavar="NAME", help="A DKIM selector in use; repeatable."),
    ] = None,
    helo: Annotated[
        list[str] | None,
        typer.Option("--helo", metavar="HOST", help="What the server says in HELO; repeatable."),
    ] = None,
    only: Annotated[
        str, typer.Option("--only", metavar="CHECKS", help="Only these checks, such as spf,dkim.")
    ] = "",
    nameserver: options.Nameservers = None,
    timeout: options.Timeout = 5.0,
    profile: options.Profiles = Profile.BULK,
    fail_on: options.FailOn = Severity.HIGH,
    unknown: options.Unknown = Unknowns.WARN,
    at: options.At = "",
    everything: Annotated[bool, typer.Option("--all", help="Also list what is in order.")] = False,
    as_json: options.Json = False,
) -> int:
    """Audit sending domains: SPF, DKIM, DMARC, reverse DNS, blocklists, MX, TLS and more.

    Without --ip the sending addresses are the single addresses of the SPF record and the MX hosts. Exit
    codes: 0 in order, 1 findings, 2 usage, 3 a question could not be answered, 4 a fault of Homing.
    """
    if not domains:
        raise Problem("no domain was given. Try `homing check example.com`.")
    names = [name for name in only.replace(" ", "").split(",") if name]
    _known(names)
    targets = [
        Target(
            domain_of(domain),
            tuple(SendingIp(address_of(text)) for text in ip or ()),
            tuple(domain_of(text) for text in selector or ()),
            tuple(text.strip() for text in helo or ()),
            profile,
        )
        for domain in domains
    ]
    with asking(nameserver or (), timeout) as world:
        reports = list(_reports(targets, world, options.moment(at), names))
        _print(reports, world, as_json=as_json, everything=everything)
    threshold = Threshold(fail_on, unknown)
    codes = {threshold.code(report) for report in reports}
    return next(code for code in GRAVEST if code in codes)


def _known(names: Sequence[str]) -> None:
    """Raises Problem for a check that does not exist."""
    try:
        chosen(Scope.AUDIT, names)
    except UnknownCheckError as error:
        raise Problem(str(error)) from None


def _reports(
    targets: Sequence[Target], world: Asking, now: datetime, only: Sequence[str]
) -> Iterator[Report]:
    for target in targets:
        yield audit(target, world.world(now), Scope.AUDIT, only)


def _print(reports: Sequence[Report], world: Asking, *, as_json: bool, everything: bool) -> None:
    """Data to stdout; what went wrong with the asking to stderr."""
    if as_json:
        documents = [document(report) for report in reports]
        say(json.dumps(documents[0] if len(documents) == 1 else documents, ensure_ascii=False, indent=2))
    else:
        _show(reports, everything=everything)
    if all(_blind(report) for report in reports):
        servers = ", ".join(world.servers)
        complain(f"homing: no answer from {servers}, so nothing could be told. Try --nameserver.", 0)


def _show(reports: Sequence[Report], *, everything: bool) -> None:
    from rich.console import Console

    from monitor.reports.text import show

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    for report in reports:
        show(report, console, everything=everything)
    sys.stdout.flush()


def _blind(report: Report) -> bool:
    """Whether not one question about the domain was answered."""
    told = (State.PASS, State.WARN, State.FAIL)
    return bool(report.findings) and not any(finding.state in told for finding in report.findings)


run = single(
    "check",
    check,
    """homing check example.com
    homing check example.com --ip 192.0.2.25 --selector s1 --helo mail.example.com
    homing check example.com example.org --only spf,dkim,dmarc --json
    homing check example.com --fail-on medium --unknown fail""",
)
