"""The exit code is a pure function of findings, profile and two options."""

import pytest

from checks import catalog, profiles
from checks.check import Level, graded
from checks.model import Finding, Profile, Severity, State
from checks.verdict import Unknowns, Verdict, decide, worst

LEVELS: dict[str, Level] = {
    "X-001": Severity.CRITICAL,
    "X-002": {State.FAIL: Severity.HIGH, State.WARN: Severity.LOW},
    "X-003": {State.FAIL: Severity.MEDIUM, State.UNKNOWN: Severity.INFO},
    catalog.BUG: Severity.HIGH,
}


@pytest.fixture(autouse=True)
def levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "CODES", LEVELS)


def found(code: str, state: State) -> Finding:
    return Finding(code, state, "example.com")


def verdict(
    *findings: Finding, fail_on: Severity = Severity.HIGH, unknown: Unknowns = Unknowns.WARN
) -> Verdict:
    return decide(findings, Profile.BULK, fail_on, unknown)


def test_a_rule_may_have_two_grades_and_an_ungraded_state_weighs_as_the_worst() -> None:
    assert graded(LEVELS["X-002"], State.WARN) is Severity.LOW
    assert graded(LEVELS["X-002"], State.UNKNOWN) is Severity.HIGH
    assert graded(LEVELS["X-001"], State.PASS) is Severity.INFO


def test_nothing_wrong_is_clean() -> None:
    assert verdict() is Verdict.CLEAN
    assert verdict(found("X-001", State.PASS), found("X-001", State.NOT_APPLICABLE)) is Verdict.CLEAN
    assert worst([found("X-001", State.PASS)], Profile.BULK) is None


def test_only_faults_at_or_above_the_threshold_count() -> None:
    warn = found("X-002", State.WARN)
    assert verdict(warn) is Verdict.CLEAN
    assert verdict(warn, fail_on=Severity.LOW) is Verdict.FINDINGS
    assert verdict(found("X-002", State.FAIL)) is Verdict.FINDINGS
    assert verdict(found("X-002", State.FAIL), fail_on=Severity.CRITICAL) is Verdict.CLEAN


def test_could_not_tell_is_its_own_exit_and_findings_win_over_it() -> None:
    blind = found("X-001", State.UNKNOWN)
    assert verdict(blind) is Verdict.COULD_NOT_TELL
    assert verdict(blind, unknown=Unknowns.FAIL) is Verdict.FINDINGS
    assert verdict(blind, unknown=Unknowns.IGNORE) is Verdict.CLEAN
    assert verdict(blind, found("X-002", State.FAIL)) is Verdict.FINDINGS


def test_an_unknown_that_is_only_a_note_changes_nothing() -> None:
    """A refused blocklist or a missed guess is not the domain's fault."""
    assert verdict(found("X-003", State.UNKNOWN)) is Verdict.CLEAN
    assert verdict(found("X-003", State.UNKNOWN), unknown=Unknowns.FAIL) is Verdict.CLEAN


def test_our_own_bug_outranks_everything() -> None:
    assert verdict(found("X-001", State.FAIL), found(catalog.BUG, State.UNKNOWN)) is Verdict.BUG
