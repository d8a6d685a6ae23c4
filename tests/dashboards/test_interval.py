"""Shares of few observations."""

from hypothesis import given
from hypothesis import strategies as st

from dashboards.pieces.interval import percent
from monitor.statistics import share


def test_ten_seeds_say_little() -> None:
    """The product's own table (80 % of 10, 20, 40, 100 seeds): the lower bound is what may be claimed."""
    bounds = {n: round(100 * share(n * 8 // 10, n).low) for n in (10, 20, 40, 100)}

    assert bounds == {10: 49, 20: 58, 40: 65, 100: 71}


def test_three_of_three_is_not_certain() -> None:
    assert share(3, 3).low < 0.45
    assert share(3, 3).high == 1.0


def test_nothing_observed_says_nothing() -> None:
    assert share(0, 0).value is None
    assert share(0, 0).interval == "0–100 %"
    assert percent(0, 0) == "–"


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_bounds(drawn: tuple[int, int]) -> None:
    hits, n = drawn
    found = share(hits, n)

    assert 0 <= found.low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= found.high <= 1
