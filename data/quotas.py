"""How much was claimed for a sending server: debited in the transaction that claims, so that quotas hold
over any number of workers.

Claims are counted by the minute. A window is counted with the whole of its first minute, so that what a
quota allows is never exceeded in any hour or any day, wherever they begin.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from data.dialect import insert
from data.tables import server, server_usage

LONGEST = timedelta(days=1)


def lock(connection: Connection, server_id: int) -> datetime | None:
    """The arrival time of the quota per second, kept from others until this transaction ends."""
    held = select(server.c.tat).where(server.c.id == server_id).with_for_update()
    found: datetime | None = connection.execute(held).scalar_one()
    return found


def used(connection: Connection, server_id: int, since: datetime) -> int:
    """How many messages were claimed since then."""
    rows = _since(server_id, since)
    total = select(func.coalesce(func.sum(server_usage.c.count), 0)).where(*rows)
    return int(connection.execute(total).scalar_one())


def oldest(connection: Connection, server_id: int, since: datetime) -> datetime | None:
    """The first minute since then in which anything was claimed: when it leaves the window, there is room."""
    rows = (*_since(server_id, since), server_usage.c.count > 0)
    found: datetime | None = connection.execute(select(func.min(server_usage.c.minute)).where(*rows)).scalar()
    return found


def debit(connection: Connection, server_id: int, now: datetime, count: int) -> None:
    """So many messages were claimed; a negative count gives back what was not sent after all."""
    row = {"server_id": server_id, "minute": minute_of(now), "count": count}
    statement = insert(connection, server_usage).values(row)
    more = {"count": server_usage.c.count + count}
    statement = statement.on_conflict_do_update(index_elements=["server_id", "minute"], set_=more)
    connection.execute(statement)


def keep_pace(connection: Connection, server_id: int, tat: datetime) -> None:
    """Write the arrival time back that was locked in this transaction."""
    connection.execute(update(server).where(server.c.id == server_id).values(tat=tat))


def forget(connection: Connection, now: datetime) -> None:
    """Minutes that no window reaches any more."""
    before = minute_of(now) - LONGEST - timedelta(hours=1)
    connection.execute(delete(server_usage).where(server_usage.c.minute < before))


def minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _since(server_id: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return server_usage.c.server_id == server_id, server_usage.c.minute >= minute_of(since)
