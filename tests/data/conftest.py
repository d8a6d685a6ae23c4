"""An empty store of the newest schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.migrate import migrate
from data.store import Store, open_store, sqlite_url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(sqlite_url(tmp_path / "homing.db"))
    migrate(opened)
    yield opened
    opened.close()
