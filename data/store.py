"""The open store: one URL, readers that wait for nobody, writers that never deadlock.

SQLite's deferred transactions fail with "database is locked" when a reader turns writer (256 times in the
feasibility run), so every write begins with `BEGIN IMMEDIATE`; WAL lets readers go on meanwhile.

SQLite 3.7.0 to 3.51.2 can corrupt a database when a checkpoint of one connection meets the WAL's reset by
another (fixed in 3.51.3, and in 3.50.7 and 3.44.6). On those versions nothing is checkpointed by itself, and
every write, every checkpoint and every close, which checkpoints too, happens under one lock file.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from data.filelock import FileLock, NotMyTurn

BUSY_TIMEOUT_SECONDS = 30
CHECKPOINT_BYTES = 4_000_000
"""Of the WAL, after which a guarded store is checkpointed: the thousand pages of SQLite's own default."""
POOL = 32
"""Connections that are kept open: closing one more would have to wait for the writers."""
POSTGRESQL_OPTIONS = "-c idle_in_transaction_session_timeout=15s -c lock_timeout=30s"
"""A process that is stopped in mid-transaction must not hold up the others for ever."""
POSTGRESQL_READ_ONLY = " -c default_transaction_read_only=on"
MENDED = ((3, 44, 6), (3, 50, 7))
"""Older versions that got the mend of 3.51.3."""


def needs_guard(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the race of WAL reset and checkpoint."""
    backported = any(version[:2] == mended[:2] and version >= mended for mended in MENDED)
    return version < (3, 51, 3) and not backported


@dataclass(frozen=True)
class Store:
    """A handle that may be shared between threads; each transaction takes its own connection."""

    engine: Engine
    guard: FileLock | None = field(default=None, compare=False)
    """Held for every write, checkpoint and close; None where the database takes care of that itself."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent snapshot; nothing in it is written, and no lock is taken."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block and rolled back if it raises."""
        with self._alone():
            with self.engine.connect().execution_options(homing_write=True) as connection, connection.begin():
                yield connection
            if self.guard:
                self._checkpoint()

    def close(self) -> None:
        self.engine.dispose()

    @property
    def name(self) -> str:
        """What people may see of where it is: the file, or the URL without its password."""
        if self.engine.dialect.name == "sqlite":
            return unquote(str(self.engine.url.database).removeprefix("file:"))
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with self.guard.held() if self.guard else nullcontext():
                yield
        except NotMyTurn as fault:  # what SQLite itself would say
            raise OperationalError("BEGIN IMMEDIATE", None, fault) from fault

    def _checkpoint(self) -> None:
        """Copy the WAL into the database when it has grown; the lock is held.

        The write before it stands whatever comes of this: on a full disk the next write tries again.
        """
        wal = Path(f"{self.engine.url.database}-wal")
        if not wal.exists() or wal.stat().st_size <= CHECKPOINT_BYTES:
            return
        connection = self.engine.raw_connection()
        try:
            with suppress(sqlite3.OperationalError):
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        finally:
            connection.close()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def open_store(url: str, *, read_only: bool = False, guarded: bool | None = None) -> Store:
    """Open the store at a SQLAlchemy URL. Touches nothing until the first transaction.

    `guarded` says whether SQLite has to be guarded against itself; by default its version decides.
    """
    if not url.startswith("sqlite"):
        options = POSTGRESQL_OPTIONS + (POSTGRESQL_READ_ONLY if read_only else "")
        return Store(create_engine(url, pool_pre_ping=True, connect_args={"options": options}))
    path = str(make_url(url).database)
    if read_only:
        return _read_only(path)
    guard = needs_guard(sqlite3.sqlite_version_info) if guarded is None else guarded
    lock = FileLock(Path(f"{path}.lock"), BUSY_TIMEOUT_SECONDS) if guard else None
    engine = _engine(url, _connection_class(lock) if lock else sqlite3.Connection)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        _configure(connection, lock)

    return Store(engine, lock)


def _engine(url: str, connection_class: type[sqlite3.Connection]) -> Engine:
    arguments = {
        "timeout": BUSY_TIMEOUT_SECONDS,
        "check_same_thread": False,
        "factory": connection_class,
        "isolation_level": None,  # the driver must not begin transactions of its own
    }
    engine = create_engine(url, connect_args=arguments, pool_size=POOL)
    event.listen(engine, "begin", _begin)
    return engine


def _read_only(path: str) -> Store:
    """Opened so that it cannot write; and for want of a write lock, closing it checkpoints nothing."""
    engine = _engine(f"sqlite:///file:{quote(path)}?mode=ro&uri=true", sqlite3.Connection)
    return Store(engine)


def _connection_class(lock: FileLock) -> type[sqlite3.Connection]:
    class Guarded(sqlite3.Connection):
        """The last connection to close checkpoints, whatever the settings say."""

        def close(self) -> None:
            with lock.held():
                super().close()

        def __del__(self) -> None:
            self.close()

    return Guarded


def _configure(connection: sqlite3.Connection, lock: FileLock | None) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):  # a new store: this writes
        with lock.held() if lock else nullcontext():
            connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    if lock:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute(f"PRAGMA journal_size_limit={CHECKPOINT_BYTES}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("homing_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
