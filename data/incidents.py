"""Incidents: conditions that started, have evidence, and ended or not. Pages read them in `data.panels`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from checks.model import Severity
from data.tables import incident


class IncidentState(StrEnum):
    PENDING = "pending"
    """Seen once; nobody is told before a second look agrees."""
    OPEN = "open"
    RECOVERING = "recovering"
    """Not seen in the latest look; closed when the next one agrees."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    """Was pending and not confirmed: it never was an incident."""


ALIVE = (IncidentState.PENDING, IncidentState.OPEN, IncidentState.RECOVERING)
FIRING = (IncidentState.OPEN, IncidentState.RECOVERING)


@dataclass(frozen=True, slots=True)
class Incident:
    """One row. `fingerprint` says what it is about: two alive rows never share one."""

    id: int
    fingerprint: str
    kind: str
    target_id: int | None
    code: str
    subject: str
    severity: Severity
    state: IncidentState
    first_seen: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    detail: Mapping[str, Any]


def alive(connection: Connection, target_id: int | None) -> Sequence[Incident]:
    """The incidents of a target (None: of the instance itself) that have not ended."""
    query = select(incident).where(incident.c.state.in_(ALIVE)).order_by(incident.c.id)
    return [
        _read(row)
        for row in connection.execute(query.where(incident.c.target_id.is_not_distinct_from(target_id)))
    ]


def get(connection: Connection, incident_id: int) -> Incident:
    return _read(connection.execute(select(incident).where(incident.c.id == incident_id)).one())


def find_alive(connection: Connection, fingerprint: str) -> Incident | None:
    """What is alive about the same thing."""
    query = select(incident).where(incident.c.fingerprint == fingerprint, incident.c.state.in_(ALIVE))
    row = connection.execute(query.limit(1)).one_or_none()
    return None if row is None else _read(row)


def alive_of_kind(connection: Connection, kind: str) -> Sequence[Incident]:
    """All incidents of a kind that have not ended."""
    query = select(incident).where(incident.c.kind == kind, incident.c.state.in_(ALIVE))
    return [_read(row) for row in connection.execute(query.order_by(incident.c.id))]


def alive_kinds(connection: Connection) -> frozenset[str]:
    """The kinds of what is open now."""
    query = select(incident.c.kind).where(incident.c.state.in_(FIRING)).distinct()
    return frozenset(connection.scalars(query))


def ended_since(connection: Connection, fingerprint: str, since: datetime) -> int:
    """How often the same thing was told and was over since then."""
    same = (incident.c.fingerprint == fingerprint) & (incident.c.state == IncidentState.CLOSED.value)
    query = select(func.count()).select_from(incident).where(same, incident.c.closed_at >= since)
    return connection.scalar(query) or 0


def begin(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new incident, with all columns but `id`; returns its id."""
    new = insert(incident).values(dict(values)).returning(incident.c.id)
    return int(connection.execute(new).scalar_one())


def change(connection: Connection, incident_id: int, values: Mapping[str, Any]) -> None:
    connection.execute(update(incident).where(incident.c.id == incident_id).values(dict(values)))


def _read(row: Row[Any]) -> Incident:
    return Incident(
        row.id,
        row.fingerprint,
        row.kind,
        row.target_id,
        row.code,
        row.subject,
        Severity(row.severity),
        IncidentState(row.state),
        row.first_seen,
        row.opened_at,
        row.closed_at,
        row.detail,
    )
