"""On one database one scheduler leads, whatever machine it runs on; who lost the database lost the lead."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.advisory import SCHEDULER, AdvisoryLock
from data.store import Store, open_store, sqlite_url
from monitor.leader import leading_database
from tests.lab.postgres import Server, server


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    with server() as made:
        yield made


@pytest.fixture
def machines(database: Server) -> Iterator[tuple[Store, Store]]:
    """Two processes on one database, each with connections of its own."""
    one, other = open_store(database.url), open_store(database.url)
    yield one, other
    one.close()
    other.close()


@pytest.mark.lab("postgres")
def test_the_second_waits_for_the_first(machines: tuple[Store, Store]) -> None:
    one, other = machines
    leads: list[bool] = []

    def second() -> None:
        with leading_database(other, threading.Event()) as still:
            leads.append(still())

    with leading_database(one, threading.Event()) as still:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        assert (still(), leads) == (True, [])
    thread.join(10)

    assert leads == [True]


@pytest.mark.lab("postgres")
def test_who_is_asked_to_stop_does_not_wait(machines: tuple[Store, Store]) -> None:
    one, other = machines
    stop = threading.Event()
    stop.set()
    with leading_database(one, threading.Event()), leading_database(other, stop) as still:
        assert not still()


@pytest.mark.lab("postgres")
def test_a_restarted_database_takes_the_lead_from_who_had_it(
    database: Server, machines: tuple[Store, Store]
) -> None:
    one, other = machines
    with leading_database(one, threading.Event()) as still:
        database.stop()
        assert not still()
        assert not AdvisoryLock(other, SCHEDULER).take(), "nobody leads without a database"
        database.start()
        with leading_database(other, threading.Event()) as theirs:
            assert (still(), theirs()) == (False, True)


def test_a_file_has_nobody_else_to_ask(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path / "homing.db"))
    with leading_database(store, threading.Event()) as still:
        assert still()
    store.close()
