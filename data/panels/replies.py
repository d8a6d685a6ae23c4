"""What the receiving servers said: refusals by class, and the log of every recipient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from data.tables import recipient

LIMIT = 500


@dataclass(frozen=True, slots=True)
class Bounce:
    """Refusals of one class at one provider, with the reply that was seen last."""

    category: str
    provider: str
    count: int
    code: int | None
    enhanced: str
    reply: str


def bounces_by_class(
    connection: Connection, campaign_id: int, provider: str | None = None
) -> Sequence[Bounce]:
    """What was refused during delivery, the most frequent first."""
    query = (
        select(
            recipient.c.category,
            recipient.c.provider,
            func.count(),
            func.max(recipient.c.code),
            func.max(recipient.c.enhanced),
            func.max(recipient.c.response),
        )
        .where(recipient.c.campaign_id == campaign_id, recipient.c.state == "failed")
        .group_by(recipient.c.category, recipient.c.provider)
        .order_by(func.count().desc())
        .limit(LIMIT)
    )
    if provider is not None:
        query = query.where(recipient.c.provider == provider)
    return [Bounce(*row) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Logged:
    """One recipient, and the last reply that was had for it."""

    address: str
    provider: str
    state: str
    attempts: int
    settled_at: datetime | None
    category: str
    code: int | None
    enhanced: str
    reply: str


@dataclass(frozen=True, slots=True)
class Log:
    """One page of a campaign's recipients. `total` counts all that match."""

    rows: Sequence[Logged]
    total: int


def recipients_log(
    connection: Connection,
    campaign_id: int,
    *,
    state: str | None = None,
    provider: str | None = None,
    address: str = "",
    offset: int = 0,
    limit: int = 100,
) -> Log:
    """Recipients in the order they were put in; `address` matches anywhere in the address."""
    matches: list[Any] = [recipient.c.campaign_id == campaign_id]
    if state is not None:
        matches.append(recipient.c.state == state)
    if provider is not None:
        matches.append(recipient.c.provider == provider)
    if address:
        matches.append(recipient.c.address.contains(address.lower(), autoescape=True))
    query = select(
        recipient.c.address,
        recipient.c.provider,
        recipient.c.state,
        recipient.c.attempts,
        recipient.c.settled_at,
        recipient.c.category,
        recipient.c.code,
        recipient.c.enhanced,
        recipient.c.response,
    )
    page = query.where(*matches).order_by(recipient.c.id).offset(offset).limit(min(limit, LIMIT))
    total = connection.execute(select(func.count()).select_from(recipient).where(*matches)).scalar_one()
    return Log([Logged(*row) for row in connection.execute(page)], total)
