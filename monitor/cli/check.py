"""`homing check DOMAIN…`: audit sending domains."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

import typer

from checks.model import Profile, Report, Severity, State
from checks.verdict import Unknowns, Verdict, decide
from monitor.cli import options
from monitor.cli.asking import Asking, asking
from monitor.cli.auditing import Asked, Audited, asked, of_line, run_audit, run_audits
from monitor.cli.lines import answer_lines
from monitor.cli.main import Exit, complain, say
from monitor.cli.shell import single
from monitor.problem import Problem
from monitor.reports.document import document
from monitor.reports.sarif import sarif
from monitor.reports.timing import timing as timing_of

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
    fix: options.Fix = None,
    everything: Annotated[bool, typer.Option("--all", help="Also list what is in order.")] = False,
    timing: Annotated[
        bool, typer.Option("--timing", help="Say on stderr which look-ups the time went to.")
    ] = False,
    as_json: options.Json = False,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Print one SARIF 2.1.0 document.")] = False,
    jsonl: options.Jsonl = False,
    skip: options.Skip = 0,
) -> int:
    """Audit sending domains: SPF, DKIM, DMARC, reverse DNS, blocklists, MX, TLS and more.

    Without --ip the sending addresses are the single addresses of the SPF record and the MX hosts. Exit
    codes: 0 in order, 1 findings, 2 usage, 3 a question could not be answered, 4 a fault of Homing.
    """
    now = options.moment(at)
    with asking(nameserver or (), timeout) as world:
        if jsonl:
            return answer_lines(lambda line: _line(of_line(line, profile), world, now, fix), skip=skip)
        if not domains:
            raise Problem("no domain was given. Try `homing check example.com`.")
        several = [asked(domain, ip or (), selector or (), helo or (), profile, only) for domain in domains]
        done = run_audits(several, world, now)
        told = _Told(Threshold(fail_on, unknown), timing)
        _print(told.each(done), len(several), Output(as_json, as_sarif, everything, fix or ""))
        if told.blind:
            servers = ", ".join(world.servers)
            complain(f"homing: no answer from {servers}, so nothing could be told. Try --nameserver.", 0)
    return next(code for code in GRAVEST if code in told.codes)


@dataclass(frozen=True)
class Output:
    """How the reports are printed; text where nothing else is asked for."""

    as_json: bool
    as_sarif: bool
    everything: bool
    syntax: str


@dataclass
class _Told:
    """Hands reports on as they come, and keeps what the end of the command needs to know of them."""

    threshold: Threshold
    timing: bool
    codes: set[Exit] = field(default_factory=set)
    blind: bool = True

    def each(self, done: Iterable[Audited]) -> Iterator[Report]:
        for audited in done:
            self.codes.add(self.threshold.code(audited.report))
            self.blind = self.blind and _blind(audited.report)
            if self.timing:
                complain(timing_of(audited.report.target.domain, audited.trace), 0)
            yield audited.report


def _line(one: Asked, world: Asking, now: datetime, fix: options.Syntax | None) -> Mapping[str, Any]:
    return document(run_audit(one, world, now).report, fix or "")


def _print(reports: Iterable[Report], several: int, output: Output) -> None:
    """Data to stdout, as it comes where the format allows."""
    if output.as_sarif:
        say(json.dumps(sarif(list(reports)), ensure_ascii=False, indent=2))
    elif output.as_json:
        _print_json(reports, several, output.syntax)
    else:
        _show(reports, output)


def _print_json(reports: Iterable[Report], several: int, syntax: str) -> None:
    """One document, or a list of them that is written while the audits go on."""
    for place, report in enumerate(reports):
        text = json.dumps(document(report, syntax), ensure_ascii=False, indent=2)
        if several == 1:
            say(text)
            return
        say(f"{'[' if place == 0 else ','}{text}{']' if place == several - 1 else ''}")


def _show(reports: Iterable[Report], output: Output) -> None:
    from rich.console import Console

    from monitor.reports.text import show

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    for report in reports:
        show(report, console, everything=output.everything, syntax=output.syntax)
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
    homing check example.com --fix bind
    homing check --jsonl < domains.jsonl > reports.jsonl""",
)
