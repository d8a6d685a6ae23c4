"""The composition root: one instance, opened. Dashboards and commands act through `App`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from data.migrate import migrate
from data.store import Store, open_store
from monitor.config import Config, load_config
from monitor.home import Home, locate, prepare


@dataclass(frozen=True)
class App:
    """An instance's home, its checked configuration and its open store. May be shared between threads."""

    home: Home
    config: Config
    store: Store

    def now(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def open_app(home: Home | None = None) -> Iterator[App]:
    """Open the instance (default: the one that `$HOMING_HOME` names), its schema brought up to date.

    Raises Problem when the home cannot be written or the configuration is wrong.
    """
    home = prepare(home or locate())
    config = load_config(home.config_path)
    store = open_store(home.store_url)
    try:
        migrate(store)
        yield App(home, config, store)
    finally:
        store.close()
