"""Several sending servers on both stores: who sends whose mail, how much, and what breaks."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select

from data import pools, quotas, recipients, servers
from data.lanes import EVERYTHING
from data.pools import Member
from data.servers import Server, Standing
from data.states import State
from data.store import Store
from data.tables import lane, recipient
from sender.delivery.choice import shares
from sender.delivery.engine import Engine
from sender.delivery.fleet import look_after
from sender.delivery.outcome import Outcome, Phase, deferred
from sender.delivery.quota import Quota, grant
from sender.returns.session import category_of
from tests.fakes.campaign import NOON, frozen
from tests.fakes.delivery import WoundClock, parts
from tests.fakes.providers.serving import Answer, Fault, serving
from tests.fakes.providers.ses import KEY, REGION, SECRET, SesAccount

SES: dict[str, Any] = {
    "region": REGION,
    "access_key": KEY,
    "private": True,
    "secret": "key",
    "connections": 4,
}


def add(store: Store, name: str, kind: str = "sink", **settings: Any) -> int:
    with store.write() as connection:
        return servers.save_server(connection, name, kind, settings, NOON)


def member(store: Store, pool: int, server: int, **said: Any) -> None:
    with store.write() as connection:
        pools.add_member(connection, Member(pool, server, **said))


def campaign(store: Store, people: int, **options: Any) -> None:
    with store.write() as connection:
        frozen(connection, people, **options)


def server(store: Store, name: str = "relay") -> Server:
    with store.read() as connection:
        found = servers.find_server(connection, name)
    assert found is not None
    return found


def states(store: Store) -> Mapping[State, int]:
    with store.read() as connection:
        return dict(recipients.counts(connection, 1))


def sent_by(store: Store) -> dict[str, int]:
    """How many messages each server got rid of."""
    sent = select(lane.c.egress, func.count()).join_from(recipient, lane, lane.c.id == recipient.c.lane_id)
    with store.read() as connection:
        found = connection.execute(sent.where(recipient.c.state == "sent").group_by(lane.c.egress))
        return {row[0]: row[1] for row in found}


def engine(store: Store, clock: WoundClock | None = None, **options: Any) -> Engine:
    options = {"clock": clock or WoundClock(), "secret": lambda _name: SECRET, **options}
    return Engine(parts(store, classify=category_of, **options))


# ---- whose mail ----------------------------------------------------------------------------------


def test_a_campaign_is_shared_among_a_pool_by_weight(store: Store) -> None:
    campaign(store, 200, egress="pool", kind="pool")
    for name, weight in (("one", 1), ("three", 3)):
        member(store, 1, add(store, name), weight=weight)
    engine(store).work_once()

    assert states(store) == {State.SENT: 200}
    assert abs(sent_by(store)["one"] - 50) <= 2


def test_a_member_that_is_named_for_a_provider_or_a_list_takes_its_mail(store: Store) -> None:
    everybody, gmail, news = Member(9, 1), Member(9, 2, provider="gmail"), Member(9, 3, list_id=7)

    def senders(provider: str, list_id: int | None, usable: Sequence[int] = (1, 2, 3)) -> list[int]:
        return list(shares(9, [everybody, gmail, news], list_id, provider, usable))

    assert senders("yahoo", None) == [1]
    assert senders("gmail", None) == [2]
    assert senders("gmail", 7) == [3]
    assert senders("gmail", None, usable=(1, 3)) == [1]
    assert senders("gmail", None, usable=()) == []


def test_the_parts_of_a_pool_are_everything_and_never_overlap() -> None:
    members = [Member(9, number, weight=number) for number in (1, 2, 3, 7)]
    parts_ = sorted(shares(9, members, None, "gmail", (1, 2, 3, 7)).values())

    assert (parts_[0][0], parts_[-1][1]) == EVERYTHING
    assert all(one[1] == other[0] for one, other in pairwise(parts_))


def test_a_spare_sends_only_while_its_server_cannot(store: Store) -> None:
    campaign(store, 20)
    member(store, 1, add(store, "spare"), spare=True)
    with store.write() as connection:
        servers.pause(connection, 1, "looking at it", NOON)
    worker = engine(store)
    worker.work_once()

    assert sent_by(store) == {"spare": 20}
    assert "looking at it" in worker.troubles["relay"]


def test_a_paused_server_sends_nothing_and_loses_nothing(store: Store) -> None:
    campaign(store, 20)
    with store.write() as connection:
        servers.pause(connection, 1, "by hand", NOON)
    engine(store).work_once()
    assert states(store) == {State.PENDING: 20}

    with store.write() as connection:
        servers.resume(connection, 1, NOON)
    engine(store).work_once()
    assert states(store) == {State.SENT: 20}


# ---- how much ------------------------------------------------------------------------------------


def test_quotas_hold_over_any_number_of_workers(store: Store) -> None:
    """Debited in the transaction that claims: three workers at once, and never one message more."""
    campaign(store, 200, settings={"per_hour": 60, "connections": 4})
    workers = [threading.Thread(target=engine(store).work_once) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert states(store) == {State.SENT: 60, State.PENDING: 140}
    assert server(store).state is Standing.SPENT
    assert server(store).reason == "the quota of 60 messages in one hour is used up"


def test_a_used_up_quota_has_room_again_after_its_window(store: Store) -> None:
    clock = WoundClock()
    campaign(store, 100, settings={"per_hour": 60, "per_day": 100})
    engine(store, clock).work_once()
    clock.wind(59 * 60)
    engine(store, clock).work_once()
    assert states(store)[State.SENT] == 60

    clock.wind(3 * 60)
    engine(store, clock).work_once()
    assert states(store) == {State.SENT: 100}


def test_what_one_server_may_not_send_today_its_spare_sends(store: Store) -> None:
    campaign(store, 50, settings={"per_day": 10})
    member(store, 1, add(store, "spare"), spare=True)
    engine(store).work_once()

    assert sent_by(store) == {"relay": 10, "spare": 40}


def test_a_quota_holds_in_every_hour_wherever_it_begins(store: Store) -> None:
    """Minute by minute for three hours: no window of sixty minutes has more than the quota."""
    add(store, "relay")
    limit, claimed = Quota(per_hour=30), Counter[int]()
    for minute in range(180):
        now = NOON + timedelta(minutes=minute, seconds=minute * 7 % 60)
        with store.write() as connection:
            count = grant(connection, 1, limit, now, 9).count
            if count:
                quotas.debit(connection, 1, now, count)
        claimed[minute] = count

    windows = [sum(claimed[minute] for minute in range(start, start + 60)) for start in range(121)]
    assert max(windows) == 30


def test_a_quota_per_second_paces_all_lanes_together(store: Store) -> None:
    clock = WoundClock()
    campaign(store, 100, settings={"per_second": 10})
    worker = engine(store, clock)
    sent = []
    for _ in range(16):  # four seconds
        before = states(store).get(State.SENT, 0)
        worker.work_once()
        sent.append(states(store).get(State.SENT, 0) - before)
        clock.wind(0.25)

    assert 37 <= sum(sent) <= 41
    assert max(sum(sent[at : at + 4]) for at in range(13)) <= 13


# ---- what breaks ---------------------------------------------------------------------------------


@pytest.mark.sockets
def test_a_server_that_turns_us_away_stops_alone_and_another_takes_over(store: Store) -> None:
    """An account that was suspended: nobody is charged, nothing is lost, and the reason is said."""
    account = SesAccount(now=NOON, status="SHUTDOWN", enabled=False)
    with serving(account.obey) as served:
        campaign(store, 40, kind="ses", settings={**SES, "url": served.url})
        member(store, 1, add(store, "spare"), spare=True)
        worker = engine(store)
        worker.work_once()

    assert states(store) == {State.SENT: 40}
    assert sent_by(store) == {"spare": 40}
    assert server(store).state is Standing.STOPPED
    assert server(store).reason == "auth: 400 AccountSuspendedException: Account is suspended."
    assert "suspended" in worker.troubles["relay"]
    assert server(store, "spare").state is Standing.OPEN


@pytest.mark.sockets
def test_a_stopped_server_is_looked_at_without_a_message_and_goes_on_when_it_works(store: Store) -> None:
    clock, account = WoundClock(), SesAccount(now=NOON, enabled=False)
    with serving(account.obey) as served:
        campaign(store, 10, kind="ses", settings={**SES, "url": served.url})
        engine(store, clock).work_once()
        assert states(store)[State.DEFERRED] >= 1
        assert server(store).resume_at == NOON + timedelta(minutes=5)

        clock.wind(5 * 60)
        account.now = clock.now()
        engine(store, clock).work_once()
        assert account.taken == []
        assert server(store).resume_at == NOON + timedelta(minutes=15)

        account.enabled = True
        clock.wind(10 * 60)
        account.now = clock.now()
        engine(store, clock).work_once()

    assert states(store) == {State.SENT: 10}
    assert (server(store).state, server(store).strikes) == (Standing.OPEN, 0)


@pytest.mark.sockets
def test_what_is_unknown_never_goes_to_another_server_by_itself(store: Store) -> None:
    """The spare takes over what was not handed over, and only that."""
    account = SesAccount(now=NOON)
    with serving(account.obey) as served:
        served.next += [Fault.HANG_UP] * 40
        campaign(store, 40, kind="ses", settings={**SES, "url": served.url})
        member(store, 1, add(store, "spare"), spare=True)
        engine(store).work_once()

    found = states(store)
    assert server(store).state is Standing.STOPPED
    assert found[State.UNKNOWN] == len(account.taken) <= 2 * SES["connections"]
    assert found[State.SENT] == 40 - len(account.taken)
    assert sent_by(store) == {"spare": found[State.SENT]}


@pytest.mark.sockets
def test_a_provider_that_asks_to_wait_is_left_alone_by_everybody(store: Store) -> None:
    clock, account = WoundClock(), SesAccount(now=NOON)
    slow = Answer(429, {"message": "Maximum sending rate exceeded."}, {"Retry-After": "30"})
    with serving(account.obey) as served:
        served.next.append(slow)
        campaign(store, 10, kind="ses", settings={**SES, "url": served.url, "connections": 1})
        engine(store, clock).work_once()
        asked = len(served.calls)
        assert server(store).state is Standing.WAITING

        engine(store, clock).work_once()
        assert len(served.calls) == asked

        clock.wind(31)
        engine(store, clock).work_once()
    assert states(store) == {State.SENT: 10}


@pytest.mark.sockets
def test_a_relay_that_refuses_connections_stops_after_a_few_and_costs_nobody_a_try(store: Store) -> None:
    campaign(store, 30, kind="smtp", settings={"host": "127.0.0.1", "port": 1, "connections": 2})
    engine(store).work_once()

    assert states(store) == {State.PENDING: 30}
    assert server(store).state is Standing.STOPPED
    assert server(store).reason.startswith("connect: 127.0.0.1 port 1")
    with store.read() as connection:
        assert connection.execute(select(func.max(recipient.c.attempts))).scalar_one() == 0


def test_a_server_whose_key_is_missing_stops_and_says_so(store: Store) -> None:
    campaign(store, 5, kind="ses", settings=SES)
    engine(store, secret=lambda _name: "").work_once()

    assert states(store) == {State.PENDING: 5}
    assert "no key" in server(store).reason


def test_a_server_is_looked_at_again_later_and_later() -> None:
    unreachable = deferred(Phase.CONNECT, "connection refused")
    refused = Outcome(unreachable.result, Phase.AUTH, unreachable.again, 535)

    assert [look_after(unreachable, strikes).total_seconds() for strikes in (0, 1, 2)] == [30, 60, 120]
    assert look_after(refused, 0) == timedelta(minutes=5)
    assert look_after(refused, 99) == timedelta(hours=6)


def test_a_sink_that_drops_connections_defers_and_loses_nothing(store: Store) -> None:
    campaign(store, 100, provider="proton", settings={"drop": 0.3, "connections": 4})
    engine(store).work_once()

    found = states(store)
    assert set(found) == {State.SENT, State.DEFERRED}
    assert 15 <= found[State.DEFERRED] <= 45
