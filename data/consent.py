"""What people agreed to: events that are never changed (GDPR article 7(1)), and where that leaves them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from data.lists import Member
from data.recipients import Recipient
from data.suppression import Suppressed, suppressed
from data.tables import campaign, consent, contact, membership, own_address, recipient, seed


class Act(StrEnum):
    """What somebody did, or what was done in their name."""

    GIVEN = "given"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """`list_id` None: for everything. `form` is the hash of the wording's version that they were shown."""

    contact_id: int
    list_id: int | None
    act: Act
    source: str
    wording: str
    at: datetime
    ip: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether one recipient may be written to; judged by `sender.audience.consent`."""

    message_class: str
    list_id: int | None
    member: Member | None
    """On the campaign's list; None when the campaign has no list or they are not on it."""
    last_act: Act | None
    suppressed: Suppressed | None
    own: bool
    """The operator registered the address as their own (a seed or a test address)."""
    last_confirmation: datetime | None
    """When a confirmation last went to this person, if one ever did."""


def record_consent(
    connection: Connection, events: Sequence[ConsentEvent], *, import_id: int | None = None
) -> None:
    """Append events; there is no function that changes one.

    `import_id`: what recorded them, so that a mistaken import can be taken back.
    """
    rows = [
        {
            "contact_id": event.contact_id, "list_id": event.list_id, "act": event.act.value,
            "source": event.source, "wording": event.wording, "ip": event.ip, "form": event.form,
            "at": event.at, "import_id": import_id,
        }
        for event in events
    ]  # fmt: skip
    if rows:
        connection.execute(insert(consent), rows)


def consents_of(connection: Connection, contact_id: int) -> Sequence[ConsentEvent]:
    """One person's events, the oldest first."""
    query = select(consent).where(consent.c.contact_id == contact_id).order_by(consent.c.id)
    return [_read(row) for row in connection.execute(query)]


def facts(connection: Connection, recipients: Sequence[Recipient]) -> Mapping[int, Facts]:
    """By recipient id, in four queries however many there are (at most some hundreds at a time)."""
    if not recipients:
        return {}
    rows = connection.execute(_STANDING, {"recipients": [each.id for each in recipients]}).all()
    addresses = [row.address for row in rows]
    acts = last_acts(connection, [row.contact_id for row in rows])
    blocked = suppressed(connection, addresses)
    owned = _owned(connection, [row.address for row in rows if row.message_class not in _FOR_MANY])
    return {
        row.id: Facts(
            message_class=row.message_class,
            list_id=row.list_id,
            member=None if row.state is None else Member(row.state),
            last_act=acts.get((row.contact_id, row.list_id)) or acts.get((row.contact_id, None)),
            suppressed=blocked.get(row.address),
            own=row.address in owned,
            last_confirmation=row.last_confirmation,
        )
        for row in rows
    }


def _standing() -> Any:
    other, theirs = recipient.alias(), campaign.alias()
    last_confirmation = (
        select(
            func.max(func.coalesce(other.c.settled_at, other.c.next_at))
        )  # unsettled while it is on its way
        .select_from(other.join(theirs, theirs.c.id == other.c.campaign_id))
        .where(
            other.c.contact_id == recipient.c.contact_id,
            other.c.id != recipient.c.id,
            other.c.state.in_(("sending", "sent", "unknown")),
            theirs.c.message_class == "confirmation",
            campaign.c.message_class == "confirmation",
        )
        .scalar_subquery()
        .label("last_confirmation")
    )
    on_list = (membership.c.list_id == campaign.c.list_id) & (
        membership.c.contact_id == recipient.c.contact_id
    )
    joined = (
        recipient.join(campaign, campaign.c.id == recipient.c.campaign_id)
        .join(contact, contact.c.id == recipient.c.contact_id)
        .outerjoin(membership, on_list)
    )
    return (
        select(
            recipient.c.id,
            recipient.c.contact_id,
            contact.c.address,
            campaign.c.message_class,
            campaign.c.list_id,
            membership.c.state,
            last_confirmation,
        )
        .select_from(joined)
        .where(recipient.c.id.in_(bindparam("recipients", expanding=True)))
    )


_STANDING = _standing()  # made once: making these statements costs more than running them
_ACTS = (
    select(consent.c.contact_id, consent.c.list_id, consent.c.act)
    .where(consent.c.contact_id.in_(bindparam("contacts", expanding=True)))
    .order_by(consent.c.id)
)
_OWN = select(own_address.c.address).where(own_address.c.address.in_(bindparam("addresses", expanding=True)))
_FOR_MANY = ("campaign", "automation", "transactional")
"""Whether an address is the operator's own is nothing to these, and they are many."""
_SEEDS = select(seed.c.address).where(seed.c.address.in_(bindparam("addresses", expanding=True)))


def last_acts(connection: Connection, contact_ids: Sequence[int]) -> Mapping[tuple[int, int | None], Act]:
    """By person and list, what they did last; a withdrawal from everything overrules what came before it."""
    last: dict[tuple[int, int | None], Act] = {}
    for row in connection.execute(_ACTS, {"contacts": list(contact_ids)}):
        act = Act(row.act)
        if row.list_id is None and act is Act.WITHDRAWN:
            last |= {key: act for key in last if key[0] == row.contact_id}
        last[row.contact_id, row.list_id] = act
    return last


def _owned(connection: Connection, addresses: Sequence[str]) -> frozenset[str]:
    if not addresses:
        return frozenset()
    asked = {"addresses": list(addresses)}
    return frozenset([*connection.scalars(_OWN, asked), *connection.scalars(_SEEDS, asked)])


def _read(row: Row[Any]) -> ConsentEvent:
    return ConsentEvent(
        row.contact_id, row.list_id, Act(row.act), row.source, row.wording, row.at, row.ip, row.form
    )
