"""The queue of recipients on both stores: who may take a row, who may settle it, what is refused."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from data import claims, lanes, recipients
from data.claims import Claim, Settlement
from data.recipients import Recipient
from data.states import MOVES, State
from data.store import Store, open_store
from data.tables import attempt, campaign, recipient
from tests.fakes.campaign import NOON, frozen
from tests.stores import sqlite_store

LEASE = timedelta(minutes=2)


def make(store: Store, people: int, on_unknown: str = "hold") -> int:
    with store.write() as connection:
        return frozen(connection, people, on_unknown=on_unknown)


def lane(store: Store) -> int:
    with store.write() as connection:
        from data.tables import lane as table

        row = {"egress": "relay", "provider": "gmail", "state": "open", "connections": 4}
        return int(connection.execute(table.insert().values(row).returning(table.c.id)).scalar_one())


def take(store: Store, campaign_id: int, limit: int, owner: str = "w1", minutes: int = 0) -> list[Recipient]:
    now = NOON + timedelta(minutes=minutes)
    with store.read() as connection:
        found = connection.exec_driver_sql("SELECT id FROM lane").scalar()
    lane_id = found or lane(store)
    with store.write() as connection:
        wanted = Claim(campaign_id, "gmail", lane_id, owner, now, now + LEASE)
        return claims.claim(connection, wanted, limit)


def mark(store: Store, *rows: Recipient) -> set[int]:
    with store.write() as connection:
        message_ids = {(row.id, row.fence): f"<{row.id}@example.com>" for row in rows}
        return claims.mark_sending(connection, message_ids, NOON + LEASE)


def settle(store: Store, row: Recipient, state: State, minutes: int = 0, again: int = 0) -> int:
    at = NOON + timedelta(minutes=minutes)
    with store.write() as connection:
        next_at = at + timedelta(minutes=again) if again else None
        return claims.settle(connection, [Settlement(row.id, row.fence, state, at, next_at)])


def expire(store: Store, minutes: int, dead: tuple[str, ...] = ()) -> claims.Expired:
    now = NOON + timedelta(minutes=minutes)
    with store.write() as connection:
        return claims.expire_leases(connection, now, now + timedelta(minutes=10), dead)


def states(store: Store, campaign_id: int) -> dict[State, int]:
    with store.read() as connection:
        return dict(recipients.counts(connection, campaign_id))


def test_a_row_is_claimed_once(store: Store) -> None:
    campaign_id = make(store, 5)
    first, second = take(store, campaign_id, 3), take(store, campaign_id, 10, "w2")

    assert [len(first), len(second)] == [3, 2]
    assert not {row.id for row in first} & {row.id for row in second}
    assert states(store, campaign_id) == {State.CLAIMED: 5}


def test_a_claimed_row_comes_with_its_person(store: Store) -> None:
    [row] = take(store, make(store, 1), 1)

    assert (row.email, row.attributes) == ("c1-0@example.net", {"name": "c1-0@example.net"})
    assert (row.attempts, row.fence, row.first_at) == (1, 1, None)


def test_nothing_is_claimed_before_it_is_due(store: Store) -> None:
    campaign_id = make(store, 1)
    [row] = take(store, campaign_id, 1)
    settle(store, row, State.DEFERRED, again=10)

    assert take(store, campaign_id, 1, minutes=9) == []
    [again] = take(store, campaign_id, 1, minutes=10)
    assert (again.attempts, again.fence, again.first_at) == (2, 2, NOON)


def test_retries_do_not_wait_for_the_end_of_a_long_campaign(store: Store) -> None:
    """Nor do new rows wait for retries: a provider that defers everything gets half of each batch."""
    campaign_id = make(store, 8)
    for row in take(store, campaign_id, 4):
        settle(store, row, State.DEFERRED, again=5)

    batch = take(store, campaign_id, 4, minutes=5)

    assert sorted(row.attempts for row in batch) == [1, 1, 2, 2]


def test_a_row_is_settled_by_who_holds_it_and_nobody_else(store: Store) -> None:
    """The fence: a worker that slept through its lease cannot overwrite the one that took over."""
    campaign_id = make(store, 1)
    [slept] = take(store, campaign_id, 1)
    expire(store, 3)
    [took_over] = take(store, campaign_id, 1, "w2", minutes=3)

    assert mark(store, slept) == set()
    assert settle(store, slept, State.FAILED) == 0
    assert mark(store, took_over) == {took_over.id}
    assert settle(store, took_over, State.SENT) == 1
    assert states(store, campaign_id) == {State.SENT: 1}


def test_many_are_settled_and_given_back_at_once(store: Store) -> None:
    campaign_id = make(store, 6)
    first, second, third, *rest = take(store, campaign_id, 6)
    mark(store, first, second)
    with store.write() as connection:
        settled = [
            Settlement(first.id, first.fence, State.SENT, NOON, code=250),
            Settlement(second.id, second.fence, State.UNKNOWN, NOON),
            Settlement(third.id, third.fence, State.FAILED, NOON, code=550, enhanced="5.1.1"),
        ]
        assert claims.settle(connection, settled) == 3
        assert claims.release(connection, [(row.id, row.fence) for row in rest]) == 3

    expected = {State.SENT: 1, State.UNKNOWN: 1, State.FAILED: 1, State.PENDING: 3}
    assert states(store, campaign_id) == expected


def test_only_held_claims_are_marked_in_a_batch(store: Store) -> None:
    campaign_id = make(store, 2)
    [gone] = take(store, campaign_id, 1)
    expire(store, 3)
    held = take(store, campaign_id, 2, "w2", minutes=3)

    assert mark(store, gone, *held) == {row.id for row in held}


def test_a_lease_that_ends_before_anything_was_handed_over_gives_the_row_back(store: Store) -> None:
    campaign_id = make(store, 2)
    take(store, campaign_id, 2)

    assert expire(store, 1) == claims.Expired(0, 0, 0)
    assert expire(store, 2) == claims.Expired(2, 0, 0)
    assert [row.attempts for row in take(store, campaign_id, 2, minutes=2)] == [1, 1]


@pytest.mark.parametrize(("on_unknown", "state"), [("hold", State.UNKNOWN), ("resend", State.DEFERRED)])
def test_a_worker_that_died_after_handing_over_leaves_an_unknown(
    store: Store, on_unknown: str, state: State
) -> None:
    """Rule 3 of the design: never `sent`, never silence; whether it goes again is for the campaign to say."""
    campaign_id = make(store, 1, on_unknown)
    rows = take(store, campaign_id, 1)
    mark(store, *rows)

    expired = expire(store, 2)

    assert (expired.unknown, expired.resent) == ((1, 0) if on_unknown == "hold" else (0, 1))
    assert states(store, campaign_id) == {state: 1}
    with store.read() as connection:
        assert connection.execute(select(attempt.c.result)).scalars().all() == ["unknown"]


def test_the_rows_of_a_worker_known_to_be_dead_need_not_wait_for_the_lease(store: Store) -> None:
    campaign_id = make(store, 2)
    take(store, campaign_id, 1, "dead")
    take(store, campaign_id, 1, "alive")

    assert expire(store, 0, dead=("dead",)) == claims.Expired(1, 0, 0)
    assert states(store, campaign_id) == {State.PENDING: 1, State.CLAIMED: 1}


def test_an_answer_that_comes_after_the_lease_still_counts(store: Store) -> None:
    """The worker was only slow: what it learned is true, and nobody else has the row."""
    campaign_id = make(store, 1)
    [row] = take(store, campaign_id, 1)
    mark(store, row)
    expire(store, 3)

    assert settle(store, row, State.SENT) == 1
    assert states(store, campaign_id) == {State.SENT: 1}


def test_a_row_given_back_is_as_if_it_had_not_been_claimed(store: Store) -> None:
    campaign_id = make(store, 1)
    [row] = take(store, campaign_id, 1)
    with store.write() as connection:
        assert claims.release(connection, [(row.id, row.fence)]) == 1

    [again] = take(store, campaign_id, 1)
    assert again.attempts == 1


def test_a_row_in_the_middle_of_sending_cannot_be_given_back(store: Store) -> None:
    campaign_id = make(store, 1)
    [row] = take(store, campaign_id, 1)
    mark(store, row)

    with store.write() as connection:
        assert claims.release(connection, [(row.id, row.fence)]) == 0


def test_renewing_keeps_only_ones_own(store: Store) -> None:
    campaign_id = make(store, 2)
    [mine] = take(store, campaign_id, 1, "w1")
    take(store, campaign_id, 1, "w2")
    with store.write() as connection:
        assert claims.renew(connection, "w1", NOON + 10 * LEASE, [mine.id]) == 0
        assert claims.owners(connection) == {"w1", "w2"}

    assert expire(store, 5).returned == 1


def test_a_claim_whose_owner_never_heard_of_it_comes_back(store: Store) -> None:
    """The store was restarted between the commit and its answer."""
    campaign_id = make(store, 2)
    heard, _unheard = take(store, campaign_id, 2, "w1")
    with store.write() as connection:
        assert claims.renew(connection, "w1", NOON + 10 * LEASE, [heard.id]) == 1

    assert expire(store, 5).returned == 1
    assert states(store, campaign_id) == {State.CLAIMED: 1, State.PENDING: 1}


def test_a_deferred_row_is_given_up_when_its_time_has_passed(store: Store) -> None:
    campaign_id = make(store, 2)
    for minutes, row in enumerate(take(store, campaign_id, 2)):
        settle(store, row, State.DEFERRED, minutes=minutes * 60, again=60)
    with store.write() as connection:
        given_up = claims.give_up(connection, campaign_id, NOON + timedelta(minutes=1), NOON)

    assert given_up == 1
    assert states(store, campaign_id) == {State.FAILED: 1, State.DEFERRED: 1}


# ---- what the store refuses, whoever asks --------------------------------------------------------


@pytest.mark.parametrize("old", State)
def test_the_store_allows_the_moves_of_the_table_and_no_other(store: Store, old: State) -> None:
    """Rule 3 of the design is the store's, so that no code and no person at a prompt can break it."""
    make(store, 1)
    for new in State:
        with store.write() as connection:
            for state in _way_to(old):
                connection.execute(update(recipient).values(_as(state)))
        if new is old or new in MOVES[old]:
            with store.write() as connection:
                connection.execute(update(recipient).values(_as(new)))
        else:
            with pytest.raises(DBAPIError, match="no such move"), store.write() as connection:
                connection.execute(update(recipient).values(_as(new)))
        with store.write() as connection:
            connection.execute(recipient.delete())
            recipients.freeze(connection, 1, 1, NOON)


def _as(state: State) -> dict[str, object]:
    leased = state in (State.CLAIMED, State.SENDING)
    return {"state": state.value, "lease_until": NOON if leased else None}


def _way_to(state: State, seen: tuple[State, ...] = (State.PENDING,)) -> tuple[State, ...]:
    """A way from pending to that state, by the table."""
    if seen[-1] is state:
        return seen
    ways = [_way_to(state, (*seen, step)) for step in sorted(MOVES[seen[-1]]) if step not in seen]
    return min((way for way in ways if way and way[-1] is state), key=len, default=())


def test_a_leased_state_without_a_lease_is_refused(store: Store) -> None:
    make(store, 1)
    with pytest.raises(DBAPIError, match="ck_recipient_leased"), store.write() as connection:
        connection.execute(update(recipient).values(state="claimed"))


def test_a_campaign_with_open_rows_cannot_be_called_finished(store: Store) -> None:
    """Rule 4 of the design: the store says so, at every stage of the way."""
    campaign_id = make(store, 1)
    finish = update(campaign).where(campaign.c.id == campaign_id).values(state="finished")

    def refused() -> bool:
        with store.write() as connection:
            assert not recipients.finish_if_done(connection, campaign_id, NOON)
        try:
            with store.write() as connection:
                connection.execute(finish)
        except DBAPIError as error:
            return "no open recipients" in str(error)
        return False

    assert refused()
    [row] = take(store, campaign_id, 1)
    assert refused()
    mark(store, row)
    assert refused()
    settle(store, row, State.DEFERRED, again=1)
    assert refused()
    [row] = take(store, campaign_id, 1, minutes=5)
    settle(store, row, State.FAILED)
    with store.write() as connection:
        assert recipients.finish_if_done(connection, campaign_id, NOON)


def test_unknown_rows_do_not_keep_a_campaign_from_being_finished(store: Store) -> None:
    campaign_id = make(store, 1)
    rows = take(store, campaign_id, 1)
    mark(store, *rows)
    expire(store, 3)
    with store.write() as connection:
        assert recipients.finish_if_done(connection, campaign_id, NOON)

    with pytest.raises(DBAPIError, match="the campaign is finished"), store.write() as connection:
        recipients.reopen(connection, campaign_id, [State.UNKNOWN], NOON)


def test_nobody_joins_a_finished_campaign(store: Store) -> None:
    campaign_id = make(store, 0)
    with store.write() as connection:
        assert recipients.finish_if_done(connection, campaign_id, NOON)
    with pytest.raises(DBAPIError, match="the campaign is finished"), store.write() as connection:
        from tests.fakes.campaign import make_list

        late = make_list(connection, ["late@example.net"], "late")
        recipients.freeze(connection, campaign_id, late, NOON)


def steps_of_a_round(folder: Path, people: int) -> int:
    """What SQLite's machine does to look for work, claim ten rows, and ask whether a campaign is done."""
    folder.mkdir()
    store = open_store(sqlite_store(folder))
    with store.write() as connection:
        campaign_id = frozen(connection, people, provider="gmail")
        lanes.ensure(connection, "relay", "gmail", 10, None, NOON)
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with store.write() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_progress_handler(count, 1)
        [work] = lanes.due(connection, NOON)
        wanted = Claim(campaign_id, "gmail", work.lane_id, "me", NOON, NOON + timedelta(minutes=2))
        assert len(claims.claim(connection, wanted, 10)) == 10
        assert not recipients.unrouted(connection, 10)
        assert recipients.waiting_providers(connection) == [("relay", "gmail")]
        assert not recipients.finish_if_done(connection, campaign_id, NOON)
        raw.set_progress_handler(None, 0)
    store.close()
    return counted


def test_a_round_costs_the_same_however_many_people_wait(tmp_path: Path) -> None:
    """A statement that misses its index goes through everybody who waits, for every ten messages."""
    few, many = steps_of_a_round(tmp_path / "few", 50), steps_of_a_round(tmp_path / "many", 2_000)

    assert many < 1.2 * few
