"""Many at once are told together: six hundred listings make three notices in ten minutes, and lose nobody."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from checks.model import Again
from data import alerts
from data.alerts import Alert, AlertState, NoticeKind
from monitor.channels import ARRIVED, Notice, Told
from monitor.config import Config
from monitor.config.schema import FileChannel
from monitor.notifier.outbox import FALL_BACK_AFTER, empty, pause_after
from tests.monitor.conftest import StillApp


class Memory:
    """A channel that remembers notices, and answers as it is told."""

    def __init__(self, *answers: Told) -> None:
        self.answers = list(answers)
        self.got: list[Notice] = []

    def tell(self, notice: Notice, now: datetime) -> Told:
        self.got.append(notice)
        return self.answers.pop(0) if self.answers else ARRIVED


@pytest.fixture
def config() -> Config:
    return Config(
        channels=(
            FileChannel(name="one", kind="file", fallback="two"),
            FileChannel(name="two", kind="file"),
        )
    )


def put(app: StillApp, numbers: range, kind: NoticeKind = NoticeKind.FIRED, channel: str = "one") -> None:
    with app.store.write() as connection:
        for number in numbers:
            payload = {
                "type": f"incident.{kind}", "kind": "listing", "cause": "spamhaus", "severity": "critical",
                "subject": f"192.0.2.{number} @ zen", "text": f"{number} is listed", "since": "2026-11-23",
            }  # fmt: skip
            alerts.put(connection, channel, kind, f"{kind}-{number}-{channel}", payload, app.now())


def outbox(app: StillApp) -> Mapping[str, Alert]:
    with app.store.read() as connection:
        return {alert.key: alert for alert in alerts.recent(connection, 2000)}


def test_up_to_three_are_told_one_by_one(app: StillApp) -> None:
    channel = Memory()
    put(app, range(3))
    empty(app, {"one": channel})
    assert [notice.payload["text"] for notice in channel.got] == [
        f"{number} is listed" for number in range(3)
    ]


def test_six_hundred_at_once_make_at_most_three_notices_in_ten_minutes(app: StillApp) -> None:
    """D6: two hundred in the first minute, and the others as their looks come round."""
    channel = Memory()
    for minute in range(10):
        put(app, range(60 * minute, 60 * minute + 60))
        empty(app, {"one": channel})
        app.wait(timedelta(minutes=1))
    assert 1 <= len(channel.got) <= 3
    first = channel.got[0].payload
    assert first["type"] == "incident.digest"
    assert first["text"].startswith("60 incidents: 60 listing spamhaus. First: 192.0.2.0 @ zen, ")
    app.wait(timedelta(minutes=5))
    empty(app, {"one": channel})
    told = [entry["subject"] for notice in channel.got for entry in notice.payload["notices"]]
    assert len(told) == len(set(told)) == 600, "each is told once"
    assert all(alert.state is AlertState.SENT for alert in outbox(app).values())


def test_a_digest_that_did_not_arrive_comes_again_under_the_same_key(app: StillApp) -> None:
    channel = Memory(Told(Again.LATER, "503"))
    put(app, range(5))
    empty(app, {"one": channel})
    app.wait(pause_after(1) + timedelta(seconds=60))
    empty(app, {"one": channel})
    assert [notice.key for notice in channel.got] == [channel.got[0].key] * 2


def test_ends_are_told_together_too_and_never_without_their_beginning(app: StillApp) -> None:
    channel = Memory()
    put(app, range(6), NoticeKind.RECOVERED)
    empty(app, {"one": channel})
    (notice,) = channel.got
    assert (notice.payload["type"], notice.payload["title"]) == ("incident.digest_recovered", "6 over")


def test_what_a_channel_could_not_be_told_is_told_to_its_fallback_once(app: StillApp) -> None:
    down, other = Memory(*[Told(Again.LATER, "503")] * 20), Memory()
    put(app, range(1))
    for _ in range(12):
        empty(app, {"one": down, "two": other})
        app.wait(FALL_BACK_AFTER / 2)
    (notice,) = other.got
    assert (notice.payload["text"], notice.payload["instead_of"]) == ("0 is listed", "one")
    assert len(down.got) > 2, "and the first is still tried"


def test_a_fallback_that_is_no_channel_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ValueError, match='falls back on "nobody", which is no other one'):
        Config(channels=(FileChannel(name="one", kind="file", fallback="nobody"),))
