"""D1: where DNS is bad, nobody is told of a listing that is none, and nobody that one is over while it lasts.

A scripted truth, looked at round after round through a resolver of which a third of the answers never
come; what counts is what the channels were told. `make soak` looks up a hundred thousand.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from checks.model import SendingIp, Target
from checks.names import reverse_labels
from checks.ports import Answer
from data import alerts, slots, targets
from data.alerts import NoticeKind
from data.slots import Slot, SlotState
from data.targets import Origin
from monitor.config import Config
from monitor.config.schema import BlocklistEntry, Checks, FileChannel
from monitor.incidents.track import CONFIRM
from monitor.look import confirm, look
from monitor.schedule import AUDIT
from monitor.senses import Senses
from tests.fakes.zone import ZoneDns
from tests.monitor.conftest import NOON, StillApp, app

__all__ = ["app"]

LISTS = tuple(f"bl{number}.example.net" for number in range(8))
FAILURES = (("TIMEOUT", 0.30), ("SERVFAIL", 0.05), ("REFUSED", 0.02))
INTERVAL = timedelta(minutes=30)
TRIES = 2
"""As the resolver tries: with two, a tenth of all look-ups still fails."""


class BadDns(ZoneDns):
    """The truth, of which a share never comes."""

    def __init__(self, zone: dict[str, Any], dice: Random) -> None:
        super().__init__(zone)
        self.dice = dice
        self.looked_up = self.failed = 0

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        answer = super().ask(name, rdtype, fresh=fresh)
        if not name.endswith(".example.net"):
            return answer
        self.looked_up += 1
        if (failure := self._failure()) is None:
            return answer
        self.failed += 1
        return ZoneDns({name: {"*": failure}}).ask(name, rdtype)

    def _failure(self) -> str | None:
        drawn = [next((f for f, share in FAILURES if self.dice.random() < share), None) for _ in range(TRIES)]
        return drawn[-1] if all(drawn) else None

    def ask_all(self, questions: Any, *, fresh: bool = False) -> Sequence[Answer]:
        return [self.ask(each.name, each.rdtype, fresh=fresh) for each in questions]


@pytest.fixture
def config() -> Config:
    return Config(
        checks=Checks(https=False, smtp=False),
        channels=(FileChannel(name="one", kind="file"),),
        blocklists=tuple(BlocklistEntry(zone=name) for name in LISTS),
        alerts={"severity": "low", "repeat": "90d"},  # type: ignore[arg-type]
    )


def well(listed: set[tuple[str, str]]) -> dict[str, Any]:
    zone: dict[str, Any] = {}
    for name in LISTS:
        zone[name] = {"A": ["192.0.2.99"]}
        zone[f"2.0.0.127.{name}"] = {"A": ["127.0.0.2"]}
    for ip, name in listed:
        zone[f"{reverse_labels(ip)}.{name}"] = {"A": ["127.0.0.2"]}
    return zone


def ours(app: StillApp) -> list[tuple[NoticeKind, str]]:
    """What was told of our lists, in order."""
    with app.store.read() as connection:
        found = reversed(alerts.recent(connection, 100_000))
        return [
            (each.notice, str(each.payload["subject"]))
            for each in found
            if "example.net" in str(each.payload["subject"])
        ]


class Story:
    """Addresses that are listed and delisted by the dice, and what was told of them."""

    def __init__(self, app: StillApp, addresses: int, seed: int) -> None:
        self.app, self.dice = app, Random(seed)
        self.ips = [f"192.0.2.{number}" for number in range(1, addresses + 1)]
        self.listed: set[tuple[str, str]] = set()
        self.dns = BadDns(well(set()), Random(seed + 1))
        self.said: dict[str, bool] = {}
        self.false_alarms: list[str] = []
        self.false_ends: list[str] = []
        self.heard = 0
        with app.store.write() as connection:
            for number, ip in enumerate(self.ips):
                targets.save(connection, Target(f"d{number}.test", (SendingIp(ip),)), Origin.STORE, NOON)

    def round(self) -> None:
        """Something changes, every address is looked at, and what asks for a second look gets it."""
        for pair in ((ip, name) for ip in self.ips for name in LISTS):
            if self.dice.random() < 0.04:
                self.listed ^= {pair}
        self.dns.zone = dict(well(self.listed))
        senses = Senses(self.dns, self.app.config)
        for number in range(len(self.ips)):
            look(self.app, senses, Slot(1, AUDIT, f"d{number}.test", self.app.now(), SlotState.RUNNING))
        for _ in range(4):
            self.app.wait(timedelta(minutes=2, seconds=1))
            while (slot := self._due()) is not None:
                confirm(self.app, senses, slot)
        self._judge()
        self.app.wait(INTERVAL)

    def _due(self) -> Slot | None:
        with self.app.store.write() as connection:
            slot = slots.claim(connection, "test", self.app.now(), timedelta(minutes=5))
            if slot is not None:
                slots.settle(connection, slot, SlotState.RAN, self.app.now())
        return slot if slot is None or slot.kind == CONFIRM else self._due()

    def _judge(self) -> None:
        """The truth stood still during the round: whatever was told in it must be true."""
        news = ours(self.app)
        for notice, subject in news[self.heard :]:
            ip, _, name = subject.partition(" @ ")
            if name and notice is NoticeKind.FIRED and (ip, name) not in self.listed:
                self.false_alarms.append(subject)
            if name and notice is NoticeKind.RECOVERED and (ip, name) in self.listed:
                self.false_ends.append(subject)
        self.heard = len(news)


def tell(app: StillApp, addresses: int, rounds: int, seed: int) -> Story:
    story = Story(app, addresses, seed)
    for _ in range(rounds):
        story.round()
    return story


def hold(story: Story, app: StillApp) -> None:
    assert story.false_alarms == []
    assert story.false_ends == []
    assert 0.05 < story.dns.failed / story.dns.looked_up < 0.3, "the loss was not felt: a dull test"
    told = Counter(notice for notice, subject in ours(app) if " @ " in subject)
    assert told[NoticeKind.FIRED] > 0
    assert told[NoticeKind.RECOVERED] > 0


def test_with_a_third_of_the_answers_missing_no_alarm_is_false_and_no_end_either(app: StillApp) -> None:
    hold(tell(app, addresses=3, rounds=16, seed=1), app)


@pytest.mark.soak
def test_the_same_over_a_hundred_thousand_look_ups(app: StillApp) -> None:
    story = tell(app, addresses=40, rounds=130, seed=2)
    assert story.dns.looked_up > 100_000
    hold(story, app)
