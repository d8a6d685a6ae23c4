"""What people read: worst first, many alike as one, and nothing that strangers wrote is obeyed."""

import io
from datetime import UTC, datetime

from rich.console import Console

from checks.model import Finding, Report, Scope, SendingIp, State, Target
from monitor.reports.document import document
from monitor.reports.families import families
from monitor.reports.text import show

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TARGET = Target("example.com", (SendingIp("192.0.2.25"),))


def shown(*findings: Finding, everything: bool = False) -> str:
    out = io.StringIO()
    report = Report(TARGET, Scope.AUDIT, NOW, findings)
    show(report, Console(file=out, width=100), everything=everything)
    return out.getvalue()


def ptr(state: State, subject: str = "192.0.2.25", **args: str) -> Finding:
    return Finding("RDNS-001", state, subject, args)


def test_the_worst_family_comes_first_and_the_quiet_ones_are_one_line() -> None:
    mild = Finding("RDNS-009", State.WARN, "x", {})
    text = shown(Finding("MX-001", State.PASS, "example.com"), mild, Finding("BL-001", State.FAIL, "x", {}))
    assert text.index("Blocklists") < text.index("Reverse DNS") < text.index("In order: MX (1)")
    assert "1 critical, 1 low" in text


def test_the_same_fault_of_many_subjects_is_told_once() -> None:
    text = shown(*(ptr(State.FAIL, f"192.0.2.{n}", name="x") for n in (1, 2, 3)))
    assert text.count("has no PTR record") == 1
    assert "The same for 192.0.2.2, 192.0.2.3." in text


def test_what_could_not_be_told_is_shown_with_its_reason() -> None:
    text = shown(ptr(State.UNKNOWN, why="no answer in 3 tries"))
    assert "could not tell" in text
    assert "no answer in 3 tries" in text


def test_many_open_questions_are_one_line() -> None:
    many = [Finding("BL-001", State.UNKNOWN, f"192.0.2.{n}", {"why": "timeout"}) for n in range(20)]
    text = shown(*many)
    assert "20 questions could not be answered: timeout (20)" in text


def test_a_list_that_fails_its_test_is_told_once_and_not_for_each_address() -> None:
    """JSON and the store keep every subject; people need one line."""
    args = {"why": "empty", "list": "GBUdb"}
    untested = {**args, "result": "the list fails its self-test"}
    about = [Finding("BL-004", State.UNKNOWN, f"192.0.2.{n} @ gbudb", untested) for n in range(9)]
    text = shown(*about, Finding("BL-009", State.UNKNOWN, "gbudb", args))
    assert text.count("(empty)") == 1
    assert "BL-009" in text


def test_a_hostile_name_neither_colours_nor_moves_the_terminal() -> None:
    text = shown(
        Finding("RDNS-004", State.WARN, "192.0.2.25", {"name": "[red]x[/red]\x1b[2J", "because": "y"})
    )
    assert "[red]x[/red]\\x1b[2J" in text
    assert "\x1b" not in text


def test_families_are_stable_and_keep_the_order_of_their_faults() -> None:
    found = [Finding("MX-001", State.PASS, "a"), ptr(State.FAIL), ptr(State.PASS, "192.0.2.26")]
    first, second = families(found, TARGET.profile)
    assert (first.title, second.title) == ("Reverse DNS and HELO", "MX")
    assert [len(first.faults), len(first.fine)] == [1, 1]


def test_the_document_holds_lists_and_no_tuples() -> None:
    finding = Finding("RDNS-003", State.WARN, "192.0.2.25", {"confirmed": ("a", "b"), "more": {"x": (1,)}})
    said = document(Report(TARGET, Scope.AUDIT, NOW, (finding,)))
    assert said["findings"][0]["args"] == {"confirmed": ["a", "b"], "more": {"x": [1]}}
    assert said["findings"][0]["severity"] == "low"
    assert said["verdict"] == "clean"
    assert said["worst"] == "low"
