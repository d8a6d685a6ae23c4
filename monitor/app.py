"""The composition root: one instance, opened. Dashboards and commands act through `App`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from data.migrate import migrate
from data.store import Store
from monitor.config import Config, load_config
from monitor.home import Home, locate, prepare
from monitor.ports import place_of
from monitor.problem import Problem
from monitor.storeplace import reach, store_url

if TYPE_CHECKING:
    from data.secrets import Keys
    from sender.tokens import Tokens


@dataclass(frozen=True)
class App:
    """An instance's home, its checked configuration and its open store. May be shared between threads."""

    home: Home
    config: Config
    store: Store

    def now(self) -> datetime:
        return datetime.now(UTC)

    @cached_property
    def keys(self) -> "Keys":
        """What opens the store's secrets. Raises Problem when the key file is missing or cannot be used."""
        from monitor.vault import open_vault  # cryptography is 6 MB that not every process needs

        return open_vault(self.home, self.store)

    @cached_property
    def tokens(self) -> "Tokens":
        """What signs links and return paths. Raises Problem as `keys` does."""
        from monitor.vault import open_tokens

        return open_tokens(self.store, self.keys, self.now())

    @cached_property
    def fingerprint(self) -> Callable[[str], str]:
        """The keyed hash by which erased people are kept out. Raises Problem as `keys` does."""
        from monitor.vault import open_fingerprints

        return open_fingerprints(self.store, self.keys, self.now())

    @property
    def public_url(self) -> str:
        """Where the public endpoints are reached: as configured, else on this machine; no final slash."""
        return self.config.web.public_url.rstrip("/") or place_of("web", self.home, self.config).url

    @property
    def intake(self) -> Path:
        """Mail that came in and waits to be read."""
        return self.home.path / "intake"

    @property
    def spool(self) -> Path:
        """Hits that were answered and wait to be stored."""
        return self.home.path / "spool"


OUR_OWN = "SQLITE_ERROR"
"""SQLite's name for a statement that makes no sense: a fault of ours, and no news of the disk."""


@contextmanager
def open_app(home: Home | None = None) -> Iterator[App]:
    """Open the instance (default: the one that `$HOMING_HOME` names), its schema brought up to date.

    Raises Problem when the home cannot be written, the configuration is wrong or the store does not answer,
    now or in the middle of the work: its disk is full, its database went away.
    """
    home = prepare(home or locate())
    config = load_config(home.config_path)
    store = reach(store_url(home, config))
    try:
        migrate(store)
        yield App(home, config, store)
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "") == OUR_OWN:
            raise
        raise Problem(
            f"the store {store.name} failed: {error.orig}. What was under way is not in it. Make room on its "
            "disk, or see that its database runs, and run this again."
        ) from error
    finally:
        store.close()
