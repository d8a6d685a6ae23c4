"""The open store: one URL, readers that wait for nobody, writers that never deadlock.

SQLite's deferred transactions fail with "database is locked" when a reader turns writer (256 times in the
feasibility run), so every write begins with `BEGIN IMMEDIATE`; WAL lets readers go on meanwhile.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

BUSY_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Store:
    """A handle that may be shared between threads; each transaction takes its own connection."""

    engine: Engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent snapshot; nothing in it is written."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block and rolled back if it raises."""
        with self.engine.connect().execution_options(homing_write=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def open_store(url: str, *, read_only: bool = False) -> Store:
    """Open the store at a SQLAlchemy URL. Touches nothing until the first transaction."""
    if not url.startswith("sqlite"):
        return Store(create_engine(url, pool_pre_ping=True))
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _configure_read_only if read_only else _configure)
    event.listen(engine, "begin", _begin)
    return Store(engine)


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _configure_read_only(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("homing_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
