"""The store's history and its tables agree, and a migration that is killed has not happened."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from data.migrate import HERE, head, migrate, revision
from data.store import Store, open_store, sqlite_url
from data.tables import metadata


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(sqlite_url(tmp_path / "homing.db"))


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    migrate(store)

    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_revision_is_the_one_that_its_file_is_named_after() -> None:
    """`head` goes by file names, so that a process that has nothing to migrate need not load Alembic."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    script = ScriptDirectory.from_config(config)

    assert script.get_heads() == [head()]
    assert all(Path(each.path).name.startswith(f"{each.revision}_") for each in script.walk_revisions())


def test_migrating_twice_changes_nothing(store: Store) -> None:
    migrate(store)
    migrate(store)

    assert revision(store) == head()


def test_a_migration_that_dies_half_way_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    """It runs in one transaction, so the next start finds the store as it was and finishes the job."""
    with pytest.raises(RuntimeError), store.write() as connection:
        connection.exec_driver_sql("CREATE TABLE half_done (id INTEGER)")
        raise RuntimeError("killed")

    tables = sqlite3.connect(tmp_path / "homing.db").execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == []
    migrate(store)
    assert revision(store) == head()
