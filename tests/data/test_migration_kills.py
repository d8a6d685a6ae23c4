"""R12: a migration that is killed at any statement has not happened, and the next start finishes the job."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, inspect, text

from data.invariants.database import missing_guards
from data.migrate import head, migrate, revision
from data.store import Store, open_store, sqlite_url
from tests.lab.postgres import drop_database, new_database
from tests.stores import BOTH, postgresql_server

__all__ = ["postgresql_server"]
POINTS = 6
"""Kills of the short form, spread over all statements; the long form kills at each."""


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store without tables."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "homing.db")
        return
    url = new_database(request.getfixturevalue("postgresql_server"), "half")
    yield url
    drop_database(url)


def statements(url: str) -> int:
    """How many statements bring an empty store up to date; it is empty again afterwards."""
    store, counted = open_store(url), 0

    @event.listens_for(store.engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    with pytest.raises(KeyboardInterrupt), store.write() as connection:
        _upgrade(store, connection)
        raise KeyboardInterrupt
    store.close()
    return counted


def _upgrade(store: Store, connection: object) -> None:
    """As `migrate` does it, in a transaction of the caller's."""
    from alembic import command
    from alembic.config import Config

    from data.migrate import HERE

    assert revision(store) == ""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def killed_at(url: str, number: int) -> None:
    """Migrate in a process of its own, which is killed just before it runs that statement."""
    child = os.fork()
    if child == 0:
        store, counted = open_store(url), 0

        @event.listens_for(store.engine, "before_cursor_execute")
        def count(*_: object) -> None:
            nonlocal counted
            counted += 1
            if counted == number:
                os.kill(os.getpid(), signal.SIGKILL)

        migrate(store)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was not killed"


def shape(store: Store) -> object:
    """Everything that the migrations made."""
    with store.read() as connection:
        found = inspect(connection)
        tables = {
            name: (
                [(column["name"], str(column["type"])) for column in found.get_columns(name)],
                sorted(str(index["name"]) for index in found.get_indexes(name)),
            )
            for name in sorted(found.get_table_names())
        }
        assert missing_guards(connection) == []
        return tables, connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()


def converges(url: str, points: list[int]) -> None:
    store = open_store(url)
    for number in points:
        killed_at(url, number)
        assert revision(store) == "", f"killed at statement {number}, and something of it stayed"
        with store.read() as connection:
            assert inspect(connection).get_table_names() == []
    migrate(store)
    assert revision(store) == head()
    once = shape(store)
    migrate(store)
    assert shape(store) == once
    store.close()


def test_a_migration_that_is_killed_has_not_happened(empty: str) -> None:
    last = statements(empty)
    assert last > 3 * POINTS

    converges(empty, sorted({*range(1, last + 1, last // POINTS), last}))


@pytest.mark.soak
def test_killed_at_each_statement_it_has_not_happened(empty: str) -> None:
    converges(empty, list(range(1, statements(empty) + 1)))
