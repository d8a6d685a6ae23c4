"""An opened instance in the test's own home, with a clock that stands still until it is moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.migrate import migrate
from data.store import open_store
from monitor.app import App
from monitor.config import Config
from monitor.home import Home, prepare

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class StillApp(App):
    """An `App` whose `now` is what the test says."""

    moments: list[datetime] = field(default_factory=lambda: [NOON])

    def now(self) -> datetime:
        return self.moments[-1]

    def wait(self, time: timedelta) -> None:
        self.moments.append(self.moments[-1] + time)


@pytest.fixture
def config() -> Config:
    return Config()


@pytest.fixture
def app(tmp_path: Path, config: Config) -> Iterator[StillApp]:
    home = prepare(Home(tmp_path / "home"))
    store = open_store(home.store_url)
    migrate(store)
    yield StillApp(home, config, store)
    store.close()
