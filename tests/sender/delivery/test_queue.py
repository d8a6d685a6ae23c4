"""The engine on PostgreSQL through Procrastinate: real worker processes on one database."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from data import queue
from data.states import State
from data.store import Store, open_store
from data.tables import lane_share
from sender.delivery.queue import queue_of
from tests.lab.deliveryworker import Nursery, kill, sinking
from tests.lab.faultsink import Rates, read_ledger
from tests.sender.delivery.test_kill import (
    Story,
    begin,
    hold_against_each_other,
    never_finished_with_open_rows,
    standing,
    wait_for_the_end,
)
from tests.stores import postgresql_store

pytestmark = [pytest.mark.lab("postgres"), pytest.mark.sockets]
NO_FAULTS = Rates(0, 0, 0, 0, 0, 0, answer_seconds=0.01)


@pytest.fixture
def url(postgresql_server: str) -> Iterator[str]:
    with postgresql_store(postgresql_server) as made:
        yield made


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


def sharing(store: Store) -> int:
    """Workers that hold connections of the lane."""
    with store.read() as connection:
        found = select(lane_share.c.owner).where(lane_share.c.connections > 0)
        return len(connection.execute(found).all())


def until_both_work(store: Store) -> None:
    for _ in range(200):
        if sharing(store) == 2:
            return
        time.sleep(0.05)
    raise AssertionError("the second worker never got a part")


def test_two_workers_deliver_one_campaign_together_and_one_of_them_is_killed(
    nursery: Nursery, store: Store, url: str, tmp_path: Path
) -> None:
    story = Story(700, 8, 1, 5, "hold", NO_FAULTS)
    with sinking(tmp_path, str(story.seed), story.rates) as (port, ledger):
        begin(store, story, port)
        with nursery.worker(url, queue=True) as first, nursery.worker(url, queue=True):
            until_both_work(store)
            kill(first)
            never_finished_with_open_rows(store)
            wait_for_the_end(store)
        taken = read_ledger(ledger)

    rows = standing(store)[1]
    hold_against_each_other(rows, taken, story)
    assert set(rows.values()) <= {State.SENT, State.UNKNOWN}


def test_a_task_names_a_lane_and_waits_only_once(
    nursery: Nursery, store: Store, url: str, tmp_path: Path
) -> None:
    story = Story(150, 4, 0, 6, "hold", NO_FAULTS)
    seen: set[tuple[str, str]] = set()
    with sinking(tmp_path, str(story.seed), story.rates) as (port, _):
        begin(store, story, port)
        with nursery.worker(url, queue=True), nursery.worker(url, queue=True):
            while standing(store)[0] != "finished":
                seen |= waiting_tasks(store)

    assert {name for name, _ in seen} <= {"lane", "routes"}
    assert {arguments for name, arguments in seen if name == "lane"} <= {'{"lane_id": 1}'}
    with store.read() as connection:
        left = connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one()
    assert left <= 3, "one that waits, and one that each killed worker was at: what is done is gone"


def waiting_tasks(store: Store) -> set[tuple[str, str]]:
    with store.read() as connection:
        if not inspect(connection).has_table("procrastinate_jobs"):
            return set()
        todo = "FROM procrastinate_jobs WHERE status = 'todo' GROUP BY 1, 2"
        found = f"SELECT task_name, args::text, count(*) {todo}"
        rows = connection.execute(text(found)).all()
    assert all(row[2] == 1 for row in rows)
    return {(row[0], row[1]) for row in rows}


# ---- its schema ----------------------------------------------------------------------------------


def test_the_queues_tables_are_made_once_however_many_workers_start_together(store: Store) -> None:
    threads = [threading.Thread(target=queue.prepare, args=[store]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.read() as connection:
        assert inspect(connection).has_table("procrastinate_jobs")
        assert queue.applied(connection) == queue.newest()


def test_a_start_that_dies_half_way_leaves_nothing_and_the_next_one_finishes(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as connection:
        queue.apply(connection)
        raise RuntimeError("killed")
    with store.read() as connection:
        assert not inspect(connection).has_table("procrastinate_jobs")

    queue.prepare(store)
    queue.prepare(store)
    with store.read() as connection:
        assert queue.applied(connection) == queue.newest()


def test_sqlite_has_no_queue_but_its_rows(tmp_path: Path) -> None:
    opened = open_store(f"sqlite:///{tmp_path}/homing.db")

    assert queue_of(opened) is None
    opened.close()
