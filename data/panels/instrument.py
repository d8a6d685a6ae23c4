"""The instrument that looks: when it last looked, when it will look next, and which processes live."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from data.slots import SlotState
from data.tables import heartbeat, slot


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The looks of one kind. `overdue_since` is the oldest nominal time that nobody has run yet."""

    last: datetime | None
    next: datetime | None
    overdue_since: datetime | None


def rhythm(connection: Connection, kind: str, now: datetime, subject: str | None = None) -> Rhythm:
    """When a kind of look last ended well, is next due, and since when it waits."""

    def when(instant: Any, *where: Any) -> datetime | None:
        query = select(instant).where(slot.c.kind == kind, *where)
        query = query if subject is None else query.where(slot.c.subject == subject)
        found: datetime | None = connection.execute(query).scalar_one()
        return found

    waiting = slot.c.state == SlotState.DUE
    return Rhythm(
        last=when(func.max(slot.c.ended_at), slot.c.state == SlotState.RAN),
        next=when(func.min(slot.c.due_at), waiting, slot.c.due_at > now),
        overdue_since=when(func.min(slot.c.due_at), waiting, slot.c.due_at <= now),
    )


def signs_of_life(connection: Connection) -> Mapping[str, datetime]:
    """process -> when it last went round its loop."""
    return {row.process: row.at for row in connection.execute(select(heartbeat.c.process, heartbeat.c.at))}
