"""The outbox of alerts: at least once, one row per (incident, notice, channel).

The row is written in the transaction that changes the incident. A notifier claims it by moving `next_at`
past the time it may take, so that a kill between "sent" and "recorded" sends again, under the same key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, update

from data.dialect import insert
from data.tables import alert


class AlertState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given-up"


class NoticeKind(StrEnum):
    FIRED = "fired"
    REPEATED = "repeated"
    RECOVERED = "recovered"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Alert:
    """One notice on its way to one channel. `key` is its identity for the receiver, whatever the attempt."""

    id: int
    incident_id: int | None
    notice: NoticeKind
    channel: str
    key: str
    payload: Mapping[str, Any]
    state: AlertState
    attempts: int
    next_at: datetime
    at: datetime
    sent_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class LastNotice:
    """What was last told of an incident; `told` counts the times that it was said to be there."""

    kind: NoticeKind
    at: datetime
    told: int


def put(
    connection: Connection,
    channel: str,
    notice: NoticeKind,
    key: str,
    payload: Mapping[str, Any],
    now: datetime,
    incident_id: int | None = None,
    wait: timedelta = timedelta(),
) -> bool:
    """Put a notice into the outbox, to be told after `wait`; False when this key is there already."""
    statement = insert(connection, alert).values(
        incident_id=incident_id,
        notice=notice.value,
        channel=channel,
        key=key,
        payload=dict(payload),
        state=AlertState.WAITING.value,
        attempts=0,
        next_at=now + wait,
        at=now,
        error="",
    )
    return bool(connection.execute(statement.on_conflict_do_nothing()).rowcount)


def claim(connection: Connection, now: datetime, lease: timedelta) -> Alert | None:
    """The oldest notice that is due; one channel hears of an incident in order, so later notices wait."""
    earlier = alert.alias()
    before = (
        select(earlier.c.id)
        .where(earlier.c.incident_id == alert.c.incident_id, earlier.c.channel == alert.c.channel)
        .where(earlier.c.id < alert.c.id, earlier.c.state == AlertState.WAITING)
    )
    due = and_(alert.c.state == AlertState.WAITING, alert.c.next_at <= now, ~before.exists())
    first = select(alert.c.id).where(due).order_by(alert.c.next_at, alert.c.id).limit(1)
    found = connection.execute(first.with_for_update(skip_locked=True)).scalar_one_or_none()
    if found is None:
        return None
    taken = {"next_at": now + lease, "attempts": alert.c.attempts + 1}
    return _read(
        connection.execute(update(alert).where(alert.c.id == found).values(taken).returning(alert)).one()
    )


def due_for(connection: Connection, channel: str, now: datetime, limit: int = 2_000) -> Sequence[Alert]:
    """What waits for a channel and is due, the oldest first; of an incident only its first."""
    earlier = alert.alias()
    before = (
        select(earlier.c.id)
        .where(earlier.c.incident_id == alert.c.incident_id, earlier.c.channel == alert.c.channel)
        .where(earlier.c.id < alert.c.id, earlier.c.state == AlertState.WAITING)
    )
    due = and_(alert.c.state == AlertState.WAITING, alert.c.next_at <= now, ~before.exists())
    query = select(alert).where(alert.c.channel == channel, due).order_by(alert.c.next_at, alert.c.id)
    return [_read(row) for row in connection.execute(query.limit(limit))]


def due_channels(connection: Connection, now: datetime) -> Sequence[str]:
    """The channels for which something is due, by name."""
    due = and_(alert.c.state == AlertState.WAITING, alert.c.next_at <= now)
    return list(connection.scalars(select(alert.c.channel).where(due).distinct().order_by(alert.c.channel)))


def claim_these(connection: Connection, ids: Sequence[int], now: datetime, lease: timedelta) -> bool:
    """Claim all of them, or none: False when another notifier has one of them meanwhile."""
    mine = and_(alert.c.id.in_(ids), alert.c.state == AlertState.WAITING, alert.c.next_at <= now)
    taken = {"next_at": now + lease, "attempts": alert.c.attempts + 1}
    return connection.execute(update(alert).where(mine).values(taken)).rowcount == len(ids)


def last_digest(connection: Connection, channel: str) -> datetime | None:
    """When a channel was last told of many at once."""
    query = select(func.max(alert.c.sent_at)).where(alert.c.channel == channel, alert.c.digest.is_not(None))
    found: datetime | None = connection.scalar(query)
    return found


def mark_digest(connection: Connection, ids: Sequence[int], key: str) -> None:
    """These are told together, under this key."""
    connection.execute(update(alert).where(alert.c.id.in_(ids)).values(digest=key))


def told_on(connection: Connection, incident_id: int, channel: str) -> bool:
    """Whether anything was ever put into the outbox about an incident for this channel."""
    about = and_(alert.c.incident_id == incident_id, alert.c.channel == channel)
    return connection.execute(select(alert.c.id).where(about).limit(1)).first() is not None


def waits(connection: Connection, now: datetime) -> bool:
    """Whether a notice is due: a look that takes no write lock."""
    due = and_(alert.c.state == AlertState.WAITING, alert.c.next_at <= now)
    return connection.execute(select(alert.c.id).where(due).limit(1)).first() is not None


def sent(connection: Connection, alert_id: int, now: datetime) -> None:
    done = {"state": AlertState.SENT.value, "sent_at": now, "error": ""}
    connection.execute(update(alert).where(alert.c.id == alert_id).values(done))


def put_off(connection: Connection, alert_id: int, until: datetime, error: str) -> None:
    connection.execute(update(alert).where(alert.c.id == alert_id).values(next_at=until, error=error))


def give_up(connection: Connection, alert_id: int, error: str) -> None:
    done = {"state": AlertState.GIVEN_UP.value, "error": error}
    connection.execute(update(alert).where(alert.c.id == alert_id).values(done))


def give_up_all(connection: Connection, error: str) -> int:
    """Stop trying to tell what still waits; returns how many."""
    waiting = alert.c.state == AlertState.WAITING.value
    values = {"state": AlertState.GIVEN_UP.value, "error": error}
    return int(connection.execute(update(alert).where(waiting).values(values)).rowcount)


def was_told(connection: Connection, incident_id: int, channel: str) -> bool:
    """Whether this channel ever heard that the incident is there: only then is a recovery news."""
    heard = and_(
        alert.c.incident_id == incident_id,
        alert.c.channel == channel,
        alert.c.notice.in_((NoticeKind.FIRED, NoticeKind.REPEATED)),
        alert.c.state == AlertState.SENT,
    )
    return connection.execute(select(alert.c.id).where(heard).limit(1)).first() is not None


def last_notice(connection: Connection, incident_id: int) -> LastNotice | None:
    """The latest notice about an incident, on any channel."""
    about = alert.c.incident_id == incident_id
    latest = select(alert.c.notice, alert.c.at).where(about).order_by(alert.c.id.desc()).limit(1)
    row = connection.execute(latest).one_or_none()
    if row is None:
        return None
    again = and_(about, alert.c.notice == NoticeKind.REPEATED)
    repeats = connection.execute(select(func.count(alert.c.at.distinct())).where(again)).scalar_one()
    return LastNotice(NoticeKind(row.notice), row.at, 1 + repeats)


def recent(connection: Connection, limit: int = 50) -> Sequence[Alert]:
    """The latest notices, newest first."""
    return [_read(row) for row in connection.execute(select(alert).order_by(alert.c.id.desc()).limit(limit))]


def _read(row: Row[Any]) -> Alert:
    return Alert(
        row.id,
        row.incident_id,
        NoticeKind(row.notice),
        row.channel,
        row.key,
        row.payload,
        AlertState(row.state),
        row.attempts,
        row.next_at,
        row.at,
        row.sent_at,
        row.error,
    )
