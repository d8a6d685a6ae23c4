"""A campaign over time, in steps: what was settled, and what people and machines did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from data.tables import EPOCH, event, recipient

MOST_STEPS = 2000
"""A chart holds no more points a series; `step_for` keeps to it."""

STEPS = (
    *(timedelta(seconds=seconds) for seconds in (1, 5, 15, 30)),
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 3, 6, 12)),
    *(timedelta(days=days) for days in (1, 7, 30)),
)


def step_for(span: timedelta, wanted: int = 60) -> timedelta:
    """The round step that cuts a span into at most `wanted` pieces (and never more than `MOST_STEPS`)."""
    return next((step for step in STEPS if span / step <= min(wanted, MOST_STEPS)), STEPS[-1])


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many recipients (or events) of one kind in one step of time. `machine` is False where it is moot."""

    at: datetime
    kind: str
    machine: bool
    count: int


def throughput(
    connection: Connection, campaign_id: int, step: timedelta, provider: str | None = None
) -> Sequence[Bucket]:
    """Recipients settled in each step, by state."""
    at = _step_of(recipient.c.settled_at, step)
    query = (
        select(at.label("step"), recipient.c.state, func.count())
        .where(recipient.c.campaign_id == campaign_id, recipient.c.settled_at.is_not(None))
        .where(recipient.c.state.in_(("sent", "failed", "deferred", "unknown")))
        .group_by(at, recipient.c.state)
        .order_by(at)
    )
    if provider is not None:
        query = query.where(recipient.c.provider == provider)
    return [Bucket(_instant(row[0], step), row[1], False, row[2]) for row in connection.execute(query)]


def opens_and_clicks_over_time(
    connection: Connection, campaign_id: int, step: timedelta, provider: str | None = None
) -> Sequence[Bucket]:
    """Open and click events in each step, people and machines apart."""
    at = _step_of(event.c.at, step)
    query = (
        select(at.label("step"), event.c.kind, event.c.machine, func.count())
        .where(event.c.campaign_id == campaign_id, event.c.kind.in_(("open", "click")))
        .group_by(at, event.c.kind, event.c.machine)
        .order_by(at)
    )
    if provider is not None:
        query = query.where(event.c.provider == provider)
    return [Bucket(_instant(row[0], step), row[1], row[2], row[3]) for row in connection.execute(query)]


def _step_of(column: Any, step: timedelta) -> Any:
    return type_coerce(column, BigInteger) // (step // timedelta(microseconds=1))


def _instant(number: int, step: timedelta) -> datetime:
    return EPOCH + number * step
