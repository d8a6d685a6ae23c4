"""What is critical and that nobody has taken on is told to the next; a heartbeat goes out while all is
alive.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from checks.model import Severity
from data import alerts, heartbeats
from data.silences import Acknowledgement, acknowledge
from monitor.config import Config
from monitor.config.schema import FileChannel, Heartbeat
from monitor.incidents.blind import ONE_LOOK
from monitor.incidents.follow import follow
from monitor.incidents.machine import Sighting
from monitor.incidents.matter import Matter, Words
from monitor.notifier.deadman import DeadMan
from monitor.notifier.escalation import escalate
from monitor.senses import Senses
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.zone import ZoneDns
from tests.monitor.conftest import StillApp

PAGER = timedelta(minutes=15)


@pytest.fixture
def config() -> Config:
    return Config(
        channels=(
            FileChannel(name="chat", kind="file"),
            FileChannel(name="pager", kind="file", after="15m"),  # type: ignore[arg-type]
        )
    )


def open_one(app: StillApp, severity: Severity = Severity.CRITICAL) -> int:
    words = Words("Listed", "192.0.2.1 is listed.", faults=({},))
    matter = Matter(
        "f", "listing", "", None, "192.0.2.1", Sighting.FAULT, ONE_LOOK, "BL-001", severity, words
    )
    with app.store.write() as connection:
        follow(connection, app.config, matter, None, app.now())
    return 1


def told(app: StillApp) -> list[str]:
    with app.store.read() as connection:
        return [alert.channel for alert in reversed(alerts.recent(connection))]


def test_the_pager_hears_of_it_after_a_quarter_of_an_hour_and_once(app: StillApp) -> None:
    open_one(app)
    escalate(app)
    assert told(app) == ["chat"]
    app.wait(PAGER)
    escalate(app)
    escalate(app)
    assert told(app) == ["chat", "pager"]


def test_what_somebody_has_taken_on_or_is_not_critical_stays_with_the_first(app: StillApp) -> None:
    number = open_one(app)
    with app.store.write() as connection:
        acknowledge(connection, Acknowledgement(number, "ann", "", app.now(), app.now() + PAGER * 4))
    app.wait(PAGER)
    escalate(app)
    assert told(app) == ["chat"]
    app.wait(timedelta(hours=1))
    escalate(app)
    assert told(app) == ["chat", "pager"], "nobody has it any more"


def test_high_is_not_critical(app: StillApp) -> None:
    open_one(app, Severity.HIGH)
    app.wait(PAGER)
    escalate(app)
    assert told(app) == ["chat"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.mark.sockets
def test_the_heartbeat_goes_out_only_while_those_that_matter_are_alive(
    app: StillApp, receiver: Receiver
) -> None:
    config = Config(heartbeat=Heartbeat(url=receiver.url, allow_private=True))  # type: ignore[arg-type]
    calling = StillApp(app.home, config, app.store, app.moments)
    switch = DeadMan(calling, Senses(ZoneDns({}), config))
    assert switch.call() == "not called, since scheduler, worker gave no sign of life"
    with app.store.write() as connection:
        for process in ("scheduler", "worker"):
            heartbeats.beat(connection, process, 1, app.now() + timedelta(minutes=1), {})
    app.wait(timedelta(minutes=1))
    assert switch.call() == "called"
    assert switch.call() == "", "not more often than it is to"
    assert len(receiver.got) == 1
