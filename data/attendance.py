"""Whether somebody has been delivering from this store, and how often delivering was begun.

The number of beginnings is also kept in each home that delivers: a store that knows of fewer than its home
is an older copy that somebody put in its place.
"""

from datetime import datetime

from sqlalchemy import Connection

from data.meta import moment, recall, remember

DELIVERING, BEGINNINGS, BACKUP = "delivering", "beginnings", "backup"


def last_delivering(connection: Connection) -> datetime | None:
    """When somebody last delivered, to the minute or so; None before the first time."""
    return moment(connection, DELIVERING)


def attend(connection: Connection, now: datetime) -> None:
    """Somebody delivers."""
    remember(connection, DELIVERING, now.isoformat())


def beginnings(connection: Connection) -> int:
    return int(recall(connection, BEGINNINGS) or 0)


def set_beginnings(connection: Connection, count: int) -> None:
    remember(connection, BEGINNINGS, str(count))


def backed_up_at(connection: Connection) -> datetime | None:
    """When the backup that this store was restored from was taken; None if it was never restored."""
    return moment(connection, BACKUP)


def note_backup(connection: Connection, now: datetime) -> None:
    remember(connection, BACKUP, now.isoformat())
