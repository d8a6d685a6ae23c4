"""DMARC of a domain: the policy that applies, what it covers, and whether its reports arrive."""

from collections.abc import Callable, Iterator, Mapping

from checks.check import DECISIVE, Check
from checks.dmarc import rules_policy as policy
from checks.dmarc import rules_record as record
from checks.dmarc import rules_reports as reports
from checks.dmarc.look import Look, look
from checks.dmarc.walk import Found
from checks.model import Finding, Severity, State, Target
from checks.ports import World

Rule = Callable[[Look], Iterator[Finding]]

RULES: Mapping[str, Rule] = {
    "DMARC-001": record.policy,
    "DMARC-002": record.several,
    "DMARC-003": record.version,
    "DMARC-004": record.policy_tags,
    "DMARC-005": record.ignored,
    "DMARC-006": record.removed,
    "DMARC-007": record.testing,
    "DMARC-008": record.psd,
    "DMARC-009": policy.nonexistent,
    "DMARC-010": policy.owners_below,
    "DMARC-011": policy.idle_sp,
    "DMARC-012": policy.weaker_below,
    "DMARC-013": reports.wanted,
    "DMARC-014": reports.consent,
    "DMARC-015": reports.reachable,
    "DMARC-016": record.failure_options,
    "DMARC-017": policy.journey,
    "DMARC-018": record.strays,
    "DMARC-019": record.apex,
    "DMARC-020": record.alias,
    "DMARC-021": record.order,
    "DMARC-022": policy.disagreement,
    "DMARC-023": policy.unanswered,
    "DMARC-024": policy.strict,
    "DMARC-025": policy.holes,
}

OF_A_POLICY = frozenset(
    {"DMARC-007", "DMARC-009", "DMARC-010", "DMARC-011", "DMARC-012", "DMARC-013", "DMARC-014", "DMARC-015"}
    | {"DMARC-024", "DMARC-025"}
)
"""Rules that hold only where a policy applies; without one there is nothing for them to speak of."""

OF_A_WALK = OF_A_POLICY | {"DMARC-002", "DMARC-022"}
"""Rules that hold only where every level of the walk answered."""

OF_A_RECORD = frozenset({"DMARC-004", "DMARC-005", "DMARC-006", "DMARC-008", "DMARC-016", "DMARC-021"})
"""Rules that hold only where the domain has a record of its own."""


def check(target: Target, world: World) -> Iterator[Finding]:
    """All DMARC rules; subject is the domain, the subdomain with the hole, or where reports go."""
    seen = look(target, world)
    for code, rule in RULES.items():
        found = list(rule(seen))
        yield from found
        if not found and _examined(code, seen):
            yield seen.finding(code, State.PASS, at=seen.tree.level if code in OF_A_POLICY else None)


def _examined(code: str, seen: Look) -> bool:
    """Whether a rule that found nothing had something to look at, so that it holds."""
    if code == "DMARC-017" or seen.start.found is Found.FAILED:
        return False
    if seen.walk.failed and code in OF_A_WALK:
        return False
    if code in OF_A_POLICY:
        return seen.record is not None
    if code in OF_A_RECORD:
        return seen.start.record is not None
    return True


CHECK = Check(
    name="dmarc",
    run=check,
    cites="RFC 9989, RFC 9990, RFC 7489",
    scopes=DECISIVE,
    codes={
        "DMARC-001": Severity.CRITICAL,
        "DMARC-002": Severity.CRITICAL,
        "DMARC-003": Severity.CRITICAL,
        "DMARC-004": Severity.HIGH,
        "DMARC-005": {State.FAIL: Severity.MEDIUM, State.WARN: Severity.INFO},
        "DMARC-006": Severity.LOW,
        "DMARC-007": Severity.MEDIUM,
        "DMARC-008": Severity.HIGH,
        "DMARC-009": Severity.INFO,
        "DMARC-010": Severity.INFO,
        "DMARC-011": Severity.LOW,
        "DMARC-012": Severity.MEDIUM,
        "DMARC-013": Severity.MEDIUM,
        "DMARC-014": Severity.HIGH,
        "DMARC-015": {State.FAIL: Severity.HIGH, State.WARN: Severity.LOW},
        "DMARC-016": Severity.LOW,
        "DMARC-017": Severity.INFO,
        "DMARC-018": Severity.LOW,
        "DMARC-019": Severity.LOW,
        "DMARC-020": Severity.HIGH,
        "DMARC-021": Severity.INFO,
        "DMARC-022": Severity.HIGH,
        "DMARC-023": Severity.HIGH,
        "DMARC-024": {State.WARN: Severity.HIGH, State.UNKNOWN: Severity.INFO},
        "DMARC-025": Severity.MEDIUM,
    },
)
