"""The task queue's own tables, on PostgreSQL: Procrastinate's schema, applied as our migrations are."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, select, text

from data.dialect import insert
from data.store import Store
from data.tables import meta

KEY = "procrastinate"
LOCK = 0x484F4D51
"""Of the advisory lock, so that one of several workers that start together does it."""


def prepare(store: Store) -> None:
    """Make the tables, or bring them up to date; one transaction, so that a kill leaves them as they were.

    Called by every worker at its start: without anything to do it only reads.
    """
    with store.read() as connection:
        if applied(connection) == newest():
            return
    with store.write() as connection:
        apply(connection)


def apply(connection: Connection) -> None:
    """Whatever is missing, once, however many ask for it at the same time."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    before = applied(connection)
    if before == newest():
        return
    for path in [path for path in _migrations() if path.name > before] if before else [_schema()]:
        _run(connection, path)
    statement = insert(connection, meta).values(key=KEY, value=newest())
    statement = statement.on_conflict_do_update(index_elements=["key"], set_={"value": newest()})
    connection.execute(statement)


def newest() -> str:
    """The last of Procrastinate's own migrations."""
    return _migrations()[-1].name


def applied(connection: Connection) -> str:
    """The newest of Procrastinate's migrations that is in the store; "" where there is nothing of it."""
    if not inspect(connection).has_table("procrastinate_jobs"):
        return ""
    found = connection.execute(select(meta.c.value).where(meta.c.key == KEY)).scalar()
    return str(found or "")


def _folder() -> Path:
    from procrastinate import schema

    return Path(schema.__file__).parent / "sql"


def _schema() -> Path:
    return _folder() / "schema.sql"


def _migrations() -> list[Path]:
    return sorted((_folder() / "migrations").glob("[0-9]*.sql"))


def _run(connection: Connection, path: Path) -> None:
    """Many statements at once: only the driver itself, without parameters, takes them."""
    driver: Any = connection.connection.driver_connection
    driver.execute(path.read_text("utf-8"))
