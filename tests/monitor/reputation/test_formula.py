"""The formula: monotone in each input, never better for not knowing, and documented as it is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.reputation.formula import INPUTS, MOST_UNKNOWN, Known, scored

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BEST = {each.name: Known(each.curve[0][0], NOON, "test", 1_000) for each in INPUTS}
DOCS = Path(__file__).resolve().parents[3] / "docs" / "reputation.md"
VALUES = st.floats(0, 4, allow_nan=False)


def test_a_sender_without_a_fault_has_a_hundred_and_one_with_all_has_nothing() -> None:
    assert scored(BEST).score == 100
    assert scored({each.name: Known(each.curve[-1][0], NOON, "test") for each in INPUTS}).score == 0


@given(st.sampled_from(INPUTS), VALUES, VALUES)
def test_more_of_a_fault_never_makes_it_better(each: object, one: float, other: float) -> None:
    name = each.name  # type: ignore[attr-defined]
    less, more = sorted((one, other))
    a, b = (scored(BEST | {name: Known(value, NOON, "test")}).score for value in (less, more))
    assert a is not None
    assert b is not None
    assert b <= a


@given(st.dictionaries(st.sampled_from([each.name for each in INPUTS]), VALUES), st.sampled_from(INPUTS))
def test_not_knowing_never_makes_the_worst_case_better(values: dict[str, float], each: object) -> None:
    known = BEST | {name: Known(value, NOON, "test") for name, value in values.items()}
    blind = {name: value for name, value in known.items() if name != each.name}  # type: ignore[attr-defined]
    assert scored(blind).low <= scored(known).low


def test_with_too_much_unknown_there_is_no_score() -> None:
    total = sum(each.weight for each in INPUTS)
    known = dict(BEST)
    for each in sorted(INPUTS, key=lambda one: one.weight):
        unknown = 1 - sum(one.weight for one in INPUTS if one.name in known) / total
        assert (scored(known).score is None) is (unknown > MOST_UNKNOWN)
        del known[each.name]
    assert scored({}).score is None


@pytest.mark.parametrize("each", INPUTS, ids=lambda each: each.name)
def test_the_page_has_the_formula_as_it_is(each: object) -> None:
    curve = ", ".join(f"{value:g} → {cost:g}" for value, cost in each.curve)  # type: ignore[attr-defined]
    line = f"| {each.name} | {each.weight:g} | {curve} | {each.says} |"  # type: ignore[attr-defined]
    assert line in DOCS.read_text()
