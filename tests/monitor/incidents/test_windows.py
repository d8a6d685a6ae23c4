"""Maintenance windows: by the wall clock of a place, over night, and on both days on which clocks jump."""

import itertools
from datetime import UTC, datetime, time

import pytest

from monitor.config.schema import Maintenance
from monitor.incidents.windows import in_window, open_windows

BERLIN = "Europe/Berlin"


def window(begins: str, ends: str, zone: str = "UTC", *days: str) -> Maintenance:
    more = {"days": days} if days else {}
    return Maintenance(name="w", begins=begins, ends=ends, zone=zone, **more)  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T01:59", False),
        ("2026-11-23T02:00", True),
        ("2026-11-23T03:59", True),
        ("2026-11-23T04:00", False),
    ],
)
def test_it_begins_and_ends_on_the_minute(moment: str, is_open: bool) -> None:
    assert in_window(window("02:00", "04:00"), utc(moment)) is is_open


def test_one_over_night_belongs_to_the_day_on_which_it_begins() -> None:
    saturday = window("23:00", "01:00", "UTC", "sat")
    assert in_window(saturday, utc("2026-11-28T23:30")), "Saturday evening"
    assert in_window(saturday, utc("2026-11-29T00:30")), "and the night to Sunday"
    assert not in_window(saturday, utc("2026-11-28T00:30")), "not the night to Saturday"
    assert not in_window(saturday, utc("2026-11-29T23:30"))


def test_it_goes_by_the_clock_on_the_wall_of_its_place() -> None:
    assert in_window(window("02:00", "04:00", BERLIN), utc("2026-11-23T01:30"))
    assert in_window(window("02:00", "04:00", BERLIN), utc("2026-07-23T00:30")), "in summer an hour earlier"
    assert in_window(window("02:00", "04:00", "Asia/Seoul"), utc("2026-11-22T17:30"))


@pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Seoul", "UTC"])
def test_on_both_days_on_which_clocks_jump_it_opens_once_and_ends(zone: str) -> None:
    """Spring and autumn in both hemispheres: a window of the small hours is one span, half an hour to
    three long.
    """
    for day in ("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"):
        start = utc(f"{day}T00:00").timestamp() - 14 * 3600
        states = [
            in_window(window("01:30", "03:30", zone), datetime.fromtimestamp(start + 600 * step, UTC))
            for step in range(6 * 26)
        ]
        edges = sum(a != b for a, b in itertools.pairwise(states))
        assert edges in (2, 3), (zone, day)
        assert 3 <= sum(states) <= 2 * 18


def test_only_open_ones_count_and_they_say_what_they_cover() -> None:
    night = Maintenance(name="n", begins=time(2), ends=time(4), domain="*.example.com")
    noon = Maintenance(name="d", begins=time(12), ends=time(13))
    assert open_windows([night, noon], utc("2026-11-23T02:30")) == [
        {"domain": "*.example.com", "code": "*", "subject": "*"}
    ]
