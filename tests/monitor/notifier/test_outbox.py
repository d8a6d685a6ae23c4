"""The outbox loses nothing: tried again later, in order, and never an end without its beginning."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest

from checks.model import Again, Severity
from data import alerts, incidents
from data.alerts import Alert, AlertState, NoticeKind
from data.incidents import IncidentState
from monitor.channels import ARRIVED, Channel, Notice, Told
from monitor.notifier.outbox import empty, pause_after
from tests.monitor.conftest import NOON, StillApp

LATER = Told(Again.LATER, "the receiver answered 503")


class Memory:
    """A channel that remembers, and answers as it is told."""

    def __init__(self, *answers: Told) -> None:
        self.answers = list(answers)
        self.got: list[str] = []

    def tell(self, notice: Notice, now: datetime) -> Told:
        self.got.append(notice.key)
        return self.answers.pop(0) if self.answers else ARRIVED


@pytest.fixture
def incident_id(app: StillApp) -> int:
    values: dict[str, object] = {
        "fingerprint": "f",
        "kind": "record",
        "target_id": None,
        "code": "SPF-001",
        "subject": "example.com",
        "severity": Severity.HIGH.value,
        "state": IncidentState.OPEN.value,
        "first_seen": NOON,
        "detail": {},
    }
    with app.store.write() as connection:
        return incidents.begin(connection, values)


@pytest.fixture
def put(app: StillApp, incident_id: int) -> Callable[..., None]:
    def put(kind: NoticeKind, channel: str = "one") -> None:
        with app.store.write() as connection:
            key = f"{kind}-{channel}"
            alerts.put(connection, channel, kind, key, {"text": key}, app.now(), incident_id)

    return put


def outbox(app: StillApp) -> Mapping[str, Alert]:
    with app.store.read() as connection:
        return {alert.key: alert for alert in alerts.recent(connection)}


Put = Callable[..., None]
Channels = Mapping[str, Channel]


def test_what_arrived_is_told_once(app: StillApp, put: Put) -> None:
    channel = Memory()
    put(NoticeKind.FIRED)
    put(NoticeKind.FIRED)  # the same key again

    assert empty(app, {"one": channel}) == 1
    assert empty(app, {"one": channel}) == 0
    assert outbox(app)["fired-one"].state is AlertState.SENT


def test_what_failed_is_tried_again_later_under_the_same_key(app: StillApp, put: Put) -> None:
    channel = Memory(LATER)
    put(NoticeKind.FIRED)

    empty(app, {"one": channel})
    waiting = outbox(app)["fired-one"]
    assert (waiting.state, waiting.error) == (AlertState.WAITING, LATER.why)
    assert empty(app, {"one": channel}) == 0

    app.wait(pause_after(1))
    empty(app, {"one": channel})

    assert channel.got == ["fired-one", "fired-one"]


def test_a_notifier_that_was_killed_after_sending_sends_again_and_loses_nothing(
    app: StillApp, put: Put
) -> None:
    """Claimed and never settled: the claim's time runs out. Twice is the side we err on."""
    put(NoticeKind.FIRED)
    with app.store.write() as connection:
        assert alerts.claim(connection, app.now(), timedelta(minutes=1)) is not None
    channel = Memory()

    assert empty(app, {"one": channel}) == 0
    app.wait(timedelta(minutes=1))
    empty(app, {"one": channel})

    assert channel.got == ["fired-one"]


def test_a_recovery_waits_for_its_beginning(app: StillApp, put: Put) -> None:
    channel = Memory(LATER)
    put(NoticeKind.FIRED)
    put(NoticeKind.RECOVERED)

    empty(app, {"one": channel})
    assert channel.got == ["fired-one"]

    app.wait(pause_after(1))
    empty(app, {"one": channel})
    assert channel.got == ["fired-one", "fired-one", "recovered-one"]


def test_an_end_whose_beginning_never_arrived_is_not_told(app: StillApp, put: Put) -> None:
    channel = Memory(Told(Again.NEVER, "the receiver answered 410"))
    put(NoticeKind.FIRED)
    put(NoticeKind.RECOVERED)

    empty(app, {"one": channel})

    assert channel.got == ["fired-one"]
    assert outbox(app)["recovered-one"].state is AlertState.GIVEN_UP


def test_a_channel_that_is_down_does_not_hold_up_another(app: StillApp, put: Put) -> None:
    class Broken:
        def tell(self, notice: Notice, now: datetime) -> Told:
            raise RuntimeError("a fault of ours")

    fine = Memory()
    put(NoticeKind.FIRED, "broken")
    put(NoticeKind.FIRED, "fine")

    empty(app, {"broken": Broken(), "fine": fine})

    assert fine.got == ["fired-fine"]
    assert outbox(app)["fired-broken"].error == "RuntimeError: a fault of ours"


def test_a_channel_that_left_the_configuration_is_given_up(app: StillApp, put: Put) -> None:
    put(NoticeKind.FIRED, "gone")

    empty(app, {})

    assert outbox(app)["fired-gone"].error == 'there is no channel "gone" any more'


def test_after_three_days_a_notice_is_given_up(app: StillApp, put: Put) -> None:
    put(NoticeKind.FIRED)
    app.wait(timedelta(days=3, seconds=1))

    empty(app, {"one": Memory(LATER)})

    assert outbox(app)["fired-one"].state is AlertState.GIVEN_UP


def test_pauses_grow_to_an_hour() -> None:
    seconds = [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 4, 5, 6, 100)]

    assert seconds == [5, 20, 80, 320, 1280, 3600, 3600]
