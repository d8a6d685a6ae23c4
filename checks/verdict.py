"""From findings to a decision: the worst that was found, and which of the five exits a command takes."""

from collections.abc import Iterable
from enum import StrEnum

from checks.catalog import BUG
from checks.model import Finding, Profile, Severity, State
from checks.profiles import severity


class Unknowns(StrEnum):
    """What an unanswered question about the domain's own records does to the exit code."""

    FAIL = "fail"
    WARN = "warn"
    IGNORE = "ignore"


class Verdict(StrEnum):
    """What a command concludes, in the order of precedence that `decide` documents."""

    CLEAN = "clean"
    FINDINGS = "findings"
    COULD_NOT_TELL = "could-not-tell"
    BUG = "bug"


def is_fault(finding: Finding) -> bool:
    """Whether something was found to be wrong (as opposed to fine, not applicable or unanswered)."""
    return finding.state in (State.WARN, State.FAIL)


def is_blind(finding: Finding, profile: Profile) -> bool:
    """Whether a question that matters could not be answered; unknowns of severity `INFO` are notes."""
    return finding.state is State.UNKNOWN and severity(finding, profile) is not Severity.INFO


def worst(findings: Iterable[Finding], profile: Profile) -> Severity | None:
    """The worst severity among the faults; None when nothing is wrong."""
    faults = (severity(finding, profile) for finding in findings if is_fault(finding))
    return min(faults, key=lambda found: found.rank, default=None)


def decide(
    findings: Iterable[Finding],
    profile: Profile,
    fail_on: Severity = Severity.HIGH,
    unknown: Unknowns = Unknowns.WARN,
) -> Verdict:
    """A bug of ours outranks all; then findings win over unanswered questions; then clean."""
    found = tuple(findings)
    if any(finding.code == BUG for finding in found):
        return Verdict.BUG
    blind = any(is_blind(finding, profile) for finding in found)
    top = worst(found, profile)
    if (top is not None and top.at_least(fail_on)) or (blind and unknown is Unknowns.FAIL):
        return Verdict.FINDINGS
    if blind and unknown is Unknowns.WARN:
        return Verdict.COULD_NOT_TELL
    return Verdict.CLEAN
