"""Everything that came back, once each: the key of an event is what makes the same report one event."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from data.dialect import insert
from data.tables import event, recipient


class Kind(StrEnum):
    OPEN = "open"
    CLICK = "click"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    DELIVERED = "delivered"
    BOUNCE = "bounce"
    DELAY = "delay"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    OTHER = "other"
    """Something that a provider told and that has no meaning here; kept with the provider's own word."""
    RESEND = "resend"
    """A person had a campaign go again to some of its recipients."""
    OVERRIDE = "override"
    """A person started a campaign although the gate said otherwise."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """`key` must be the same whenever the same thing is reported again, and different for anything else."""

    kind: Kind
    at: datetime
    key: str
    campaign_id: int | None = None
    recipient_id: int | None = None
    contact_id: int | None = None
    link_id: int | None = None
    provider: str = ""
    machine: bool = False
    evidence: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whose:
    """The recipient row that a token speaks of."""

    recipient_id: int
    campaign_id: int
    contact_id: int
    address: str
    provider: str
    state: str
    settled_at: datetime | None


def record(connection: Connection, events: Sequence[NewEvent]) -> int:
    """Append what is new; returns how many were."""
    if not events:
        return 0
    return connection.execute(_appending(connection), [_values(each) for each in events]).rowcount


_APPEND: dict[str, Any] = {}  # the statement for each kind of store: to make it costs more than to run it
_NAMES = tuple(NewEvent.__dataclass_fields__)


def _appending(connection: Connection) -> Any:
    kind = connection.dialect.name
    if kind not in _APPEND:
        _APPEND[kind] = insert(connection, event).on_conflict_do_nothing(index_elements=["key"])
    return _APPEND[kind]


def _values(each: NewEvent) -> dict[str, Any]:
    values = {name: getattr(each, name) for name in _NAMES}
    values["kind"], values["detail"] = each.kind.value, dict(each.detail)
    return values


def whose(connection: Connection, recipient_ids: Sequence[int]) -> Mapping[int, Whose]:
    """The recipients of these ids, by id; at most some hundreds at a time. Erased people are nobody."""
    known = recipient.c.id.in_(recipient_ids) & (recipient.c.address != "")
    rows = connection.execute(select(recipient).where(known))
    return {row.id: _whose(row) for row in rows}


def whose_step(connection: Connection, campaign_id: int, contact_id: int, step: int) -> Whose | None:
    """The recipient that a Message-ID speaks of."""
    query = select(recipient).where(
        recipient.c.campaign_id == campaign_id,
        recipient.c.contact_id == contact_id,
        recipient.c.step == step,
        recipient.c.address != "",
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _whose(row)


def events_of(connection: Connection, recipient_id: int) -> Sequence[Row[Any]]:
    """What came back for one recipient, the oldest first."""
    query = select(event).where(event.c.recipient_id == recipient_id).order_by(event.c.at, event.c.id)
    return connection.execute(query).all()


def clicks_since(
    connection: Connection, campaign_ids: Collection[int], since: datetime, limit: int
) -> Sequence[Row[Any]]:
    """The latest clicks of known people in these campaigns, with their addresses, the newest first."""
    query = (
        select(event, recipient.c.address)
        .join(recipient, recipient.c.id == event.c.recipient_id)
        .where(event.c.campaign_id.in_(campaign_ids), event.c.kind == Kind.CLICK.value, event.c.at >= since)
        .order_by(event.c.at.desc())
        .limit(limit)
    )
    return connection.execute(query).all()


def call_machines(connection: Connection, evidence: Mapping[str, str]) -> None:
    """What looked like people's by itself and turned out to be a machine's: {key: why}."""
    for key, why in evidence.items():
        connection.execute(update(event).where(event.c.key == key).values(machine=True, evidence=why))


def _whose(row: Row[Any]) -> Whose:
    return Whose(
        row.id, row.campaign_id, row.contact_id, row.address, row.provider, row.state, row.settled_at
    )
