"""Incidents as people look at them: what is open, and what was open in a span of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, or_, select

from checks.model import Severity
from data.tables import incident, target

OPEN = ("open", "recovering")
LIMIT = 500

_RANK = case({severity.value: severity.rank for severity in Severity}, value=incident.c.severity, else_=9)


@dataclass(frozen=True, slots=True)
class Incident:
    """A condition that started and has, or has not, ended. `domain` is "" when it is about no one domain."""

    id: int
    kind: str
    domain: str
    code: str
    subject: str
    severity: Severity
    state: str
    first_seen: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    detail: Mapping[str, Any]

    @property
    def since(self) -> datetime:
        return self.opened_at or self.first_seen


def open_incidents(connection: Connection, domain: str | None = None) -> Sequence[Incident]:
    """What is open now, worst and then newest first; at most `LIMIT`."""
    query = (
        _incidents(domain)
        .where(incident.c.state.in_(OPEN))
        .order_by(_RANK, incident.c.first_seen.desc(), incident.c.id)
    )
    return [_read(row) for row in connection.execute(query.limit(LIMIT))]


def pending_incidents(connection: Connection, domain: str | None = None) -> Sequence[Incident]:
    """What was seen once and waits for a second look before anybody is told; newest first."""
    query = _incidents(domain).where(incident.c.state == "pending").order_by(incident.c.first_seen.desc())
    return [_read(row) for row in connection.execute(query.limit(LIMIT))]


def find_incident(connection: Connection, incident_id: int) -> Incident | None:
    """One of them, whatever its state."""
    row = connection.execute(_incidents(None).where(incident.c.id == incident_id)).one_or_none()
    return _read(row) if row else None


def incidents_between(
    connection: Connection, since: datetime, until: datetime, domain: str | None = None
) -> Sequence[Incident]:
    """What was open at some time in the span, newest first; at most `LIMIT`."""
    query = (
        _incidents(domain)
        .where(incident.c.opened_at.is_not(None), incident.c.opened_at < until)
        .where(or_(incident.c.closed_at.is_(None), incident.c.closed_at >= since))
        .order_by(incident.c.opened_at.desc())
    )
    return [_read(row) for row in connection.execute(query.limit(LIMIT))]


def _incidents(domain: str | None) -> Any:
    query = select(incident, target.c.domain).outerjoin(target, target.c.id == incident.c.target_id)
    return query if domain is None else query.where(target.c.domain == domain)


def _read(row: Row[Any]) -> Incident:
    return Incident(
        row.id,
        row.kind,
        row.domain or "",
        row.code,
        row.subject,
        Severity(row.severity),
        row.state,
        row.first_seen,
        row.opened_at,
        row.closed_at,
        row.detail,
    )
