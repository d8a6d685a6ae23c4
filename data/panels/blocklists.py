"""Addresses and names on blocklists over time, as runs of equal answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from checks.model import Severity, State
from data.tables import observation, target

LIMIT = 5000


@dataclass(frozen=True, slots=True)
class Span:
    """One run of equal answers to one question: it was `state` from the first of its looks to the last."""

    domain: str
    code: str
    subject: str
    state: State
    severity: Severity
    args: Mapping[str, Any]
    first_seen: datetime
    last_seen: datetime
    looks: int


def listing_timeline(
    connection: Connection, since: datetime, until: datetime, domain: str | None = None
) -> Sequence[Span]:
    """Every run of the blocklist checks that touches the span of time, by subject, then oldest first."""
    columns = (
        observation.c.code,
        observation.c.subject,
        observation.c.state,
        observation.c.severity,
        observation.c.args,
        observation.c.first_seen,
        observation.c.last_seen,
        observation.c.looks,
    )
    query = (
        select(target.c.domain, *columns)
        .join(target, target.c.id == observation.c.target_id)
        .where(observation.c.code.startswith("BL-"))
        .where(observation.c.last_seen >= since, observation.c.first_seen < until)
        .order_by(observation.c.subject, observation.c.code, observation.c.first_seen)
        .limit(LIMIT)
    )
    if domain is not None:
        query = query.where(target.c.domain == domain)
    return [_span(*row) for row in connection.execute(query)]


def _span(domain: str, code: str, subject: str, state: str, severity: str, *rest: Any) -> Span:
    return Span(domain, code, subject, State(state), Severity(severity), *rest)
