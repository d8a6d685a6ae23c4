"""The store fails in the middle of a campaign: nothing is sent that is not written down, and it goes on.

The disk is full for a worker while the kernel refuses to let its files grow (RLIMIT_FSIZE, set from outside
and taken back, which needs no root and no mount). The database is restarted as an operator would, and as in a
crash. What the sink wrote into its ledger is the truth.
"""

import json
import os
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from data import lanes
from data.invariants.table import check
from data.migrate import migrate
from data.states import State
from data.store import Store, open_store
from data.tables import campaign, lane_share, recipient
from sender.delivery.engine import Engine
from sender.delivery.owner import new_owner
from tests.fakes.campaign import NOON, frozen
from tests.fakes.delivery import parts
from tests.lab.deliveryworker import Nursery, sinking
from tests.lab.faultsink import Rates, read_ledger
from tests.lab.postgres import Server, new_database, server
from tests.stores import sqlite_store

pytestmark = pytest.mark.sockets
CALM = Rates(0, 0, 0, 0, 0, 0, answer_seconds=0.02)
PEOPLE, CONNECTIONS = 160, 8
PATIENCE_SECONDS = 60
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
WRITTEN_DOWN = {State.SENDING, State.SENT, State.UNKNOWN}


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@contextmanager
def begun(store: Store, port: int, on_unknown: str = "hold") -> Iterator[None]:
    """With a campaign that is sending."""
    settings = {"host": "127.0.0.1", "port": port, "tls": "off", "connections": CONNECTIONS}
    with store.write() as connection:
        frozen(connection, PEOPLE, kind="smtp", settings=settings, on_unknown=on_unknown)
    yield


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def rows(store: Store) -> dict[str, str]:
    with store.read() as connection:
        return {row.address: row.state for row in connection.execute(select(recipient))}


def finished(store: Store) -> bool:
    try:
        with store.read() as connection:
            return connection.scalar(select(campaign.c.state)) == "finished"
    except OperationalError:  # it is being restarted
        return False


def broken(store: Store) -> list[str]:
    with store.read() as connection:
        return [result.key for result in check(connection, datetime.now(UTC)) if result.broken]


def took(ledger: Path) -> Counter[str]:
    return Counter(json.loads(line)["took"] for line in ledger.read_text().splitlines())


@contextmanager
def full_disk(pid: int, store: Store) -> Iterator[None]:
    """No file of that process may grow beyond what the store's log has now."""
    size = Path(f"{store.name}-wal").stat().st_size
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, UNLIMITED)


def test_on_a_full_disk_nothing_is_sent_and_it_goes_on_when_there_is_room(
    nursery: Nursery, tmp_path: Path
) -> None:
    url = sqlite_store(tmp_path)
    store = open_store(url)
    with (
        sinking(tmp_path, "1", CALM) as (port, ledger),
        begun(store, port),
        nursery.worker(url, lease=3) as pid,
    ):
        until(lambda: len(took(ledger)) > 20)
        with full_disk(pid, store):
            time.sleep(1.0)
            stopped = took(ledger)
            time.sleep(1.0)
            assert took(ledger) == stopped, "sent, and not written down before"
            found = rows(store)
            assert {found[who] for who in stopped} <= WRITTEN_DOWN
            assert len(stopped) < PEOPLE
        until(lambda: finished(store))

    assert set(took(ledger).values()) == {1}, "a copy"
    assert Counter(rows(store).values()) == {State.SENT: PEOPLE}
    assert broken(store) == []
    store.close()


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    with server() as made:
        yield made


@pytest.mark.lab("postgres")
@pytest.mark.parametrize("on_unknown", ["hold", "resend"])
def test_a_database_that_is_restarted_costs_nobody_their_letter(
    nursery: Nursery, database: Server, tmp_path: Path, on_unknown: str
) -> None:
    url = new_database(database.url, f"faults_{on_unknown}")
    store = open_store(url)
    migrate(store)
    with (
        sinking(tmp_path, "1", CALM) as (port, ledger),
        begun(store, port, on_unknown),
        nursery.worker(url, lease=3),
    ):
        for share, how in ((0.25, signal.SIGINT), (0.5, signal.SIGQUIT)):
            until(lambda share=share: len(took(ledger)) > PEOPLE * share)  # type: ignore[misc]
            database.stop(how)
            database.start()
        until(lambda: finished(store))

    copies = read_ledger(ledger).copies
    counted = Counter(rows(store).values())
    assert counted[State.SENT] + counted[State.UNKNOWN] == PEOPLE
    assert {who for who, state in rows(store).items() if state == State.SENT} <= set(copies), "lost"
    assert sum(len(ids) - 1 for ids in copies.values()) <= (on_unknown == "resend") * 2 * CONNECTIONS
    assert counted[State.UNKNOWN] <= (on_unknown == "hold") * 2 * CONNECTIONS
    assert broken(store) == []
    store.close()


def limit(server: Server, soft: int) -> None:
    """How far files of the server's processes may grow, those that it starts later included."""
    assert server.process
    own = server.process.pid
    for pid in (own, *map(int, Path(f"/proc/{own}/task/{own}/children").read_text().split())):
        with suppress(ProcessLookupError):  # a backend that ended meanwhile
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))


@pytest.mark.lab("postgres")
def test_on_a_full_disk_of_the_database_nothing_is_sent_and_it_goes_on_when_there_is_room(
    nursery: Nursery, database: Server, tmp_path: Path
) -> None:
    """PostgreSQL that cannot write its log ends itself; an operator makes room and starts it again."""
    url = new_database(database.url, "full")
    store = open_store(url)
    migrate(store)
    with (
        sinking(tmp_path, "1", CALM) as (port, ledger),
        begun(store, port),
        nursery.worker(url, lease=3),
    ):
        until(lambda: len(took(ledger)) > 20)
        limit(database, 8_192)
        time.sleep(1.0)
        stopped = took(ledger)
        time.sleep(1.0)
        assert took(ledger) == stopped, "sent, and not written down before"
        assert len(stopped) < PEOPLE
        assert database.process
        if database.process.poll() is None:
            limit(database, resource.RLIM_INFINITY)
            database.stop()
        database.start()
        until(lambda: finished(store))

    counted = Counter(rows(store).values())
    assert counted[State.SENT] + counted[State.UNKNOWN] == PEOPLE
    assert {who for who, state in rows(store).items() if state == State.SENT} <= set(took(ledger)), "lost"
    assert set(took(ledger).values()) == {1}, "a copy"
    assert counted[State.UNKNOWN] <= CONNECTIONS
    assert broken(store) == []
    store.close()


def owner_that_died() -> str:
    """The name of an engine whose process is gone."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, new_owner().encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        return pipe.read()


def test_nobody_waits_for_the_connections_of_a_worker_that_died_between_two_messages(store: Store) -> None:
    """It held no row any more, only its part of the lane."""
    with store.write() as connection:
        frozen(connection, 3, settings={"connections": 2})
        lanes.ensure(connection, "relay", "gmail", 2, None, NOON)
        share = {"lane_id": 1, "owner": owner_that_died(), "connections": 2}
        connection.execute(lane_share.insert().values(**share, lease_until=NOON + timedelta(minutes=2)))

    assert Engine(parts(store)).work_once() == 3
