"""A report for the terminal: worst first, by family, what could not be told beside what is wrong."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checks import wording
from checks.blocklists.judge import Result
from checks.model import Finding, Profile, Report, Severity, State
from checks.profiles import severity
from checks.requirements import cards
from checks.score import score
from checks.verdict import Verdict, decide
from checks.wording.table import shown
from monitor.reports.document import counts
from monitor.reports.families import Family, families
from monitor.reports.records import records

STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
MARKS = {State.FAIL: "✗", State.WARN: "!", State.UNKNOWN: "?", State.PASS: "✓", State.NOT_APPLICABLE: "–"}
VERDICTS = {
    Verdict.CLEAN: Text("in order", "bold green"),
    Verdict.FINDINGS: Text("needs work", "bold red"),
    Verdict.COULD_NOT_TELL: Text("could not tell", "bold magenta"),
    Verdict.BUG: Text("a check of Homing broke", "bold magenta"),
}
MANY = 3
"""So many open questions of one family are told one by one; more become one line."""


def show(report: Report, console: Console, *, everything: bool = False, syntax: str = "") -> None:
    """Print the report; `everything` also lists what is in order, `syntax` the records that mend it."""
    profile = report.target.profile
    console.print(_headline(report))
    console.print(_senders(report), style="dim")
    grouped = families(report.findings, profile)
    for family in grouped:
        if everything or family.faults or family.open:
            console.print(_family(family, profile, everything=everything))
    if not everything:
        _print_if(console, _rest([family for family in grouped if not family.faults and not family.open]))
    if syntax:
        console.print(_records(report, syntax))
    _print_if(console, _cards(report))


def _print_if(console: Console, text: Text) -> None:
    """Print what has something to say."""
    if text.plain.strip():
        console.print(text)


def _records(report: Report, syntax: str) -> RenderableType:
    """Unwrapped, so that they can be copied."""
    lines: list[RenderableType] = [Text("\nRecords to publish", "bold")]
    for codes, text in records(report, syntax):
        lines += [Text(f"  # {codes}", "dim"), Text(text, no_wrap=True, overflow="ignore")]
    return Group(*lines) if len(lines) > 1 else Text("\nNo finding asks for another record.", "dim")


def _headline(report: Report) -> RenderableType:
    profile = report.target.profile
    verdict = VERDICTS[decide(report.findings, profile)]
    found = ", ".join(f"{number} {level.value}" for level, number in counts(report).items())
    points = score(report.findings, profile)
    number = f"  {points:g}/10" if points is not None else ""
    return Text.assemble(
        "\n", (report.target.name, "bold"), "  ", verdict, f" ({found})" if found else "", (number, "dim")
    )


def _senders(report: Report) -> Text:
    """The addresses that were looked at, and how they became known."""
    ips = report.target.ips
    named = ", ".join(f"{sending.ip} ({shown(sending.origin)})" for sending in ips[:MANY])
    more = f" and {len(ips) - MANY} more" if len(ips) > MANY else ""
    return Text(
        f"profile {report.target.profile.value}; sends from {named or 'no address that we know'}{more}"
    )


def _family(family: Family, profile: Profile, *, everything: bool) -> RenderableType:
    lines: list[RenderableType] = [Text(f"\n{family.title}", "bold")]
    lines += _faults(family.faults, profile)
    lines += list(_open(family.open))
    if everything:
        lines += [_line(MARKS[f.state], "green", f, "") for f in family.fine]
    elif passed := _passed(family):
        lines.append(Text(f"  ✓ {passed} in order", "green"))
    return Group(*lines)


def _rest(quiet: list[Family]) -> Text:
    """The families without anything to do, in a line each for those in order and those not in use."""
    good = [f"{family.title} ({_passed(family)})" for family in quiet if _passed(family)]
    unused = [family.title for family in quiet if not _passed(family)]
    text = Text()
    if good:
        text.append(f"\n✓ In order: {', '.join(good)}", "green")
    if unused:
        text.append(f"\n– Not in use: {', '.join(unused)}", "dim")
    return text


def _passed(family: Family) -> int:
    return sum(finding.state is State.PASS for finding in family.fine)


def _faults(faults: tuple[Finding, ...], profile: Profile) -> list[RenderableType]:
    """Each kind of fault once in full; further subjects of the same kind by name."""
    alike: dict[tuple[str, State], list[Finding]] = {}
    for fault in faults:
        alike.setdefault((fault.code, fault.state), []).append(fault)
    return [_fault(found[0], found[1:], profile) for found in alike.values()]


def _fault(finding: Finding, same: list[Finding], profile: Profile) -> RenderableType:
    level = severity(finding, profile)
    also = f"The same for {', '.join(shown(other.subject) for other in same)}." if same else ""
    return _line(MARKS[finding.state], STYLES[level], finding, level.value, also)


def _line(mark: str, style: str, finding: Finding, level: str, also: str = "") -> RenderableType:
    """Mark, severity, code and sentence in columns, the fix below the sentence."""
    grid = Table.grid(padding=(0, 1))
    for width in (1, 8, 10):
        grid.add_column(width=width, no_wrap=True)
    grid.add_column()
    body = Text(wording.sentence(finding))
    if also:
        body.append(f"\n{also}")
    if remedy := wording.fix(finding):
        body.append(f"\n→ {remedy}", "italic")
    grid.add_row(Text(mark, style), Text(level, style), Text(finding.code, "bold"), body)
    return Padding(grid, (0, 0, 0, 2))


def _open(findings: tuple[Finding, ...]) -> Iterator[RenderableType]:
    """What could not be told, and why; many alike become one line, a list that fails its test one too."""
    findings = tuple(f for f in findings if f.args.get("result") != Result.UNTESTED.value)
    by_code = Counter(finding.code for finding in findings)
    if len(findings) <= MANY or len(by_code) == len(findings):
        yield from (_line("?", "magenta", finding, "unknown") for finding in findings)
        return
    reasons = Counter(shown(finding.args.get("why", "no reason given")) for finding in findings)
    why = "; ".join(f"{reason} ({number})" for reason, number in reasons.most_common(2))
    yield Text(f"  ? {len(findings)} questions could not be answered: {why}", "magenta")


def _cards(report: Report) -> Text:
    """ "Gmail 10/12": the providers' own lists, and what is still open on them."""
    line = Text("\n")
    told = [
        card for card in cards(report.findings) if any(row.state is not State.UNKNOWN for row in card.rows)
    ]
    for place, card in enumerate(told):
        failed = any(row.state is State.FAIL for row in card.rows)
        waiting = sum(row.state is State.UNKNOWN for row in card.rows)
        line.append("   " if place else "")
        line.append(card.summary, "red" if failed else "green")
        line.append(f" ({waiting} open)" if waiting else "", "dim")
    return line
