"""What dies is started again, later each time; everything stops together."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from data.heartbeats import heartbeats
from monitor.supervisor import Supervisor, pause_before
from tests.monitor.conftest import StillApp

pytestmark = pytest.mark.sockets
PATIENCE = 30.0


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(app: StillApp, said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(app.home, said.append)
    supervisor.add("scheduler")
    yield supervisor
    supervisor.stop()


def until(supervisor: Supervisor, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        supervisor.tick()
        time.sleep(0.02)


def beating(app: StillApp) -> int | None:
    """The process id that the scheduler's latest sign of life has."""
    with app.store.read() as connection:
        return next((beat.pid for beat in heartbeats(connection)), None)


def test_a_killed_process_is_said_and_started_again(
    app: StillApp, supervisor: Supervisor, said: list[str]
) -> None:
    (child,) = supervisor.children
    until(supervisor, lambda: child.pid is not None and beating(app) == child.pid)
    first = child.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    until(supervisor, lambda: child.pid not in (None, first) and beating(app) == child.pid)

    assert len(said) == 1
    assert said[0].startswith("scheduler was killed by SIGKILL; it starts again in 0.5 s (why: ")


def test_stopping_ends_every_process_and_none_is_missed_afterwards(
    app: StillApp, supervisor: Supervisor
) -> None:
    (child,) = supervisor.children
    until(supervisor, lambda: child.pid is not None and beating(app) == child.pid)
    assert child.process is not None

    supervisor.stop()

    assert child.process.returncode == 0
    assert beating(app) is None


def test_restarts_wait_longer_each_time_and_at_most_a_minute() -> None:
    assert [pause_before(n) for n in (1, 2, 3, 4, 20)] == [0.5, 1, 2, 4, 60]
