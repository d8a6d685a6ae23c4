"""The engine on both stores, into the sink: what becomes of every row, and when nothing is sent."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from data import attempts, lanes, recipients
from data.lanes import LaneState
from data.recipients import Refusal, RefusalReason
from data.states import State
from data.store import Store
from data.tables import campaign, lane_hour, recipient
from sender.delivery.engine import Engine, Shift
from sender.delivery.envelope import RenderFailed
from tests.fakes.campaign import NOON, frozen, make_campaign, make_list
from tests.fakes.delivery import Asked, PlainRenderer, RunningClock, WoundClock, parts
from tests.fakes.zone import ZoneDns


def make(store: Store, people: int, **options: Any) -> int:
    with store.write() as connection:
        return frozen(connection, people, **options)


def states(store: Store, campaign_id: int = 1) -> dict[State, int]:
    with store.read() as connection:
        return dict(recipients.counts(connection, campaign_id))


def state_of(store: Store, campaign_id: int = 1) -> str:
    with store.read() as connection:
        return str(
            connection.execute(select(campaign.c.state).where(campaign.c.id == campaign_id)).scalar_one()
        )


def test_everybody_gets_the_message_and_the_campaign_is_finished(store: Store) -> None:
    make(store, 50)
    sent = Engine(parts(store)).work_once()

    assert sent == 50
    assert states(store) == {State.SENT: 50}
    assert state_of(store) == "finished"


def test_every_reply_is_kept_where_it_belongs(store: Store) -> None:
    """Accepted, refused, deferred and unknown stay different; attempts say what was said."""
    make(store, 200, provider="proton", settings={"refuse": 0.1, "defer": 0.1, "lose": 0.1, "connections": 4})
    Engine(parts(store)).work_once()

    found = states(store)
    assert set(found) == {State.SENT, State.FAILED, State.DEFERRED, State.UNKNOWN}
    assert sum(found.values()) == 200
    assert state_of(store) == "sending"
    with store.read() as connection:
        tally = dict(connection.execute(select(lane_hour.c.result, lane_hour.c.count)).all())
        assert tally == {
            "accepted": found[State.SENT],
            "refused": found[State.FAILED],
            "deferred": found[State.DEFERRED],
            "unknown": found[State.UNKNOWN],
        }
        [row] = recipients.some(connection, 1, [State.FAILED], limit=1)
        [entry] = attempts.of_recipient(connection, row["id"])
    assert (entry.result, entry.code, entry.enhanced, entry.category) == (
        *("refused", 550, "5.1.1"),
        "unknown_user",
    )
    assert row["message_id"], "it was on disk as being sent before the receiver was asked"


def test_deferred_rows_come_again_when_they_are_due_and_are_given_up_in_the_end(store: Store) -> None:
    """An offer of today that comes the day after tomorrow earns complaints."""
    make(store, 3, settings={"defer": 1.0})
    clock = WoundClock()
    engine = Engine(parts(store, clock=clock))
    tries = 0
    while State.DEFERRED in states(store) or not tries:
        tries += engine.work_once()
        clock.wind(60 * 60)

    assert 3 * 10 <= tries <= 3 * 20
    assert states(store) == {State.FAILED: 3}
    with store.read() as connection:
        [row, *_] = recipients.some(connection, 1, [State.FAILED])
    assert row["category"] == "expired"
    assert clock.at - NOON < timedelta(hours=30)
    assert state_of(store) == "finished"


@pytest.mark.parametrize(("on_unknown", "state"), [("hold", State.UNKNOWN), ("resend", State.DEFERRED)])
def test_a_lost_answer_is_unknown_and_sent_again_only_where_that_is_wished(
    store: Store, on_unknown: str, state: State
) -> None:
    make(store, 4, on_unknown=on_unknown, settings={"lose": 1.0})
    Engine(parts(store)).work_once()

    assert states(store) == {state: 4}
    assert state_of(store) == ("finished" if on_unknown == "hold" else "sending")


def test_who_may_not_be_written_to_is_skipped_at_the_claim(store: Store) -> None:
    make(store, 3)
    consent = Asked({"c1-1@example.net": Refusal(RefusalReason.SUPPRESSED, "complained")})
    Engine(parts(store, consent=consent)).work_once()

    assert states(store) == {State.SENT: 2, State.SKIPPED: 1}
    with store.read() as connection:
        [row] = recipients.some(connection, 1, [State.SKIPPED])
    assert (row["category"], row["response"]) == ("suppressed", "complained")


def test_consent_is_asked_again_just_before_mail_from(store: Store) -> None:
    """Who unsubscribes while rows wait in a worker's queue gets nothing any more."""
    make(store, 3)

    class ChangesItsMind(Asked):
        def __call__(self, connection: Any, rows: Any) -> Any:
            answer = super().__call__(connection, rows)
            self.refused["c1-2@example.net"] = Refusal(RefusalReason.NOT_A_MEMBER, "unsubscribed")
            return answer

    consent = ChangesItsMind()
    Engine(parts(store, consent=consent)).work_once()

    assert states(store) == {State.SENT: 2, State.SKIPPED: 1}
    assert sum(len(question) for question in consent.questions) == 6


def test_connections_share_their_transactions(store: Store) -> None:
    """Each message is on disk before it goes out and after, and a commit costs what a commit costs."""
    make(store, 320, settings={"connections": 16})
    engine = Engine(parts(store))
    engine.work_once()

    assert states(store) == {State.SENT: 320}
    assert engine.commits <= 320 * 0.125 + 20


def test_a_message_that_cannot_be_made_fails_alone(store: Store) -> None:
    make(store, 3)

    class Picky(PlainRenderer):
        def render(self, recipient: Any) -> Any:
            if recipient.email == "c1-1@example.net":
                return RenderFailed("the subject holds a line break")
            return super().render(recipient)

    Engine(parts(store, renderer=Picky())).work_once()

    assert states(store) == {State.SENT: 2, State.FAILED: 1}
    with store.read() as connection:
        [row] = recipients.some(connection, 1, [State.FAILED])
    assert (row["category"], row["response"]) == ("content", "the subject holds a line break")


def test_a_fault_of_ours_makes_a_message_wait_and_not_the_others(store: Store) -> None:
    make(store, 3)

    class Broken(PlainRenderer):
        def render(self, recipient: Any) -> Any:
            if recipient.email == "c1-1@example.net":
                raise ZeroDivisionError("oops")
            return super().render(recipient)

    Engine(parts(store, renderer=Broken())).work_once()

    assert states(store) == {State.SENT: 2, State.DEFERRED: 1}


def test_without_a_key_nothing_goes_out_unsigned(store: Store) -> None:
    make(store, 3)
    engine = Engine(parts(store, renderer=PlainRenderer(signing_domain="example.com")))
    engine.work_once()

    assert states(store) == {State.PENDING: 3}
    assert engine.troubles == {"campaign 1": "there is no DKIM key for example.com"}


def test_a_server_with_wrong_settings_is_named_and_nothing_is_lost(store: Store) -> None:
    make(store, 3, settings={"colour": "blue"})
    engine = Engine(parts(store))
    engine.work_once()

    assert states(store) == {State.PENDING: 3}
    assert engine.troubles == {"relay": "relay: colour: Extra inputs are not permitted"}


def test_recipients_are_put_into_lanes_by_the_servers_of_their_domain(store: Store) -> None:
    """A domain that cannot be looked up is everybody else's; it blocks nothing."""
    zone = {
        "gmail.com": {
            "MX": [
                [5, "gmail-smtp-in.l.google.com"],
                [10, "alt1.gmail-smtp-in.l.google.com"],
            ]
        },
        "vanity.example": {
            "MX": [
                [1, "aspmx.l.google.com"],
                [5, "mail.vanity.example"],
            ]
        },
        "company.example": {
            "MX": [
                [1, "aspmx.l.google.com"],
            ]
        },
        "slow.example": {"MX": "TIMEOUT"},
    }
    people = ["a@gmail.com", "b@vanity.example", "c@company.example", "d@slow.example", "e@nowhere.example"]
    with store.write() as connection:
        list_id = make_list(connection, people)
        campaign_id = make_campaign(connection, list_id)
        recipients.freeze(connection, campaign_id, list_id, NOON)
    Engine(parts(store, dns=ZoneDns(zone))).work_once()

    with store.read() as connection:
        found = {row["address"]: row["provider"] for row in recipients.some(connection, 1, list(State))}
        known = {(lane.egress, lane.provider) for lane in lanes.all_lanes(connection)}
    assert found == {
        "a@gmail.com": "gmail",
        "b@vanity.example": "other",
        "c@company.example": "gmail",
        "d@slow.example": "other",
        "e@nowhere.example": "other",
    }
    assert known == {("relay", "gmail"), ("relay", "other")}
    assert states(store) == {State.SENT: 5}


def test_a_domain_is_looked_up_once_a_week(store: Store) -> None:
    dns = ZoneDns(
        {
            "gmail.com": {
                "MX": [
                    [5, "gmail-smtp-in.l.google.com"],
                ]
            }
        }
    )
    for name in ("c1", "c2"):
        with store.write() as connection:
            list_id = make_list(connection, [f"{name}@gmail.com"], name)
            campaign_id = make_campaign(connection, list_id, name=name, egress=name)
            recipients.freeze(connection, campaign_id, list_id, NOON)
        Engine(parts(store, dns=dns)).work_once()

    assert len(dns.asked) == 1


# ---- while it runs -------------------------------------------------------------------------------


@contextmanager
def running(store: Store) -> Iterator[None]:
    """An engine in a thread; at the end it is told to stop."""
    stop = threading.Event()
    engine = Engine(parts(store, clock=RunningClock()))
    thread = threading.Thread(target=engine.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def until(holds: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to hold")


@pytest.fixture
def slow_campaign(store: Store) -> Store:
    make(store, 400, settings={"seconds": 0.02, "connections": 4})
    return store


def test_stopping_settles_what_is_under_way_and_gives_back_the_rest(slow_campaign: Store) -> None:
    with running(slow_campaign):
        until(lambda: states(slow_campaign).get(State.SENT, 0) > 10)

    assert set(states(slow_campaign)) == {State.SENT, State.PENDING}
    Engine(parts(slow_campaign)).work_once()
    assert states(slow_campaign) == {State.SENT: 400}


@pytest.mark.parametrize(("state", "left"), [("paused", State.PENDING), ("cancelled", State.SKIPPED)])
def test_pausing_and_cancelling_act_on_what_is_already_claimed(
    slow_campaign: Store, state: str, left: State
) -> None:
    """Within the message that is under way on each connection, not at the end of the batch."""
    with running(slow_campaign):
        until(lambda: states(slow_campaign).get(State.SENT, 0) > 10)
        with slow_campaign.write() as connection:
            connection.execute(update(campaign).values(state=state))
            sent = recipients.counts(connection, 1)[State.SENT]
        until(lambda: set(states(slow_campaign)) == {State.SENT, left})

    assert states(slow_campaign)[State.SENT] <= sent + 2 * 4


def test_a_storm_of_rate_limits_slows_its_lane_and_no_other(store: Store) -> None:
    """A Gmail 4.7.28 storm backs off within ten messages while others run on."""
    make(store, 300, provider="gmail", settings={"defer": 1.0, "connections": 4})
    make(store, 300, name="c2", egress="other", provider="gmx")
    clock = WoundClock()
    Engine(parts(store, clock=clock)).work_once()

    with store.read() as connection:
        slow, fast = lanes.all_lanes(connection)[-1], lanes.all_lanes(connection)[0]
        assert {slow.egress, fast.egress} == {"relay", "other"}
        attempted = connection.execute(select(recipient.c.id).where(recipient.c.attempts > 0)).all()
    assert slow.state is LaneState.BACKING_OFF
    assert "4.7.28" in slow.reason
    assert states(store, 2) == {State.SENT: 300}
    assert len(attempted) - 300 <= 10


def test_with_nothing_to_send_the_engine_asks_the_store_once_a_second_and_writes_nothing(
    store: Store,
) -> None:
    """What is finished costs nothing any more, and a campaign that is started is seen at the next look."""
    make(store, 3)
    looks: list[str] = []
    clock = WoundClock()

    async def rounds() -> list[bool]:
        shift = Shift(parts(store, clock=clock), "me", {})
        shift.start()
        busy = []
        for number in range(12):
            if number == 6:
                event.listen(store.engine, "before_cursor_execute", lambda *said: looks.append(said[2]))
            await shift.round()
            for work in shift.works:
                await work.settled()
            await shift.ledger.drain()
            busy.append(shift.busy)
            clock.wind(1)
        looks_then = len(looks)
        with store.write() as connection:
            frozen(connection, 2, name="c2", egress="other")
        await shift.round()
        assert shift.busy
        await shift.end(1)
        del looks[looks_then:]
        return busy

    busy = asyncio.run(rounds())

    assert busy[-6:] == [False] * 6
    assert states(store) == {State.SENT: 3}
    assert len([said for said in looks if said.startswith("SELECT")]) <= 6 * 2 + 2
    assert not [said for said in looks if said.startswith(("UPDATE", "INSERT", "DELETE", "BEGIN IMMEDIATE"))]
