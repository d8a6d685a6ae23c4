"""Telling the reports of audits: to stdout in the wanted form, and to the shell as an exit code."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checks.model import Report, Severity, State
from checks.verdict import Unknowns, Verdict, decide
from monitor.cli import options
from monitor.cli.asking import Asking
from monitor.cli.auditing import Asked, Audited, run_audit, run_audits
from monitor.cli.lines import answer_lines, time_of
from monitor.cli.main import Exit, complain, gravest, say
from monitor.cli.options import Manner
from monitor.reports.document import document
from monitor.reports.sarif import sarif
from monitor.reports.timing import timing as timing_of

EXITS = {
    Verdict.CLEAN: Exit.CLEAN,
    Verdict.FINDINGS: Exit.FINDINGS,
    Verdict.COULD_NOT_TELL: Exit.COULD_NOT_TELL,
    Verdict.BUG: Exit.BUG,
}


@dataclass(frozen=True)
class Threshold:
    """When a report is a failure."""

    fail_on: Severity
    unknown: Unknowns

    @classmethod
    def of(cls, manner: Manner) -> "Threshold":
        return cls(manner.fail_on, manner.unknown)

    def code(self, report: Report) -> Exit:
        return EXITS[decide(report.findings, report.target.profile, self.fail_on, self.unknown)]


@dataclass(frozen=True)
class Output:
    """How the reports are printed; text where nothing else is asked for."""

    as_json: bool
    as_sarif: bool
    everything: bool
    syntax: str


@dataclass
class Told:
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
                complain(timing_of(audited.report.target.name, audited.trace), 0)
            yield audited.report


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


def tell_lines(
    asked: Callable[[Mapping[str, Any]], Asked], world: Asking, manner: Manner, *, syntax: str = ""
) -> int:
    """`--jsonl`: audit what each line asks for, and answer it with its report."""
    told, now = Told(Threshold.of(manner), manner.timing), options.moment(manner.at)

    def answer(line: Mapping[str, Any]) -> Mapping[str, Any]:
        (report,) = told.each([run_audit(asked(line), world, time_of(line, now))])
        return document(report, syntax)

    return answer_lines(answer, skip=manner.skip, codes=told.codes)


def _blind(report: Report) -> bool:
    """Whether questions about the domain were left open, and not one was answered."""
    states = {finding.state for finding in report.findings}
    return State.UNKNOWN in states and not states & {State.PASS, State.WARN, State.FAIL}


def tell(
    several: Sequence[Asked], world: Asking, manner: Manner, *, everything: bool = False, syntax: str = ""
) -> Exit:
    """Run the audits, print their reports as they come, and return the exit code of the gravest."""
    told = Told(Threshold.of(manner), manner.timing)
    output = Output(manner.as_json, manner.as_sarif, everything, syntax)
    _print(told.each(run_audits(several, world, options.moment(manner.at))), len(several), output)
    if told.blind:
        servers = ", ".join(world.servers)
        complain(f"homing: no answer from {servers}, so nothing could be told. Try --nameserver.", 0)
    return gravest(told.codes)
