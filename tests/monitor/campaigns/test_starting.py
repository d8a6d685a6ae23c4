"""A planned start: at its time, never late without a person, and through the gate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from data import slots
from data.campaigns import State
from data.imports import NewImport, advance, begin_import, move_import
from data.imports import State as ImportState
from data.lists import find_list
from data.pools import Member, add_member
from data.recipients import counts, finish_if_done, skip_waiting
from data.sending_domains import keep_verification
from data.servers import find_server, save_server
from data.slots import Slot, SlotState
from data.states import State as Row
from data.tables import event
from monitor.campaigns.gate import Verdict
from monitor.campaigns.listrisk import list_risks
from monitor.campaigns.starting import LATE, START, start_at, start_due, start_now
from monitor.config import Config
from monitor.config.schema import Checks
from monitor.senses import Senses
from sender.campaigns.start import Draft, Unfit, cancel, create, named, unschedule
from tests.fakes.shop import DOMAIN, stock
from tests.fakes.zone import ZoneDns
from tests.monitor.conftest import NOON, StillApp

DRAFT = Draft("spring", "news", "letter", DOMAIN, "sink", "Ann", f"news@{DOMAIN}")
SOON = NOON + timedelta(hours=1)


@pytest.fixture
def config() -> Config:
    return Config(checks=Checks(https=False, smtp=False))


@pytest.fixture
def senses(app: StillApp) -> Senses:
    stock(app, ready_at=NOON)
    return Senses(ZoneDns({}), app.config)


def due(app: StillApp) -> Slot:
    with app.store.write() as connection:
        claimed = slots.claim(connection, "worker", app.now(), timedelta(minutes=1))
    assert claimed is not None
    assert claimed.kind == START
    return claimed


def planned(app: StillApp, **changes: str) -> None:
    create(app.store, Draft(**{**{n: getattr(DRAFT, n) for n in Draft.__slots__}, **changes}), NOON)
    start_at(app, "spring", SOON)
    assert named(app.store, "spring").state is State.SCHEDULED


def test_it_starts_when_its_time_comes(app: StillApp, senses: Senses) -> None:
    planned(app)
    with app.store.read() as connection:
        assert not slots.is_work(connection, app.now())
    app.wait(timedelta(hours=1, seconds=1))
    assert start_due(app, senses, due(app)) == "started, 3 recipients"
    started = named(app.store, "spring")
    assert started.state is State.SENDING
    with app.store.read() as connection:
        assert counts(connection, started.id) == {Row.PENDING: 3}


def test_a_start_that_comes_late_waits_for_a_person(app: StillApp, senses: Senses) -> None:
    planned(app)
    app.wait(timedelta(hours=1) + LATE + timedelta(seconds=1))
    start_due(app, senses, due(app))
    held = named(app.store, "spring")
    assert (held.state, held.pause_reason) == (
        State.HELD,
        "nobody was there at 2026-11-23 13:00 UTC to start it",
    )
    assert start_now(app, senses, "spring").started is not None, "a person starts it after all"


def test_a_start_that_the_gate_does_not_let_through_is_held_with_the_reason(
    app: StillApp, senses: Senses
) -> None:
    with app.store.write() as connection:
        save_server(connection, "relay", "smtp", {"host": "127.0.0.1"}, NOON)
    planned(app, server="relay")
    app.wait(timedelta(hours=1))
    start_due(app, senses, due(app))
    held = named(app.store, "spring")
    assert held.state is State.HELD
    assert held.pause_reason.startswith("the gate said stop: ")


@pytest.mark.parametrize(
    "instead",
    [
        lambda app: unschedule(app.store, "spring", app.now()),
        lambda app: cancel(app.store, "spring", app.now()),
        lambda app: start_at(app, "spring", SOON + timedelta(hours=1)),
    ],
)
def test_a_plan_that_was_changed_starts_nothing(
    app: StillApp, senses: Senses, instead: Callable[[StillApp], object]
) -> None:
    planned(app)
    instead(app)
    before = named(app.store, "spring").state
    assert start_due(app, senses, Slot(1, START, "1", SOON, SlotState.RUNNING)).startswith(
        "it is not to start"
    )
    assert named(app.store, "spring").state is before


def test_a_pool_of_sinks_needs_no_ready_domain_until_a_relay_joins_it(app: StillApp, senses: Senses) -> None:
    """What counts is who may send, spares included, and not what the pool is called."""
    with app.store.write() as connection:
        pool = save_server(connection, "sinks", "pool", {}, NOON)
        relay = save_server(connection, "relay", "smtp", {"host": "127.0.0.1"}, NOON)
        sink = find_server(connection, "sink")
        assert sink is not None
        add_member(connection, Member(pool, sink.id))
        keep_verification(connection, DOMAIN, {}, None)
    create(app.store, replace(DRAFT, name="into the sinks", server="sinks"), NOON)
    assert start_now(app, senses, "into the sinks").started is not None
    with app.store.write() as connection:
        add_member(connection, Member(pool, relay, spare=True))
    create(app.store, replace(DRAFT, name="out", server="sinks"), NOON)
    with pytest.raises(Unfit, match="not ready"):
        start_now(app, senses, "out")


def test_what_a_person_accepts_is_written_down(app: StillApp, senses: Senses) -> None:
    with app.store.write() as connection:
        save_server(connection, "relay", "smtp", {"host": "127.0.0.1"}, NOON)
    planned(app, server="relay")
    refused = start_now(app, senses, "spring")
    assert (refused.gate.verdict, refused.started) == (Verdict.STOP, None)
    codes = {reason.code for reason in refused.gate.reasons}
    assert start_now(app, senses, "spring", codes).started is not None
    with app.store.read() as connection:
        detail = connection.scalars(select(event.c.detail).where(event.c.kind == "override")).one()
    assert set(detail["codes"]) == codes
    assert detail["by"]


def brought_in(app: StillApp, **counts: int) -> int:
    """An import into the list "news" that is done; returns its number."""
    with app.store.write() as connection:
        found = find_list(connection, "news")
        assert found is not None
        new = NewImport("key", "leads.csv", "0" * 64, found.id, "fair", "Yes", {})
        number = begin_import(connection, new, app.now())
        advance(connection, number, 0, 100, counts)
        move_import(connection, number, [ImportState.RUNNING], ImportState.DONE, app.now())
    return number


def test_a_red_import_that_was_never_tried_stops_the_campaign_until_a_person_takes_it_on(
    app: StillApp, senses: Senses
) -> None:
    """Ten mistyped addresses in a hundred bounce; the gate says so before the receivers do."""
    with app.store.write() as connection:
        save_server(connection, "relay", "smtp", {"host": "127.0.0.1"}, NOON)
    brought_in(app, rows=100, typo=10)
    create(app.store, replace(DRAFT, server="relay"), NOON)
    refused = start_now(app, senses, "spring")
    reasons = [each for each in refused.gate.stops if each.code == "LIST-001"]
    assert [each.subject for each in reasons] == ["leads.csv"]
    assert "look mistyped" in reasons[0].sentence
    codes = {reason.code for reason in refused.gate.reasons}
    assert start_now(app, senses, "spring", codes - {"LIST-001"}).started is None
    assert start_now(app, senses, "spring", codes).started is not None


def test_a_clean_import_and_one_that_was_tried_stop_nothing(app: StillApp, senses: Senses) -> None:
    brought_in(app, rows=100, free=80)
    create(app.store, DRAFT, NOON)
    campaign = named(app.store, "spring")
    with app.store.read() as connection:
        assert list_risks(connection, campaign) == ()
    brought_in(app, rows=100, typo=10)
    with app.store.read() as connection:
        assert len(list_risks(connection, campaign)) == 1
    app.wait(timedelta(hours=1))
    assert start_now(app, senses, "spring").started is not None, "into the sink nobody bounces"
    with app.store.write() as connection:
        assert skip_waiting(connection, campaign.id, "test", app.now(), 10) == 3
        assert finish_if_done(connection, campaign.id, app.now())
        assert list_risks(connection, campaign) == ()
