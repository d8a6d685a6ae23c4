"""Every nominal time leaves a row: due once, or missed if nobody was there."""

import itertools
import threading
from datetime import timedelta

import pytest

from checks.model import Target
from data import slots, targets
from data.slots import SlotState
from data.targets import Origin
from monitor.home import Home
from monitor.leader import leading
from monitor.schedule import AUDIT, Grid, Schedule, Trigger, due
from tests.monitor.conftest import NOON, StillApp

HOUR = timedelta(hours=1)
GRID = Grid(timedelta(minutes=10), HOUR)


def rows(app: StillApp, domain: str = "example.com") -> list[tuple[SlotState, timedelta]]:
    with app.store.read() as connection:
        return [(slot.state, slot.due_at - NOON) for slot in reversed(slots.recent(connection, domain))]


def watch(app: StillApp, *domains: str) -> None:
    with app.store.write() as connection:
        for domain in domains:
            targets.save(connection, Target(domain), Origin.STORE, NOON)


def test_nominal_times_lie_on_a_grid_of_the_subjects_own() -> None:
    assert GRID.at_or_before(NOON) == NOON - 50 * timedelta(minutes=1)
    assert GRID.after(NOON) == NOON + 10 * timedelta(minutes=1)
    assert GRID.at_or_before(GRID.after(NOON)) == GRID.after(NOON)


def test_a_thousand_targets_do_not_ask_in_the_same_minute() -> None:
    minutes = [Grid.of(AUDIT, f"d{n}.example", HOUR).offset // timedelta(minutes=1) for n in range(1000)]

    assert max(len(list(group)) for _, group in itertools.groupby(sorted(minutes))) < 50


def test_jitter_delays_and_never_skips_or_repeats_a_nominal_time() -> None:
    trigger = Trigger(GRID, jitter=HOUR / 2)
    fired = [trigger.get_next_fire_time(None, NOON)]
    for _ in range(50):
        fired.append(trigger.get_next_fire_time(fired[-1], fired[-1]))

    nominal = [GRID.at_or_before(moment) for moment in fired]

    assert nominal == [GRID.after(NOON) + n * HOUR for n in range(51)]


def test_a_target_that_was_never_looked_at_is_due_at_once(app: StillApp) -> None:
    due(app, AUDIT, "example.com", GRID)

    assert rows(app) == [(SlotState.DUE, timedelta(0))]


def test_the_hours_that_nobody_was_there_are_missed_and_the_last_is_due(app: StillApp) -> None:
    """A scheduler that was dead for a night looks once, and says what it did not do."""
    due(app, AUDIT, "example.com", GRID)
    app.wait(3 * HOUR + timedelta(minutes=30))

    due(app, AUDIT, "example.com", GRID)

    ten = timedelta(minutes=10)
    assert rows(app) == [
        (SlotState.DUE, timedelta(0)),
        (SlotState.MISSED, ten),
        (SlotState.MISSED, ten + HOUR),
        (SlotState.MISSED, ten + 2 * HOUR),
        (SlotState.DUE, ten + 3 * HOUR),
    ]


def test_a_restart_within_the_hour_adds_nothing(app: StillApp) -> None:
    for _ in range(3):
        due(app, AUDIT, "example.com", GRID)
        app.wait(timedelta(minutes=1))

    assert len(rows(app)) == 1


def test_targets_are_taken_up_and_let_go_while_it_runs(app: StillApp) -> None:
    watch(app, "a.example", "b.example")
    schedule = Schedule(app)
    schedule.start()
    try:
        assert schedule.jobs == 2

        with app.store.write() as connection:
            targets.pause(connection, "a.example", paused=True)
        schedule.sync()

        assert schedule.jobs == 1
        assert [state for state, _ in rows(app, "b.example")] == [SlotState.DUE]
    finally:
        schedule.stop()


@pytest.mark.parametrize("ends", [True, False])
def test_a_second_scheduler_stands_by_until_the_first_ends(app: StillApp, *, ends: bool) -> None:
    home, stop = Home(app.home.path), threading.Event()
    result: list[bool] = []

    def second() -> None:
        with leading(home, stop) as leads:
            result.append(leads)

    thread = threading.Thread(target=second)
    with leading(home, threading.Event()) as first:
        thread.start()
        thread.join(0.2)
        assert (first, result) == (True, [])
        if not ends:
            stop.set()
            thread.join()
    thread.join()

    assert result == [ends]
