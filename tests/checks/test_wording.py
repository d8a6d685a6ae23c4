"""Sentences are part of the product, and strangers write their arguments."""

from hypothesis import given
from hypothesis import strategies as st

from checks import wording
from checks.model import Finding, State
from checks.wording.table import LONGEST, Wording, fill, shown


def test_a_value_is_never_interpreted_as_a_template() -> None:
    """A PTR name of "{subject.__class__}" is shown as it is."""
    assert (
        fill("{name} of {subject}", {"name": "{subject.__class__}", "subject": "x"})
        == "{subject.__class__} of x"
    )


def test_a_missing_argument_is_a_question_mark_and_not_a_crash() -> None:
    assert fill("{a} {b.c} {d[0]} {e!r}", {}) == "? ? ? ?"


def test_control_characters_are_shown_and_not_obeyed() -> None:
    """Terminal escapes and bidirectional overrides must not reach the reader's screen."""
    assert shown("a\x1b[31m\r\nb\u202e") == "a\\x1b[31m\\r\\nb\\u202e"


def test_lists_and_maps_read_as_text() -> None:
    assert shown(("a", 2, None, True)) == "a, 2, none, yes"
    assert shown({"v4": 3, "v6": 0.5}) == "v4 3, v6 0.5"


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=20))
def test_whatever_the_value_the_sentence_is_short_and_printable(value: object) -> None:
    text = fill("{value}", {"value": value})
    assert len(text) <= LONGEST
    assert text.isprintable()


def test_each_state_has_a_sentence_and_only_faults_have_a_fix() -> None:
    for state in State:
        finding = Finding(
            "BUG-001", state, "example.com", {"check": "spf", "error": "boom", "why": "timeout"}
        )
        assert "example.com" in wording.sentence(finding)
        assert bool(wording.fix(finding)) == (state in (State.WARN, State.FAIL, State.UNKNOWN))


def test_what_could_not_be_told_is_not_told_to_be_mended() -> None:
    """A DNS timeout must not read "publish a PTR record"."""
    args = {"why": "timeout", "name": "25.2.0.192.in-addr.arpa"}
    assert wording.fix(Finding("RDNS-001", State.UNKNOWN, "192.0.2.25", args)) == ""
    assert "Publish" in wording.fix(Finding("RDNS-001", State.FAIL, "192.0.2.25", args))


def test_wording_needs_a_title_a_sentence_and_a_fix() -> None:
    assert Wording("t", "s", "f").cites == ""
