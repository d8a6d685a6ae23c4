"""Fixtures for everything that sends and comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.migrate import migrate
from data.store import open_store, sqlite_url
from tests.sender.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = open_store(sqlite_url(tmp_path / "homing.db"))
    migrate(store)
    yield World(store)
    store.close()
