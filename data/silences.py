"""Silences, which keep notices from being told for a while, and acknowledgements, which stop repetitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select, update
from sqlalchemy import insert as plain_insert

from data.dialect import insert
from data.tables import acknowledgement, silence


@dataclass(frozen=True, slots=True)
class Silence:
    """`matchers`: field of an incident -> pattern with * and ?; all must match. It always has an end."""

    id: int
    matchers: Mapping[str, str]
    comment: str
    author: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody took an incident on, until then."""

    incident_id: int
    owner: str
    comment: str
    at: datetime
    until: datetime


def add_silence(
    connection: Connection,
    matchers: Mapping[str, str],
    comment: str,
    author: str,
    begins_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> int:
    """A new silence; returns its id."""
    values = {"matchers": dict(matchers), "comment": comment, "author": author, "at": now}
    new = plain_insert(silence).values(**values, begins_at=begins_at, ends_at=ends_at)
    return int(connection.execute(new.returning(silence.c.id)).scalar_one())


def silences(connection: Connection, now: datetime) -> Sequence[Silence]:
    """Those that have not ended, planned ones too, the next to end first."""
    query = select(silence).where(silence.c.ends_at > now).order_by(silence.c.ends_at, silence.c.id)
    return [_read(row) for row in connection.execute(query)]


def end_silence(connection: Connection, silence_id: int, now: datetime) -> bool:
    """End it now; False when there is none of that number that lasts."""
    lasting = and_(silence.c.id == silence_id, silence.c.ends_at > now)
    return bool(connection.execute(update(silence).where(lasting).values(ends_at=now)).rowcount)


def acknowledge(connection: Connection, entry: Acknowledgement) -> None:
    """Take an incident on; a later word replaces an earlier one."""
    values = {"owner": entry.owner, "comment": entry.comment, "at": entry.at, "until": entry.until}
    statement = insert(connection, acknowledgement).values(incident_id=entry.incident_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["incident_id"], set_=values))


def acknowledged(connection: Connection, incident_id: int) -> Acknowledgement | None:
    """Who took it on, whether that still holds or not."""
    query = select(acknowledgement).where(acknowledgement.c.incident_id == incident_id)
    row = connection.execute(query).one_or_none()
    return Acknowledgement(row.incident_id, row.owner, row.comment, row.at, row.until) if row else None


def _read(row: Row[Any]) -> Silence:
    return Silence(row.id, row.matchers, row.comment, row.author, row.begins_at, row.ends_at)
