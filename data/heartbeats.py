"""Signs of life: each process writes when it last went round its loop, so that another can miss it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from data.dialect import insert
from data.tables import heartbeat


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`detail` is what the process says of itself: its state, its port, what it waits for."""

    process: str
    pid: int
    at: datetime
    detail: Mapping[str, Any]


def beat(connection: Connection, process: str, pid: int, now: datetime, detail: Mapping[str, Any]) -> None:
    values = {"pid": pid, "at": now, "detail": dict(detail)}
    statement = insert(connection, heartbeat).values(process=process, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["process"], set_=values))


def heartbeats(connection: Connection) -> Sequence[Heartbeat]:
    """The last sign of each process that was ever started, by name."""
    rows = connection.execute(select(heartbeat).order_by(heartbeat.c.process))
    return [Heartbeat(row.process, row.pid, row.at, row.detail) for row in rows]


def forget(connection: Connection, process: str) -> None:
    """A process that ended as it should is not missed."""
    connection.execute(delete(heartbeat).where(heartbeat.c.process == process))


def alive(connection: Connection, since: datetime) -> Sequence[str]:
    """The processes that were heard of since then."""
    found = select(heartbeat.c.process).where(heartbeat.c.at >= since)
    return list(connection.scalars(found.order_by(heartbeat.c.process)))
