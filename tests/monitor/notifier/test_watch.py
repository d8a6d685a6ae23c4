"""A scheduler that stopped is told by another process, once, and so is its return."""

from datetime import timedelta

import pytest

from checks.model import Finding, Severity, State, Target
from data import alerts, heartbeats, targets
from data.observations import Look, Seen, save_look
from data.targets import Origin
from monitor.config import Config
from monitor.config.schema import FileChannel
from monitor.notifier.watch import DARK_AFTER, MISSED_AFTER, watch
from tests.monitor.conftest import NOON, StillApp


@pytest.fixture
def config() -> Config:
    return Config(channels=(FileChannel(name="one", kind="file"),))


def beat(app: StillApp, *processes: str) -> None:
    with app.store.write() as connection:
        for process in processes or ("scheduler", "worker"):
            heartbeats.beat(connection, process, 1, app.now(), {})


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
        beat(app, "worker")
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
    beat(app, "worker")
    watch(app, NOON)

    assert len(told(app)) == 1


def test_a_silent_worker_is_missed_and_explained_by_no_scheduler(app: StillApp) -> None:
    beat(app)
    app.wait(2 * MISSED_AFTER)
    beat(app, "scheduler")
    watch(app, NOON)

    assert told(app) == [
        "No worker has given a sign of life since 2026-11-23 12:00:00 UTC, so nothing is looked at or sent."
    ]


def dark(app: StillApp, number: int, code: str = "SPF-001") -> None:
    """A domain whose question has had no answer since noon."""
    with app.store.write() as connection:
        domain = f"d{number}.example"
        target = targets.save(connection, Target(domain), Origin.STORE, NOON)
        finding = Finding(code, State.UNKNOWN, domain, {"why": "timeout"})
        seen = [Seen(finding, Severity.INFO)]
        save_look(connection, Look(target, domain, NOON, seen, frozenset({code.rpartition("-")[0]})))


def test_many_domains_without_an_answer_are_one_resolver_and_not_many_incidents(app: StillApp) -> None:
    for number in range(3):
        dark(app, number)
    app.wait(DARK_AFTER - timedelta(seconds=1))
    beat(app)
    watch(app, NOON)
    assert told(app) == []
    app.wait(timedelta(seconds=1))
    for _ in range(3):
        beat(app)
        watch(app, NOON)
    (text,) = told(app)
    assert text.startswith("3 of 3 domains have had decisive questions without an answer")


def test_silent_blocklists_are_no_degraded_resolver(app: StillApp) -> None:
    for number in range(5):
        dark(app, number, "BL-001")
    app.wait(2 * DARK_AFTER)
    beat(app)
    watch(app, NOON)
    assert told(app) == []
