"""The exit code is a pure function of findings, profile and two options."""

from checks import catalog
from checks.check import Level, graded
from checks.model import Finding, Profile, Severity, State
from checks.verdict import Unknowns, Verdict, decide, worst


def found(code: str, state: State) -> Finding:
    return Finding(code, state, "example.com")


def verdict(
    *findings: Finding, fail_on: Severity = Severity.HIGH, unknown: Unknowns = Unknowns.WARN
) -> Verdict:
    return decide(findings, Profile.BULK, fail_on, unknown)


TWO_GRADES: Level = {State.FAIL: Severity.HIGH, State.WARN: Severity.LOW}


def test_a_rule_may_have_two_grades_and_an_ungraded_state_weighs_as_the_worst() -> None:
    assert graded(TWO_GRADES, State.WARN) is Severity.LOW
    assert graded(TWO_GRADES, State.UNKNOWN) is Severity.HIGH
    assert graded(Severity.CRITICAL, State.PASS) is Severity.INFO


def test_nothing_wrong_is_clean() -> None:
    assert verdict() is Verdict.CLEAN
    assert verdict(found("RDNS-001", State.PASS), found("RDNS-001", State.NOT_APPLICABLE)) is Verdict.CLEAN
    assert worst([found("RDNS-001", State.PASS)], Profile.BULK) is None


def test_only_faults_at_or_above_the_threshold_count() -> None:
    warn = found("DKIM-005", State.WARN)
    assert verdict(warn) is Verdict.CLEAN
    assert verdict(warn, fail_on=Severity.MEDIUM) is Verdict.FINDINGS
    assert verdict(found("RDNS-004", State.WARN)) is Verdict.FINDINGS
    assert verdict(found("RDNS-004", State.WARN), fail_on=Severity.CRITICAL) is Verdict.CLEAN


def test_a_profile_changes_the_weight_and_never_the_fact() -> None:
    """The address of a parked domain's web server needs no name; a bulk sender's does."""
    nameless = [found("RDNS-001", State.FAIL)]
    assert decide(nameless, Profile.BULK) is Verdict.FINDINGS
    assert decide(nameless, Profile.PARKED) is Verdict.CLEAN
    assert worst(nameless, Profile.PARKED) is Severity.INFO


def test_could_not_tell_is_its_own_exit_and_findings_win_over_it() -> None:
    blind = found("RDNS-001", State.UNKNOWN)
    assert verdict(blind) is Verdict.COULD_NOT_TELL
    assert verdict(blind, unknown=Unknowns.FAIL) is Verdict.FINDINGS
    assert verdict(blind, unknown=Unknowns.IGNORE) is Verdict.CLEAN
    assert verdict(blind, found("DKIM-005", State.FAIL)) is Verdict.FINDINGS


def test_an_unknown_that_is_only_a_note_changes_nothing() -> None:
    """A refused blocklist or a missed guess is not the domain's fault."""
    assert verdict(found("BL-008", State.UNKNOWN)) is Verdict.CLEAN
    assert verdict(found("BL-008", State.UNKNOWN), unknown=Unknowns.FAIL) is Verdict.CLEAN


def test_our_own_bug_outranks_everything() -> None:
    assert verdict(found("RDNS-001", State.FAIL), found(catalog.BUG, State.UNKNOWN)) is Verdict.BUG
