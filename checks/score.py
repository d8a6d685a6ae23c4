"""A number beside the verdict, never instead of it."""

from collections.abc import Iterable

from checks.model import Finding, Profile, Severity, State
from checks.profiles import severity
from checks.verdict import is_blind

PENALTY = {
    Severity.CRITICAL: 3.0,
    Severity.HIGH: 1.5,
    Severity.MEDIUM: 0.5,
    Severity.LOW: 0.1,
    Severity.INFO: 0.0,
}
"""Points off, once for each code however many subjects it has."""

DECIDING = ("SPF-", "DKIM-", "DMARC-", "RDNS-")
BEST = 10.0


def score(findings: Iterable[Finding], profile: Profile) -> float | None:
    """0.0 to 10.0, one decimal; None while a failed look-up leaves something open that would weigh."""
    found = list(findings)
    if any(is_blind(finding, profile) and finding.code.startswith(DECIDING) for finding in found):
        return None
    worst: dict[str, float] = {}
    for finding in found:
        if finding.state in (State.WARN, State.FAIL):
            points = PENALTY[severity(finding, profile)]
            worst[finding.code] = max(points, worst.get(finding.code, 0.0))
    return round(max(0.0, BEST - sum(worst.values())), 1)
