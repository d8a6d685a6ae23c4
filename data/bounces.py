"""What was reported of a contact and of a provider before: what the rules on bounces ask."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, distinct, func, select

from data.events import Kind
from data.states import State
from data.tables import contact, event, lane, lane_hour, recipient


def address_of(connection: Connection, contact_id: int) -> str | None:
    """None for somebody unknown or erased."""
    whose = (contact.c.id == contact_id) & contact.c.erased_at.is_(None)
    return connection.scalar(select(contact.c.address).where(whose))


def was_delivered(connection: Connection, contact_id: int, since: datetime, but: int | None) -> bool:
    """Whether another campaign than `but` was accepted for this contact since then."""
    accepted = (
        select(recipient.c.id)
        .where(recipient.c.contact_id == contact_id, recipient.c.state == State.SENT.value)
        .where(recipient.c.settled_at >= since, recipient.c.campaign_id != (but or 0))
        .limit(1)
    )
    return connection.execute(accepted).first() is not None


def first_bounce(connection: Connection, contact_id: int, effect: str, since: datetime) -> datetime | None:
    """When this contact's first bounce with that effect came in, since then."""
    wanted = _bounces(contact_id, effect, since)
    first: datetime | None = connection.scalar(select(func.min(event.c.at)).where(*wanted))
    return first


def soft_campaigns(connection: Connection, contact_id: int, since: datetime) -> int:
    """To how many campaigns this contact bounced softly since then: a campaign counts once."""
    wanted = _bounces(contact_id, "soft", since)
    return connection.scalar(select(func.count(distinct(event.c.campaign_id))).where(*wanted)) or 0


def last_sign_of_life(connection: Connection, contact_id: int) -> datetime | None:
    """A click of a person, or a report that a message arrived: what ends a series of soft bounces."""
    alive = event.c.kind.in_((Kind.CLICK.value, Kind.DELIVERED.value))
    wanted = (event.c.contact_id == contact_id, alive, event.c.machine.is_(False))
    last: datetime | None = connection.scalar(select(func.max(event.c.at)).where(*wanted))
    return last


def unknown_users(connection: Connection, provider: str, since: datetime) -> Sequence[int]:
    """The contacts that this provider called unknown since then, once each."""
    wanted = (
        event.c.provider == provider,
        event.c.kind == Kind.BOUNCE.value,
        event.c.at >= since,
        event.c.detail["category"].as_string() == "unknown_user",
        event.c.contact_id.is_not(None),
    )
    return list(connection.scalars(select(event.c.contact_id).where(*wanted).distinct()))


def accepted_by(connection: Connection, provider: str, since: datetime) -> int:
    """How many messages this provider accepted since the beginning of that hour."""
    wanted = (lane.c.provider == provider, lane_hour.c.result == "accepted", lane_hour.c.hour >= since)
    joined = lane_hour.join(lane, lane.c.id == lane_hour.c.lane_id)
    return connection.scalar(select(func.sum(lane_hour.c.count)).select_from(joined).where(*wanted)) or 0


def known_good(connection: Connection, contacts: Sequence[int], since: datetime) -> int:
    """How many of these contacts had a message accepted between `since` and an hour ago's campaigns."""
    accepted = (
        select(func.count(distinct(recipient.c.contact_id)))
        .where(recipient.c.contact_id.in_(contacts[:500]), recipient.c.state == State.SENT.value)
        .where(recipient.c.settled_at >= since)
    )
    return connection.scalar(accepted) or 0


def accepted_since(connection: Connection, contacts: Sequence[int], since: datetime) -> set[int]:
    """Which of these contacts had a message accepted, or reported as delivered, after that time."""
    sent = select(recipient.c.contact_id).where(
        recipient.c.state == State.SENT.value, recipient.c.settled_at > since
    )
    told = select(event.c.contact_id).where(event.c.kind == Kind.DELIVERED.value, event.c.at > since)
    found: set[int] = set()
    for start in range(0, len(contacts), 500):
        some = contacts[start : start + 500]
        found |= set(connection.scalars(sent.where(recipient.c.contact_id.in_(some))))
        found |= set(connection.scalars(told.where(event.c.contact_id.in_(some))))
    return found


def _bounces(contact_id: int, effect: str, since: datetime) -> tuple[Any, ...]:
    return (
        event.c.contact_id == contact_id,
        event.c.kind == Kind.BOUNCE.value,
        event.c.at >= since,
        event.c.detail["effect"].as_string() == effect,
    )
