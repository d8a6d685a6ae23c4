"""Backups while mail goes out, and a restored store that sends nothing by itself, of either kind."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data import alerts, heartbeats
from data.alerts import AlertState, NoticeKind
from data.campaigns import State, move
from data.invariants.database import damage
from data.invariants.table import check
from data.migrate import head
from data.store import Store, open_store, sqlite_url
from data.tables import campaign, meta, recipient
from monitor.home import Home, prepare
from monitor.problem import Problem
from monitor.restoring import Restored, backup_path, put_back, save
from tests.fakes.campaign import NOON, frozen
from tests.lab.deliveryworker import Nursery, sinking
from tests.lab.faultsink import Rates, read_ledger
from tests.lab.postgres import drop_database, new_database
from tests.lab.tools import find
from tests.stores import postgresql_server, sqlite_store, store, store_url

__all__ = ["postgresql_server", "store", "store_url"]
PEOPLE = 120
CALM = Rates(0, 0, 0, 0, 0, 0, answer_seconds=0.02)


@pytest.fixture(autouse=True)
def _postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the lab has them."""
    if tool := find("pg_dump"):
        monkeypatch.setenv("PATH", f"{tool.path.parent}:{os.environ['PATH']}")
        monkeypatch.setenv("LD_LIBRARY_PATH", tool.environment.get("LD_LIBRARY_PATH", ""))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare(Home(tmp_path / "home"))


@pytest.fixture
def empty(home: Home, store_url: str) -> Iterator[str]:
    """The URL of a place of the same kind that holds nothing yet."""
    if store_url.startswith("sqlite"):
        yield home.store_url
        return
    url = new_database(store_url, f"{store_url.rpartition('/')[2]}_empty")
    yield url
    drop_database(url)


def saved(home: Home, store: Store) -> Path:
    target = backup_path(home, store, NOON)
    save(home, store, target, NOON, with_key=False)
    return target


def restored(home: Home, url: str, source: Path, *, replacing: bool = False) -> Restored:
    return put_back(home, url, source, NOON, replace=replacing)


@pytest.mark.sockets
def test_a_store_copied_while_it_sends_is_whole_and_sends_nothing_until_it_is_let_go(
    home: Home, store: Store, store_url: str, empty: str, tmp_path: Path
) -> None:
    """The ledger of the receiving server is the judge."""
    nursery = Nursery()
    with sinking(tmp_path, "1", CALM) as (port, ledger):
        with store.write() as connection:
            settings = {"host": "127.0.0.1", "port": port, "tls": "off", "connections": 8}
            frozen(connection, PEOPLE, kind="smtp", settings=settings)
        with nursery.worker(store_url):
            while not ledger.read_text():
                time.sleep(0.02)
            source = saved(home, store)
            while sent(store) < PEOPLE / 2:
                time.sleep(0.02)
        time.sleep(0.5)  # what was on its way
        before = ledger.read_text()
        done = restored(home, empty, source)
        with nursery.worker(empty, lease=1):
            time.sleep(1)
        assert ledger.read_text() == before, "nothing was sent"
        assert (done.held, done.taken_at) == (["c1"], NOON)

        again = open_store(empty)
        with again.write() as connection:
            results = list(check(connection, NOON))
            assert [result.key for result in results if result.broken] == []
            assert "restored from a backup of 2026-11-23 12:00 UTC" in str(
                connection.scalar(select(campaign.c.pause_reason))
            )
            move(connection, 1, [State.PAUSED], State.SENDING, NOON)
        with nursery.worker(empty):
            while sent(again) < PEOPLE - 16:  # those whose fate the backup did not know are not sent again
                time.sleep(0.05)
        again.close()
    nursery.close()
    assert len(read_ledger(ledger).copies) >= PEOPLE - 16


def sent(store: Store) -> int:
    with store.read() as connection:
        query = select(func.count()).where(recipient.c.state == "sent")
        return connection.scalar(query) or 0


def test_a_store_that_is_there_is_replaced_only_on_demand_and_is_kept(
    home: Home, store: Store, store_url: str
) -> None:
    home = replace(home, path=Path(store.name).parent) if store_url.startswith("sqlite") else home
    home = prepare(home)
    source = saved(home, store)
    with store.write() as connection:
        frozen(connection, 3)
        alerts.put(connection, "log", NoticeKind.FIRED, "k", {"text": "Listed."}, NOON)

    with pytest.raises(Problem, match="add --replace; what is there is backed up first"):
        restored(home, store_url, source)
    store.close()
    done = restored(home, store_url, source, replacing=True)

    assert campaigns_in(store_url) == 0
    assert done.kept is not None
    store.close()
    back = put_back(home, store_url, done.kept, NOON.replace(hour=13), replace=True)
    assert (campaigns_in(store_url), back.held, back.alerts) == (1, ["c1"], 1)


def campaigns_in(url: str) -> int:
    opened = open_store(url)
    with opened.read() as connection:
        count = connection.scalar(select(func.count()).select_from(campaign)) or 0
        assert {each.state for each in alerts.recent(connection)} <= {AlertState.GIVEN_UP}
    opened.close()
    return count


def test_nothing_is_put_under_a_homing_that_works(home: Home, store: Store, store_url: str) -> None:
    home = prepare(replace(home, path=Path(store.name).parent)) if store_url.startswith("sqlite") else home
    source = saved(home, store)
    with store.write() as connection:
        heartbeats.beat(connection, "worker", 1, NOON, {})

    with pytest.raises(Problem, match=r"Homing still works on .* \(worker\)"):
        restored(home, store_url, source, replacing=True)


def test_a_backup_of_a_newer_homing_is_refused(home: Home, store: Store, empty: str) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    source = saved(home, store)

    with pytest.raises(Problem, match=rf"newer version of Homing \(schema 9999, this one has {head()}\)"):
        restored(home, empty, source)


def test_what_is_no_backup_of_this_kind_is_said(home: Home, store: Store, empty: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear Ann,")
    with pytest.raises(Problem, match="is not a backup of Homing"):
        restored(home, empty, letter)
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"PGDMP" if empty.startswith("sqlite") else b"SQLite format 3\0")
    with pytest.raises(Problem, match=r"The store is .* one, and .* is an? "):
        restored(home, empty, wrong)


def test_a_damaged_file_changes_nothing(home: Home, tmp_path: Path) -> None:
    opened = open_store(home.store_url)
    with opened.write() as connection:
        connection.exec_driver_sql("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{head()}')")
    source = saved(home, opened)
    opened.close()
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2] + b"x" * (len(whole) - len(whole) // 2))
    before = home.store_path.read_bytes()

    with pytest.raises(Problem):
        restored(home, home.store_url, source, replacing=True)

    assert home.store_path.read_bytes() == before
    assert sorted(path.name for path in home.path.glob("homing.db*")) == ["homing.db", "homing.db.lock"]


def test_a_killed_restore_leaves_the_old_store_or_the_new_one(home: Home, tmp_path: Path) -> None:
    """Killed at every file that it opens, moves or removes; the last one is the one that succeeds."""
    url = sqlite_store(home.path)
    store = open_store(url)
    with store.write() as connection:
        frozen(connection, 3)
    source = saved(home, store)
    with store.write() as connection:
        frozen(connection, 2, name="later", egress="other")
    store.close()

    found = []
    for number in range(1, 400):
        killed = restored_until(home, url, source, number)
        store = open_store(url)
        with store.read() as connection:
            found.append(tuple(connection.execute(select(campaign.c.name, campaign.c.state)).all()))
            assert damage(connection) == []
        store.close()
        if not killed:
            break

    old, new = (("c1", "sending"), ("later", "sending")), (("c1", "paused"),)
    assert found[0] == old
    assert found[-1] == new
    assert set(found) == {old, new}
    assert found == sorted(found, key=[old, new].index), "once it is new it stays so"


def restored_until(home: Home, url: str, source: Path, number: int) -> bool:
    """Restore in a process that is killed when it touches its `number`th file; whether it came to that."""
    child = os.fork()
    if child == 0:
        seen = 0

        def count(event: str, _arguments: object) -> None:
            nonlocal seen
            if event in ("open", "os.rename", "os.remove", "sqlite3.connect"):
                seen += 1
                if seen == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            put_back(home, url, source, NOON, replace=True)
        except BaseException as fault:
            os.write(2, f"{fault!r}\n".encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_the_key_is_only_beside_a_backup_that_asked_for_it(home: Home, tmp_path: Path) -> None:
    opened = open_store(home.store_url)
    with opened.write() as connection:
        meta.create(connection)
    home.key_file.write_text("key")

    assert save(home, opened, tmp_path / "a.db", NOON, with_key=False) is None
    assert save(home, opened, tmp_path / "b.db", NOON, with_key=True) == tmp_path / "b.db.key"
    assert not (tmp_path / "a.db.key").exists()
    assert ((tmp_path / "b.db").stat().st_mode & 0o777, (tmp_path / "b.db.key").read_text()) == (0o600, "key")
    with pytest.raises(Problem, match="exists already"):
        save(home, opened, tmp_path / "a.db", NOON, with_key=False)
    opened.close()


def test_a_backup_that_finds_no_room_leaves_nothing(home: Home, tmp_path: Path) -> None:
    opened = open_store(home.store_url)
    with opened.write() as connection:
        meta.create(connection)
    with pytest.raises(Problem, match="cannot be written"):
        save(home, opened, tmp_path / "nowhere" / "a.db", NOON, with_key=False)
    opened.close()
    assert open_store(sqlite_url(home.store_path)).name == str(home.store_path)
