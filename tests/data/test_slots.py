"""The row is the queue: each slot is run once, by one worker, and leaves a row that says how it went."""

from datetime import UTC, datetime, timedelta

from data.slots import Slot, SlotState, claim, counts, last_nominal, plan, plan_all, recent, renew, settle
from data.store import Store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = 2 * MINUTE


def planned(store: Store, *minutes: int, kind: str = "audit", subject: str = "example.com") -> None:
    with store.write() as connection:
        for minute in minutes:
            plan(connection, kind, subject, NOON + minute * MINUTE)


def claimed(store: Store, minute: int, owner: str = "one") -> Slot | None:
    with store.write() as connection:
        return claim(connection, owner, NOON + minute * MINUTE, LEASE)


def states(store: Store) -> list[SlotState]:
    with store.read() as connection:
        return [slot.state for slot in recent(connection, "example.com")]


def test_a_nominal_slot_has_one_row_however_often_it_is_planned(store: Store) -> None:
    planned(store, 0, 0)

    assert states(store) == [SlotState.DUE]


def test_nothing_is_claimed_before_it_is_due(store: Store) -> None:
    planned(store, 5)

    assert claimed(store, 4) is None
    assert claimed(store, 5) is not None


def test_two_workers_never_have_the_same_slot(store: Store) -> None:
    planned(store, 0)

    assert claimed(store, 0, "one") is not None
    assert claimed(store, 0, "two") is None


def test_one_run_covers_all_slots_that_came_due_meanwhile_and_they_say_so(store: Store) -> None:
    planned(store, 0, 1, 2, 9)

    claimed(store, 5)

    assert states(store) == [SlotState.DUE, SlotState.COALESCED, SlotState.COALESCED, SlotState.RUNNING]


def test_a_subject_is_not_looked_at_twice_at_once(store: Store) -> None:
    planned(store, 0)
    claimed(store, 0)
    planned(store, 1)

    assert claimed(store, 1, "two") is None


def test_the_slot_of_a_worker_that_died_is_run_by_another_after_its_lease(store: Store) -> None:
    planned(store, 0)
    dead = claimed(store, 0, "dead")
    assert dead is not None

    again = claimed(store, 3, "alive")

    assert again is not None
    assert again.id == dead.id
    with store.write() as connection:
        assert not settle(connection, dead, SlotState.RAN, NOON + 4 * MINUTE)
        assert settle(connection, again, SlotState.RAN, NOON + 4 * MINUTE)


def test_a_long_look_keeps_its_slot_while_its_worker_lives(store: Store) -> None:
    planned(store, 0)
    claimed(store, 0, "slow")
    with store.write() as connection:
        renew(connection, "slow", NOON + MINUTE, LEASE)

    assert claimed(store, 2, "two") is None


def test_a_settled_slot_says_how_it_went(store: Store) -> None:
    planned(store, 0)
    slot = claimed(store, 0)
    assert slot is not None

    with store.write() as connection:
        settle(connection, slot, SlotState.FAILED, NOON + MINUTE, "no answer")
        (row,) = recent(connection, "example.com")

    assert (row.state, row.note, row.ended_at) == (SlotState.FAILED, "no answer", NOON + MINUTE)


def test_the_last_nominal_time_of_a_look_is_known(store: Store) -> None:
    planned(store, 0, 5)
    planned(store, 9, kind="confirm")

    with store.read() as connection:
        assert last_nominal(connection, "audit", "example.com") == NOON + 5 * MINUTE
        assert last_nominal(connection, "audit", "example.net") is None
        assert counts(connection, NOON) == {SlotState.DUE: 3}


def test_many_slots_are_planned_at_once_and_those_that_have_a_row_keep_it(store: Store) -> None:
    planned(store, 1)

    with store.write() as connection:
        plan_all(connection, "audit", "example.com", [NOON + n * MINUTE for n in range(3)], SlotState.MISSED)

    assert states(store) == [SlotState.MISSED, SlotState.DUE, SlotState.MISSED]
