"""The nominal slots of the schedule, and the worker's queue of looks: the row is the queue.

due → running → ran | failed; due → coalesced (a later slot of the same look covered it); missed (nobody was
there when it was due).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select, update

from data.dialect import insert
from data.tables import slot


class SlotState(StrEnum):
    DUE = "due"
    RUNNING = "running"
    RAN = "ran"
    FAILED = "failed"
    COALESCED = "coalesced"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Slot:
    """One look at one subject at one nominal time."""

    id: int
    kind: str
    subject: str
    due_at: datetime
    state: SlotState
    args: Mapping[str, Any] = field(default_factory=dict)
    owner: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    note: str = ""


def plan(
    connection: Connection,
    kind: str,
    subject: str,
    due_at: datetime,
    args: Mapping[str, Any] | None = None,
    *,
    state: SlotState = SlotState.DUE,
) -> bool:
    """Give a nominal slot its row; False when it has one already (two schedulers, a restart)."""
    statement = insert(connection, slot).values(
        kind=kind, subject=subject, due_at=due_at, state=state.value, args=dict(args or {})
    )
    return bool(connection.execute(statement.on_conflict_do_nothing()).rowcount)


def plan_all(
    connection: Connection, kind: str, subject: str, due_at: Sequence[datetime], state: SlotState
) -> None:
    """As `plan`, for many nominal times of one look."""
    if due_at:
        values: list[dict[str, Any]] = [
            {"kind": kind, "subject": subject, "due_at": at, "state": state.value, "args": {}, "note": ""}
            for at in due_at
        ]
        connection.execute(insert(connection, slot).on_conflict_do_nothing(), values)


def claim(connection: Connection, owner: str, now: datetime, lease: timedelta) -> Slot | None:
    """The oldest slot that is due, or whose worker died; other due slots of the same look are coalesced.

    A look whose slot is running elsewhere waits, so that no subject is looked at twice at once.
    """
    first = _work(now).order_by(slot.c.due_at).limit(1).with_for_update(skip_locked=True)
    found = connection.execute(first).scalar_one_or_none()
    if found is None:
        return None
    running = {"state": SlotState.RUNNING, "owner": owner, "started_at": now, "lease_until": now + lease}
    row = connection.execute(update(slot).where(slot.c.id == found).values(running).returning(slot)).one()
    _coalesce(connection, row, now)
    return _read(row)


def is_work(connection: Connection, now: datetime) -> bool:
    """Whether `claim` would find something: a look that takes no write lock."""
    return connection.execute(_work(now).limit(1)).first() is not None


def _work(now: datetime) -> Select[tuple[int]]:
    other = slot.alias()
    busy = (
        select(other.c.id)
        .where(other.c.kind == slot.c.kind, other.c.subject == slot.c.subject, other.c.id != slot.c.id)
        .where(other.c.state == SlotState.RUNNING, other.c.lease_until > now)
    )
    due = and_(slot.c.state == SlotState.DUE, slot.c.due_at <= now)
    orphaned = and_(slot.c.state == SlotState.RUNNING, slot.c.lease_until <= now)
    return select(slot.c.id).where(or_(due, orphaned), ~busy.exists())


def _coalesce(connection: Connection, row: Row[Any], now: datetime) -> None:
    same = and_(slot.c.kind == row.kind, slot.c.subject == row.subject, slot.c.id != row.id)
    waiting = and_(same, slot.c.state == SlotState.DUE, slot.c.due_at <= now)
    values = {"state": SlotState.COALESCED, "ended_at": now, "note": f"covered by slot {row.id}"}
    connection.execute(update(slot).where(waiting).values(values))


def renew(connection: Connection, owner: str, now: datetime, lease: timedelta) -> None:
    """Keep what this owner runs."""
    mine = and_(slot.c.owner == owner, slot.c.state == SlotState.RUNNING)
    connection.execute(update(slot).where(mine).values(lease_until=now + lease))


def settle(connection: Connection, claimed: Slot, state: SlotState, now: datetime, note: str = "") -> bool:
    """End a running slot; False when its lease ran out and another worker has it now."""
    mine = and_(slot.c.id == claimed.id, slot.c.owner == claimed.owner, slot.c.state == SlotState.RUNNING)
    values = {"state": state.value, "ended_at": now, "note": note, "lease_until": None}
    return connection.execute(update(slot).where(mine).values(values)).rowcount == 1


def last_nominal(connection: Connection, kind: str, subject: str) -> datetime | None:
    """The latest nominal time of this look that has a row; None when there was never one."""
    query = select(func.max(slot.c.due_at)).where(slot.c.kind == kind, slot.c.subject == subject)
    return connection.execute(query).scalar_one_or_none()


def is_planned(connection: Connection, kind: str, subject: str, until: datetime) -> bool:
    """Whether such a look is due at `until` or before."""
    waiting = and_(slot.c.kind == kind, slot.c.subject == subject, slot.c.state == SlotState.DUE)
    query = select(slot.c.id).where(waiting, slot.c.due_at <= until).limit(1)
    return connection.execute(query).first() is not None


def recent(connection: Connection, subject: str, limit: int = 20) -> Sequence[Slot]:
    """The latest slots of a subject, newest first: when was it looked at, and how did that go."""
    query = select(slot).where(slot.c.subject == subject).order_by(slot.c.due_at.desc()).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def counts(connection: Connection, since: datetime) -> Mapping[SlotState, int]:
    """How many slots since then are in each state."""
    query = select(slot.c.state, func.count()).where(slot.c.due_at >= since).group_by(slot.c.state)
    return {SlotState(row[0]): row[1] for row in connection.execute(query)}


def oldest_due(connection: Connection, now: datetime) -> datetime | None:
    """Since when the queue of looks waits; None when nothing is overdue."""
    query = select(func.min(slot.c.due_at)).where(slot.c.state == SlotState.DUE, slot.c.due_at <= now)
    return connection.execute(query).scalar_one_or_none()


def _read(row: Row[Any]) -> Slot:
    return Slot(
        row.id,
        row.kind,
        row.subject,
        row.due_at,
        SlotState(row.state),
        row.args,
        row.owner,
        row.started_at,
        row.ended_at,
        row.note,
    )
