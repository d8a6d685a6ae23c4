"""SQLite guarded against its own race, and readers that nobody makes wait."""

import fcntl
import os
import sqlite3
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

import data.store
from data.filelock import FileLock
from data.store import Store, needs_guard, open_store, sqlite_url

ROOT = Path(__file__).resolve().parents[2]
WRITE_LOCK, CHECKPOINT_LOCK = 120, 121
"""Bytes of the -shm file that SQLite locks (its file format document, section "WAL locks")."""


@pytest.mark.parametrize(
    ("version", "guarded"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 44, 9), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_only_versions_with_the_race_are_guarded(version: tuple[int, int, int], guarded: bool) -> None:
    assert needs_guard(version) is guarded


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "homing.db"
    store = open_store(sqlite_url(path), guarded=True)
    with store.write() as connection:
        connection.exec_driver_sql("CREATE TABLE ballast (text TEXT)")
    store.close()
    return path


def holder(file: int, byte: int) -> int:
    """The process that holds SQLite's lock of that byte; 0 if nobody does."""
    asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
    kind, _, _, _, pid = struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, asked))
    return 0 if kind == fcntl.F_UNLCK else int(pid)


def overlaps(database: Path, guarded: str) -> tuple[int, int]:
    """Two processes write: how often one was seen to checkpoint, and how often while the other wrote."""
    keeper = sqlite3.connect(database)  # so that the -shm file stays the same one
    keeper.execute("SELECT count(*) FROM ballast").fetchall()
    command = [sys.executable, "-m", "tests.data.storewriter", str(database), guarded, "3"]
    writers = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    checkpoints = together = 0
    file = os.open(f"{database}-shm", os.O_RDWR)
    while any(writer.poll() is None for writer in writers):
        one = holder(file, CHECKPOINT_LOCK)
        other = holder(file, WRITE_LOCK)
        checkpoints += one > 0
        together += 0 < one != other > 0 and one == holder(file, CHECKPOINT_LOCK)
    os.close(file)
    keeper.close()
    assert [writer.returncode for writer in writers] == [0, 0]
    return checkpoints, together


def test_two_processes_never_write_and_checkpoint_at_the_same_time(database: Path) -> None:
    """Seen from a third process through SQLite's own locks."""
    checkpoints, together = overlaps(database, "yes")

    assert checkpoints > 0
    assert together == 0
    count = sqlite3.connect(database).execute("SELECT count(*) FROM ballast").fetchone()
    assert count == (120,)


MANY_TRIES = 40
"""It is a race: usually the first try shows it, and a busy machine may take a few more."""


def test_without_the_guard_they_do(database: Path) -> None:
    """Or the test before this one would prove nothing."""
    assert any(overlaps(database, "no")[1] for _ in range(MANY_TRIES))


@contextmanager
def somebody_writes(store: Store) -> Iterator[threading.Event]:
    """Another thread is in the middle of a write until the event is set, or the block ends."""
    begun, end = threading.Event(), threading.Event()

    def write() -> None:
        with store.write() as connection:
            connection.exec_driver_sql("INSERT INTO ballast VALUES ('x')")
            begun.set()
            end.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait(10)
    yield end
    end.set()
    thread.join()


def test_closing_waits_for_its_turn_too(database: Path) -> None:
    """The last connection to close checkpoints, whatever the settings say."""
    writer, other = (open_store(sqlite_url(database), guarded=True) for _ in range(2))
    with other.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    closed = threading.Event()

    def close() -> None:
        other.close()
        closed.set()

    with somebody_writes(writer) as end:
        thread = threading.Thread(target=close)
        thread.start()
        assert not closed.wait(0.2)
        end.set()
        assert closed.wait(10)
    thread.join()
    writer.close()


def test_readers_wait_for_nobody(database: Path) -> None:
    store = open_store(sqlite_url(database), guarded=True)
    pages = open_store(sqlite_url(database), read_only=True)
    for each in (store, pages):
        with each.read() as connection:
            connection.exec_driver_sql("SELECT 1")

    with somebody_writes(store):
        for each in (store, pages):
            with each.read() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM ballast").scalar() == 0
    pages.close()
    store.close()


def test_what_is_opened_for_reading_cannot_write_and_checkpoints_nothing(database: Path) -> None:
    """The dashboard may be the last to close; it must leave the WAL as it is."""
    writer = open_store(sqlite_url(database), guarded=True)
    pages = open_store(sqlite_url(database), read_only=True)
    with writer.write() as connection:
        connection.exec_driver_sql("INSERT INTO ballast VALUES ('x')")
    with pages.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ballast").scalar() == 1
        with pytest.raises(OperationalError, match="readonly"):
            connection.exec_driver_sql("INSERT INTO ballast VALUES ('y')")
    wal = Path(f"{database}-wal")
    before = wal.stat().st_size
    pages.close()

    assert wal.stat().st_size == before > 0
    writer.close()


def test_a_lock_that_is_never_given_up_ends_in_the_stores_own_error(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data.store, "BUSY_TIMEOUT_SECONDS", 0.1)
    store = open_store(sqlite_url(database), guarded=True)
    with (
        FileLock(Path(f"{database}.lock"), 1).held(),
        pytest.raises(OperationalError, match="was held"),
    ):
        _in_another_thread(lambda: store.write().__enter__())
    store.close()


def _in_another_thread(work: object) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def test_a_thread_may_take_its_own_lock_again(tmp_path: Path) -> None:
    """A connection that the pool opens or closes in the middle of a write."""
    lock = FileLock(tmp_path / "lock", 0.1)
    with lock.held():
        with lock.held():
            pass
        with pytest.raises(TimeoutError):
            _in_another_thread(lambda: lock.held().__enter__())
    with lock.held():
        pass
