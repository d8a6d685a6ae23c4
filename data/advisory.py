"""A lock for all machines that share one PostgreSQL database. It ends with the connection that holds it."""

from contextlib import suppress
from typing import Any

from sqlalchemy.exc import DBAPIError

from data.store import Store

SCHEDULER = 0x486F6D696E67
"""The number that stands for the scheduler's lock."""


class AdvisoryLock:
    """Taken by one process of all; a connection of its own holds it, which never connects again by itself."""

    def __init__(self, store: Store, number: int) -> None:
        self._store = store
        self._number = number
        self._connection: Any = None
        dbapi = store.engine.dialect.loaded_dbapi
        self._faults: tuple[type[Exception], ...] = (dbapi.Error, DBAPIError)

    def take(self) -> bool:
        """Whether it is ours now. False while another has it, or the database does not answer."""
        try:
            connection = self._connect()
            asked = connection.execute("SELECT pg_try_advisory_lock(%s)", (self._number,))
            if asked.fetchone()[0]:
                self._connection = connection
                return True
            connection.close()
        except self._faults:
            pass
        return False

    def held(self) -> bool:
        """Whether it still is: a connection that broke has given it up."""
        try:
            return self._connection is not None and bool(self._connection.execute("SELECT 1").fetchone())
        except self._faults:
            return False

    def release(self) -> None:
        if self._connection is not None:
            with suppress(*self._faults):
                self._connection.close()
            self._connection = None

    def _connect(self) -> Any:
        """The driver's own connection, outside the pool and outside every transaction."""
        pooled = self._store.engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        connection.rollback()
        connection.autocommit = True
        return connection
