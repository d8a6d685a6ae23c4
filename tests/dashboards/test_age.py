"""Whether the pages may speak of now."""

from datetime import UTC, datetime, timedelta

from dashboards.pieces.age import next_look, trust
from data.panels.instrument import Rhythm

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOURLY = timedelta(hours=1)
ALIVE = {"scheduler": NOW - timedelta(seconds=3), "worker": NOW - timedelta(seconds=4)}
FRESH = Rhythm(last=NOW - timedelta(minutes=10), next=NOW + timedelta(minutes=50), overdue_since=None)


def test_living_processes_and_a_recent_look_are_trusted() -> None:
    assert trust(FRESH, ALIVE, NOW, HOURLY).whole


def test_a_process_that_stopped_going_round_is_missed() -> None:
    found = trust(FRESH, {**ALIVE, "worker": NOW - timedelta(minutes=20)}, NOW, HOURLY)

    assert not found.whole
    assert "worker" in found.because
    assert found.since == NOW - timedelta(minutes=20)


def test_a_process_that_never_ran_is_named() -> None:
    assert "scheduler" in trust(FRESH, {"worker": NOW}, NOW, HOURLY).because


def test_a_look_that_nobody_runs_is_told() -> None:
    """Both live, and the queue stands still."""
    stuck = Rhythm(FRESH.last, None, overdue_since=NOW - timedelta(minutes=30))

    assert "waiting for 30 min" in trust(stuck, ALIVE, NOW, HOURLY).because


def test_an_old_last_look_is_told() -> None:
    old = Rhythm(NOW - timedelta(hours=5), None, None)

    assert "5 h ago" in trust(old, ALIVE, NOW, HOURLY).because


def test_an_instance_that_has_only_just_started_is_trusted() -> None:
    assert trust(Rhythm(None, None, None), ALIVE, NOW, HOURLY).whole


def test_the_next_look_is_reckoned_when_it_is_not_planned_yet() -> None:
    """The scheduler writes a slot when it is due, not before."""
    assert (
        next_look(Rhythm(NOW - timedelta(minutes=10), None, None), HOURLY, NOW) == "next look in about 50 min"
    )
    assert next_look(Rhythm(NOW - timedelta(hours=2), None, None), HOURLY, NOW) == "next look due"
    assert next_look(Rhythm(None, None, None), HOURLY, NOW) == "no look planned"
