"""The blocklist timeline: runs of answers, and gaps in which nobody had one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from checks.model import Severity, State
from dashboards.pieces.listings import EVERYBODY, UNTESTED, bars, eventful, listing_of
from dashboards.pieces.mark import Listing
from data.panels.blocklists import Span

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=7)
HOURLY = timedelta(hours=1)
NO_ARGS: Mapping[str, Any] = {}


def _span(
    state: State,
    first: int,
    last: int,
    *,
    who: str = "192.0.2.1",
    zone: str = "zen.test",
    code: str = "BL-001",
    **args: Any,
) -> Span:
    """`first` and `last` in hours before now."""
    seen = NOW - timedelta(hours=first), NOW - timedelta(hours=last)
    return Span("shop.test", code, f"{who} @ {zone}", state, Severity.INFO, args, *seen, 3)


def _drawn(*spans: Span) -> list[tuple[Listing, int, int]]:
    hours = [(bar.listing, (NOW - bar.since) // HOURLY, (NOW - bar.until) // HOURLY) for bar in _bars(*spans)]
    return list(hours)


def _bars(*spans: Span) -> list[Any]:
    return list(bars(spans, SINCE, NOW, HOURLY))


def test_a_failed_self_test_is_no_listing_and_no_clearing() -> None:
    assert listing_of(State.UNKNOWN, {"result": UNTESTED}) is Listing.UNHEALTHY
    assert listing_of(State.UNKNOWN, {"result": "no answer"}) is Listing.UNKNOWN
    assert listing_of(State.PASS, NO_ARGS) is Listing.CLEAR
    assert listing_of(State.FAIL, NO_ARGS) is Listing.LISTED
    assert listing_of(State.WARN, NO_ARGS) is Listing.NOTED


def test_a_run_lasts_until_the_next_one_begins() -> None:
    """Between two looks an hour apart nothing is known to have changed."""
    assert _drawn(_span(State.PASS, 50, 11), _span(State.FAIL, 10, 0)) == [
        (Listing.CLEAR, 50, 10),
        (Listing.LISTED, 10, 0),
    ]


def test_a_gap_between_looks_is_unknown() -> None:
    """The list refused us for a night: that night it was neither listed nor clear."""
    assert _drawn(_span(State.PASS, 50, 40), _span(State.PASS, 20, 0)) == [
        (Listing.CLEAR, 50, 40),
        (Listing.UNKNOWN, 40, 20),
        (Listing.CLEAR, 20, 0),
    ]


def test_a_run_that_nobody_confirmed_lately_ends_where_it_was_last_seen() -> None:
    assert _drawn(_span(State.FAIL, 30, 12)) == [(Listing.LISTED, 30, 12), (Listing.UNKNOWN, 12, 0)]


def test_runs_are_cut_to_the_range() -> None:
    assert _drawn(_span(State.PASS, 24 * 90, 0)) == [(Listing.CLEAR, 24 * 7, 0)]


def test_allow_lists_and_the_lists_own_health_are_not_on_the_timeline() -> None:
    allowed = _span(State.PASS, 5, 0, code="BL-007")
    health = Span("shop.test", "BL-009", "zen.test", State.PASS, Severity.INFO, {}, SINCE, NOW, 9)

    assert _bars(allowed, health) == []


def test_quiet_rows_are_left_out_and_dark_lists_take_one_row() -> None:
    """Sixty lists by ten addresses are six hundred rows; a list that is down is one event, not ten."""
    listed = [_span(State.PASS, 9, 5), _span(State.FAIL, 4, 0)]
    dark = [
        _span(State.UNKNOWN, 9, 0, who=f"192.0.2.{n}", zone="dark.test", result=UNTESTED)
        for n in range(1, 10)
    ]
    quiet = [_span(State.PASS, 9, 0, who=f"192.0.2.{n}", zone="quiet.test") for n in range(1, 10)]
    shown = eventful(_bars(*listed, *dark, *quiet))

    assert {bar.row for bar in shown} == {("192.0.2.1", "zen.test"), (EVERYBODY, "dark.test")}
    assert sum(bar.row[0] == EVERYBODY for bar in shown) == 1
