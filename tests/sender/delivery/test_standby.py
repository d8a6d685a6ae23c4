"""What is late, and what a store holds that was put back, waits until a person lets it go."""

from datetime import timedelta

from sqlalchemy import Connection

from data import campaigns, recipients
from data.campaigns import Campaign, State
from data.claims import Claim, claim, mark_sending
from data.lanes import ensure
from data.recipients import Recipient
from data.states import State as Row
from data.store import Store
from sender.campaigns.standby import hold_late, hold_restored
from sender.delivery.engine import Engine
from tests.fakes.campaign import NOON, frozen, make_campaign
from tests.fakes.delivery import WoundClock, parts

FOUR_HOURS = timedelta(hours=4)


def standing(connection: Connection) -> Campaign:
    found = campaigns.find_campaign(connection, "c1")
    assert found is not None
    return found


def work(store: Store, clock: WoundClock) -> tuple[int, State]:
    """One round of an engine whose campaigns may be four hours late: how many were claimed, and the end."""
    made = parts(store, clock=clock, attend=lambda connection: hold_late(connection, clock.now(), FOUR_HOURS))
    claimed = Engine(made).work_once()
    with store.read() as connection:
        return claimed, standing(connection).state


def test_a_campaign_that_nobody_delivered_for_long_waits_for_a_person(store: Store) -> None:
    clock = WoundClock()
    with store.write() as connection:
        hold_late(connection, NOON, FOUR_HOURS)
        frozen(connection, 3)
    clock.wind(FOUR_HOURS.total_seconds() + 1)

    assert work(store, clock) == (0, State.PAUSED)
    with store.read() as connection:
        assert standing(connection).pause_reason.startswith("late: nobody delivered from 2026-11-23 12:00 to")

    with store.write() as connection:
        campaigns.move(connection, 1, [State.PAUSED], State.SENDING, clock.now())
    assert work(store, clock) == (3, State.FINISHED)


def test_a_short_absence_holds_nothing(store: Store) -> None:
    clock = WoundClock()
    with store.write() as connection:
        hold_late(connection, NOON, FOUR_HOURS)
        frozen(connection, 3)
    clock.wind(FOUR_HOURS.total_seconds() - 1)

    assert work(store, clock) == (3, State.FINISHED)


def test_what_a_person_let_go_meanwhile_is_not_late(store: Store) -> None:
    """The worker was off for days; the campaign was started a minute ago."""
    clock = WoundClock()
    with store.write() as connection:
        hold_late(connection, NOON, FOUR_HOURS)
        frozen(connection, 3)
        campaigns.move(connection, 1, [State.SENDING], State.PAUSED, NOON)
        campaigns.move(connection, 1, [State.PAUSED], State.SENDING, NOON + timedelta(days=3))
    clock.wind(timedelta(days=3, minutes=1).total_seconds())

    assert work(store, clock) == (3, State.FINISHED)


def test_mail_that_somebody_waits_for_is_never_too_late(store: Store) -> None:
    clock = WoundClock()
    with store.write() as connection:
        hold_late(connection, NOON, FOUR_HOURS)
        frozen(connection, 3, message_class="transactional")
    clock.wind(timedelta(days=1).total_seconds())

    assert work(store, clock) == (3, State.FINISHED)


def claimed(connection: Connection) -> list[Recipient]:
    ensure(connection, "relay", "gmail", 1, None, NOON)
    return claim(connection, Claim(1, "gmail", 1, "gone", NOON, NOON + timedelta(minutes=2)), 2)


def test_a_store_that_was_put_back_holds_whatever_it_was_sending(store: Store) -> None:
    """Of every class; and what was on its way when the backup was taken is unknown, not taken again."""
    with store.write() as connection:
        frozen(connection, 3, message_class="transactional")
        make_campaign(connection, None, name="c2", egress="other", state="scheduled", started_at=None)
        first, _second = claimed(connection)
        mark_sending(connection, {(first.id, first.fence): "m"}, NOON + timedelta(minutes=2))

        assert hold_restored(connection, NOON, NOON - timedelta(hours=1)) == ["c1", "c2"]
        assert "restored from a backup of 2026-11-23 11:00 UTC" in standing(connection).pause_reason
        second = campaigns.find_campaign(connection, "c2")
        assert second is not None
        assert second.state is State.HELD
        assert recipients.counts(connection, 1) == {Row.PENDING: 2, Row.UNKNOWN: 1}
    assert work(store, WoundClock()) == (0, State.PAUSED)
