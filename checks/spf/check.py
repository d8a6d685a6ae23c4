"""SPF of a domain: its record, the tree behind it, and what each sending address gets (RFC 7208)."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from checks.check import DECISIVE, Check
from checks.model import Finding, Severity, State, Target
from checks.ports import World
from checks.spf import rules_ranges as ranges
from checks.spf import rules_senders as senders
from checks.spf import rules_text as text
from checks.spf import rules_tree as tree
from checks.spf.look import Look, look

Rule = Callable[[Look], Iterator[Finding]]

ALWAYS: Mapping[str, Rule] = {
    "SPF-001": senders.record,
    "SPF-024": text.type99,
    "SPF-027": senders.addresses,
    "SPF-028": senders.helos,
    "SPF-029": senders.parked,
}
"""Rules that speak whether there is a record or not; they say for themselves what holds."""

TREE: Mapping[str, Rule] = {
    "SPF-002": text.several,
    "SPF-003": partial(text.faulty, "SPF-003"),
    "SPF-004": tree.terms,
    "SPF-005": tree.mx_hosts,
    "SPF-006": tree.voids,
    "SPF-007": tree.dead_includes,
    "SPF-008": tree.unanswered,
    "SPF-009": tree.loops,
    "SPF-010": text.redirect_and_all,
    "SPF-011": tree.dead_redirects,
    "SPF-012": partial(text.faulty, "SPF-012"),
    "SPF-013": text.after_all,
    "SPF-014": ranges.plus_all,
    "SPF-015": text.neutral_end,
    "SPF-016": text.strictness,
    "SPF-017": text.ptr,
    "SPF-018": partial(text.faulty, "SPF-018"),
    "SPF-019": partial(text.faulty, "SPF-019"),
    "SPF-020": ranges.wide,
    "SPF-021": ranges.senseless,
    "SPF-022": text.joined,
    "SPF-023": text.size,
    "SPF-025": tree.takeover,
    "SPF-026": ranges.removable,
    "SPF-030": tree.slow,
    "SPF-032": tree.distance,
}
"""Rules about the record and what it refers to."""

SPEAK_FOR_THEMSELVES = frozenset({"SPF-016", "SPF-026", "SPF-032"})
"""Notes: when they find nothing, there is nothing to say."""


def check(target: Target, world: World) -> Iterator[Finding]:
    """All SPF rules; subject is the domain of the record at fault, the address, or "helo @ address"."""
    seen = look(target, world)
    for rule in ALWAYS.values():
        yield from rule(seen)
    if seen.root.texts:
        yield from _judged(seen)


def _judged(seen: Look) -> Iterator[Finding]:
    """A rule that finds nothing holds, if everything could be looked at."""
    single = len(seen.root.texts) == 1
    for code, rule in TREE.items():
        if not single and code != "SPF-002":
            continue
        found = list(rule(seen))
        yield from found
        if not found and seen.whole and code not in SPEAK_FOR_THEMSELVES:
            yield seen.finding(code, State.PASS)


CHECK = Check(
    name="spf",
    run=check,
    cites="RFC 7208, RFC 8616",
    scopes=DECISIVE,
    of_addresses=True,
    codes={
        "SPF-001": Severity.HIGH,
        "SPF-002": Severity.CRITICAL,
        "SPF-003": Severity.CRITICAL,
        "SPF-004": {
            State.FAIL: Severity.CRITICAL,
            State.WARN: Severity.MEDIUM,
            State.UNKNOWN: Severity.MEDIUM,
        },
        "SPF-005": Severity.HIGH,
        "SPF-006": Severity.HIGH,
        "SPF-007": Severity.CRITICAL,
        "SPF-008": Severity.HIGH,
        "SPF-009": {State.FAIL: Severity.CRITICAL, State.WARN: Severity.LOW},
        "SPF-010": Severity.LOW,
        "SPF-011": Severity.CRITICAL,
        "SPF-012": Severity.CRITICAL,
        "SPF-013": Severity.LOW,
        "SPF-014": Severity.CRITICAL,
        "SPF-015": Severity.MEDIUM,
        "SPF-016": Severity.INFO,
        "SPF-017": Severity.MEDIUM,
        "SPF-018": Severity.HIGH,
        "SPF-019": Severity.HIGH,
        "SPF-020": {State.FAIL: Severity.CRITICAL, State.WARN: Severity.HIGH},
        "SPF-021": Severity.MEDIUM,
        "SPF-022": Severity.HIGH,
        "SPF-023": Severity.LOW,
        "SPF-024": Severity.INFO,
        "SPF-025": Severity.CRITICAL,
        "SPF-026": Severity.INFO,
        "SPF-027": Severity.CRITICAL,
        "SPF-028": Severity.LOW,
        "SPF-029": Severity.MEDIUM,
        "SPF-030": Severity.MEDIUM,
        "SPF-032": Severity.INFO,
    },
)
