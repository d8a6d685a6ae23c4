"""Instants and spans in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboards.pieces.when import ago, at, since, span

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=3, minutes=5), "3 h 5 min"),
        (timedelta(days=2, hours=4), "2 d 4 h"),
        (timedelta(days=90), "90 d"),
    ],
)
def test_a_span_has_at_most_two_units(length: timedelta, words: str) -> None:
    assert span(length) == words


def test_the_clock_is_the_readers() -> None:
    assert at(NOW, NOW, BERLIN) == "13:00"
    assert since(NOW - timedelta(hours=1), NOW, BERLIN) == "since 12:00 (1 h)"


def test_the_day_is_said_where_it_is_not_today() -> None:
    assert at(NOW - timedelta(days=2), NOW, UTC) == "21 Nov 12:00"
    assert at(NOW - timedelta(days=400), NOW, UTC) == "19 Oct 2025"


def test_past_and_future_read_differently() -> None:
    assert ago(NOW, NOW) == "just now"
    assert ago(NOW - timedelta(minutes=5), NOW) == "5 min ago"
    assert ago(NOW + timedelta(minutes=5), NOW) == "in 5 min"
