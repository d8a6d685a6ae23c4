"""A look asks, keeps what it saw, and its incidents follow; a confirming look goes to the wire."""

from datetime import timedelta
from typing import Any

import pytest

from checks.model import SendingIp, State, Target
from data import incidents, slots, targets
from data.incidents import IncidentState
from data.slots import Slot, SlotState
from data.standings import standings
from data.targets import Origin
from monitor.config import Config
from monitor.config.schema import Checks
from monitor.incidents.track import CONFIRM
from monitor.look import LOOKS, confirm, look
from monitor.schedule import AUDIT
from monitor.senses import Senses
from monitor.worker import Worker
from tests.fakes.zone import ZoneDns
from tests.monitor.conftest import NOON, StillApp

DOMAIN = "example.com"
IP = "192.0.2.25"
NAME = "25.2.0.192.in-addr.arpa"
NAMELESS: dict[str, Any] = {DOMAIN: {"MX": [[10, "mail.example.com"]]}, "mail.example.com": {"A": [IP]}}
NAMED: dict[str, Any] = {**NAMELESS, NAME: {"PTR": ["mail.example.com"]}}


@pytest.fixture
def config() -> Config:
    return Config(checks=Checks(https=False, smtp=False))


@pytest.fixture
def watched(app: StillApp) -> int:
    with app.store.write() as connection:
        return targets.save(connection, Target(DOMAIN, (SendingIp(IP),)), Origin.STORE, NOON)


def slot(kind: str = AUDIT, subject: str = DOMAIN) -> Slot:
    return Slot(1, kind, subject, NOON, SlotState.RUNNING)


def senses(app: StillApp, zone: dict[str, Any]) -> tuple[Senses, ZoneDns]:
    dns = ZoneDns(zone)
    return Senses(dns, app.config), dns


def state_of(app: StillApp, code: str) -> State:
    with app.store.read() as connection:
        return next(standing.state for standing in standings(connection) if standing.code == code)


def test_a_scheduled_look_keeps_what_it_saw(app: StillApp, watched: int) -> None:
    look(app, senses(app, NAMELESS)[0], slot())

    assert state_of(app, "RDNS-001") is State.FAIL


def test_a_silent_resolver_leaves_the_last_answer_and_says_that_it_cannot_tell(
    app: StillApp, watched: int
) -> None:
    look(app, senses(app, NAMED)[0], slot())
    app.wait(timedelta(hours=1))
    look(app, senses(app, {NAME: {"*": "TIMEOUT"}, DOMAIN: {"*": "TIMEOUT"}})[0], slot())

    with app.store.read() as connection:
        named = next(entry for entry in standings(connection) if entry.code == "RDNS-001")

    assert (named.state, named.unknown_since) == (State.UNKNOWN, NOON + timedelta(hours=1))
    assert named.conclusive is not None
    assert named.conclusive.state is State.PASS


def test_the_confirming_look_is_uncached_and_asks_only_about_what_waits(app: StillApp, watched: int) -> None:
    look(app, senses(app, NAMELESS)[0], slot())
    app.wait(timedelta(minutes=2))
    seeing, dns = senses(app, NAMELESS)

    confirm(app, seeing, slot(CONFIRM))

    assert dns.asked_fresh == dns.asked
    assert NAME in {question.name for question in dns.asked}
    assert "_mta-sts.example.com" not in {question.name for question in dns.asked}
    with app.store.read() as connection:
        assert {entry.state for entry in incidents.alive(connection, watched)} == {IncidentState.OPEN}


def test_a_confirming_look_with_nothing_to_confirm_asks_nothing(app: StillApp, watched: int) -> None:
    seeing, dns = senses(app, {})

    assert confirm(app, seeing, slot(CONFIRM)) == "nothing waits for a second look any more"
    assert dns.asked == []


def test_a_target_that_was_paused_meanwhile_is_left_alone(app: StillApp, watched: int) -> None:
    with app.store.write() as connection:
        targets.pause(connection, DOMAIN, paused=True)
    seeing, dns = senses(app, {})

    assert look(app, seeing, slot()) == "not watched any more"
    assert dns.asked == []


def ran(app: StillApp, worker: Worker) -> list[tuple[str, SlotState, str]]:
    worker.round()
    worker.finish()
    with app.store.read() as connection:
        return [(row.kind, row.state, row.note) for row in slots.recent(connection, DOMAIN)]


def test_the_worker_does_what_is_due_and_the_row_says_how_it_went(app: StillApp) -> None:
    with app.store.write() as connection:
        slots.plan(connection, AUDIT, DOMAIN, NOON)

    assert ran(app, Worker(app, {AUDIT: lambda slot: f"looked at {slot.subject}"})) == [
        (AUDIT, SlotState.RAN, "looked at example.com")
    ]


def test_work_that_raises_fails_its_slot_and_nothing_else(app: StillApp) -> None:
    def breaks(slot: Slot) -> str:
        raise RuntimeError(f"no idea about {slot.subject}")

    with app.store.write() as connection:
        slots.plan(connection, "bad", DOMAIN, NOON)
        slots.plan(connection, "good", DOMAIN, NOON + timedelta(microseconds=1))
    app.wait(timedelta(seconds=1))

    assert ran(app, Worker(app, {"bad": breaks, "good": lambda _: "fine"}, at_once=2)) == [
        ("good", SlotState.RAN, "fine"),
        ("bad", SlotState.FAILED, "RuntimeError: no idea about example.com"),
    ]


def test_every_kind_of_look_is_in_the_table() -> None:
    assert set(LOOKS) == {AUDIT, CONFIRM}
