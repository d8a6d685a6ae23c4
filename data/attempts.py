"""Every try that was not simply accepted, with what was said: what a person reads who asks "why"."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from data.tables import attempt, recipient


@dataclass(frozen=True, slots=True)
class Entry:
    """`result` and `phase` are those of `sender.delivery.outcome`; `host` is who said it."""

    recipient_id: int
    lane_id: int | None
    at: datetime
    result: str
    phase: str
    host: str
    code: int | None
    enhanced: str
    response: str
    category: str


def note(connection: Connection, entries: Sequence[Entry]) -> None:
    if entries:
        connection.execute(insert(attempt), [asdict(entry) for entry in entries])


def of_recipient(connection: Connection, recipient_id: int) -> Sequence[Entry]:
    """The oldest first."""
    wanted = (
        select(attempt).where(attempt.c.recipient_id == recipient_id).order_by(attempt.c.at, attempt.c.id)
    )
    fields = Entry.__dataclass_fields__
    return [Entry(**{name: getattr(row, name) for name in fields}) for row in connection.execute(wanted)]


@dataclass(frozen=True, slots=True)
class Said:
    """What a server said to one try, and to whom it was meant to go."""

    at: datetime
    address: str
    provider: str
    host: str
    result: str
    code: int | None
    enhanced: str
    response: str
    category: str


def last_said(connection: Connection, campaign_id: int, limit: int) -> Sequence[Said]:
    """The latest replies of a campaign that were no plain acceptance, the newest first."""
    columns = (
        *(attempt.c.at, recipient.c.address, recipient.c.provider, attempt.c.host, attempt.c.result),
        *(attempt.c.code, attempt.c.enhanced, attempt.c.response, attempt.c.category),
    )
    query = (
        select(*columns)
        .join(recipient, recipient.c.id == attempt.c.recipient_id)
        .where(recipient.c.campaign_id == campaign_id)
        .order_by(attempt.c.at.desc(), attempt.c.id.desc())
        .limit(limit)
    )
    return [Said(*row) for row in connection.execute(query)]
