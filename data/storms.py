"""Bounces that nobody believed yet: providers that called many people unknown at once, and who was it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from data.events import Kind
from data.suppression import Kind as What
from data.suppression import Reason
from data.tables import contact, event, suppression

UNCONFIRMED = "hard_unconfirmed"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """One report that waits for a judgement."""

    event_id: int
    at: datetime
    provider: str
    contact_id: int
    address: str
    said: str


def unconfirmed(
    connection: Connection, provider: str = "", since: datetime | None = None, until: datetime | None = None
) -> Sequence[Unconfirmed]:
    """What waits, of one provider or ("") of all, in the order in which it came."""
    query = (
        select(
            event.c.id, event.c.at, event.c.provider, event.c.contact_id, event.c.detail, contact.c.address
        )
        .join(contact, contact.c.id == event.c.contact_id)
        .where(event.c.kind == Kind.BOUNCE.value, event.c.detail["effect"].as_string() == UNCONFIRMED)
    )
    if provider:
        query = query.where(event.c.provider == provider)
    if since is not None:
        query = query.where(event.c.at >= since)
    if until is not None:
        query = query.where(event.c.at <= until)
    return [
        Unconfirmed(
            row.id, row.at, row.provider, row.contact_id, row.address, str(row.detail.get("said", ""))
        )
        for row in connection.execute(query.order_by(event.c.provider, event.c.at, event.c.id))
    ]


def judge(connection: Connection, event_id: int, effect: str, by: str, now: datetime) -> None:
    """Write a judgement into the event, beside what it was before."""
    detail = connection.scalar(select(event.c.detail).where(event.c.id == event_id))
    judged = {"effect": effect, "was": UNCONFIRMED, "judged_by": by, "judged_at": now.isoformat()}
    changed = {**(detail or {}), **judged}
    connection.execute(update(event).where(event.c.id == event_id).values(detail=changed))


def suppressed_as_unknown(
    connection: Connection, provider: str, since: datetime, until: datetime
) -> Sequence[str]:
    """The addresses that were suppressed in that time because this provider called them unknown."""
    query = (
        select(suppression.c.value)
        .join(contact, contact.c.address == suppression.c.value)
        .join(event, event.c.contact_id == contact.c.id)
        .where(suppression.c.kind == What.ADDRESS.value, suppression.c.reason == Reason.HARD_BOUNCE.value)
        .where(suppression.c.at >= since, suppression.c.at <= until)
        .where(event.c.kind == Kind.BOUNCE.value, event.c.provider == provider)
        .where(event.c.at >= since, event.c.at <= until)
        .where(event.c.detail["category"].as_string() == "unknown_user")
        .distinct()
    )
    return list(connection.scalars(query))
