"""The examination of one resolver: everything asked at once, then judged."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from checks import resolver as honesty
from checks.blocklists.zone import Zone
from checks.check import Level
from checks.doctor import egress, lists, validation
from checks.evidence import evidence_of, why_of
from checks.model import Finding, Severity, State
from checks.ports import Answer, Dns, Question

ROOT = Question("", "NS")

LEVELS: dict[str, Level] = {
    "DOC-001": Severity.CRITICAL,
    "DOC-002": Severity.MEDIUM,
    "DOC-003": Severity.LOW,
    "DOC-004": Severity.LOW,
    "DOC-005": Severity.LOW,
    **honesty.CHECK.codes,
}


def examine(dns: Dns, nameserver: str, zones: Sequence[Zone], now: datetime) -> Iterator[Finding]:
    """DOC-001 … DOC-005 and RES-007 about the one server behind `dns`; `zones` are the lists to try."""
    invented = [Question(name, "A") for name in honesty.impossible_names(now)]
    wanted = [ROOT, *egress.MIRRORS, *validation.QUESTIONS, *invented, *lists.questions(zones)]
    answers = dict(zip(wanted, dns.ask_all(wanted), strict=True))
    reached = any(answer.ok for answer in answers.values())
    yield _answers(nameserver, answers[ROOT], reached=reached)
    if not reached:
        return
    yield from egress.examine(dns, nameserver, [answers[question] for question in egress.MIRRORS])
    yield validation.judge(nameserver, [answers[question] for question in validation.QUESTIONS])
    yield honesty.judge([answers[question] for question in invented])
    yield from lists.judge(zones, answers)


def _answers(nameserver: str, root: Answer, *, reached: bool) -> Finding:
    """Whoever answers anything is there; whoever does not know the root recurses for some zones only."""
    seen = (evidence_of(root),)
    if root.records:
        return Finding("DOC-001", State.PASS, nameserver, {}, seen)
    fault = "does not know the root, so it answers for some zones only" if reached else why_of(root)
    return Finding("DOC-001", State.WARN if reached else State.FAIL, nameserver, {"fault": fault}, seen)
