"""Stores for tests: an SQLite file, or a database on a PostgreSQL of the lab, both migrated and empty."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from data.migrate import migrate
from data.store import Store, open_store, sqlite_url
from tests.lab.postgres import drop_database, new_database, postgres

BOTH = ["sqlite", pytest.param("postgresql", marks=[pytest.mark.lab("postgres")])]
_numbers = count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server with a migrated database `template`; started when the first test asks for it."""
    with postgres() as url:
        template = open_store(new_database(url, "template"))
        migrate(template)
        template.close()
        yield url


@pytest.fixture(params=BOTH)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty store of either kind, for those who start processes on it."""
    if request.param == "sqlite":
        yield sqlite_store(tmp_path)
        return
    with postgresql_store(request.getfixturevalue("postgresql_server")) as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A migrated, empty store of either kind."""
    opened = open_store(store_url)
    yield opened
    opened.close()


def sqlite_store(folder: Path) -> str:
    """A new SQLite store in this folder; its URL. Migrated once and then copied."""
    url = sqlite_url(folder / "homing.db")
    template = folder.parent / "template.db"
    if not template.exists():
        made = open_store(sqlite_url(template))
        migrate(made)
        made.close()
    shutil.copy(template, folder / "homing.db")
    return url


@contextmanager
def postgresql_store(server: str) -> Iterator[str]:
    """A new database on this server; its URL. Gone at the end."""
    url = new_database(server, f"t{next(_numbers)}", "template")
    try:
        yield url
    finally:
        drop_database(url)
