"""A scheduler that stopped is told by another process, once, and so is its return."""

from datetime import timedelta

import pytest

from data import alerts, heartbeats
from monitor.config import Config
from monitor.config.schema import FileChannel
from monitor.notifier.watch import MISSED_AFTER, watch
from tests.monitor.conftest import NOON, StillApp


@pytest.fixture
def config() -> Config:
    return Config(channels=(FileChannel(name="one", kind="file"),))


def beat(app: StillApp) -> None:
    with app.store.write() as connection:
        heartbeats.beat(connection, "scheduler", 1, app.now(), {})


def told(app: StillApp) -> list[str]:
    with app.store.read() as connection:
        return [alert.payload["text"] for alert in reversed(alerts.recent(connection))]


def test_a_living_scheduler_is_no_news(app: StillApp) -> None:
    for _ in range(5):
        beat(app)
        watch(app, NOON)
        app.wait(timedelta(seconds=5))

    assert told(app) == []


def test_a_silent_scheduler_is_told_once_and_so_is_its_return(app: StillApp) -> None:
    beat(app)
    for _ in range(4):
        app.wait(MISSED_AFTER)
        watch(app, NOON)
    beat(app)
    for _ in range(2):
        watch(app, NOON)

    assert told(app) == [
        "The scheduler has given no sign of life since 2026-11-23 12:00:00 UTC, so nothing is looked at.",
        "The scheduler is back: things are looked at again.",
    ]


def test_a_scheduler_that_never_came_up_is_missed_too(app: StillApp) -> None:
    watch(app, NOON)
    app.wait(2 * MISSED_AFTER)
    watch(app, NOON)

    assert len(told(app)) == 1
