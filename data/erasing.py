"""Everything held about one person, and its erasure (GDPR articles 15, 17 and 20).

`PERSONAL` names each table that refers to people and what becomes of it; a test holds that no table with a
reference to a contact or a recipient is missing there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, case, delete, exists, literal, select, update

from data.dialect import insert
from data.states import LEASED, WAITING
from data.suppression import Kind, Reason
from data.tables import (
    attempt,
    campaign,
    consent,
    contact,
    contact_import,
    contact_tag,
    event,
    import_change,
    mailing_list,
    membership,
    own_address,
    recipient,
    seed,
    suppression,
)

PERSONAL: Mapping[str, str] = {
    "contact": "removed, or if mail was sent a row without address and attributes, for the counts",
    "contact_tag": "removed",
    "membership": "removed",
    "consent": "removed",
    "import_change": "removed",
    "recipient": "kept without address and replies, for the counts",
    "attempt": "kept without replies, for the counts",
    "event": "kept without person, client and texts, for the counts",
    "own_address": "removed",
    "suppression": "replaced by a keyed hash, so that no import brings the address back",
}
KEPT_DETAIL = frozenset(
    {"category", "effect", "fault", "action", "status", "code", "source", "feedback_type"}
)
"""What counts need of an event, and what says nothing of a person."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of each table were touched. `seeds`: the operator's own mailboxes, which stay."""

    rows: Mapping[str, int]
    seeds: tuple[str, ...]


def being_sent(connection: Connection, contact_id: int) -> bool:
    """Whether a message to them is under way this very moment."""
    busy = recipient.c.state.in_([state.value for state in LEASED])
    return bool(connection.scalar(select(exists().where(recipient.c.contact_id == contact_id, busy))))


def erase_person(
    connection: Connection, contact_id: int | None, address: str, fingerprint: str, now: datetime
) -> Erased:
    """Remove what is held about an address; `contact_id` None where it is no contact."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # overwrite what is freed
    rows: dict[str, int] = {}
    if contact_id is not None:
        for table in (contact_tag, membership, consent, import_change):
            gone = delete(table).where(table.c.contact_id == contact_id)
            rows[table.name] = connection.execute(gone).rowcount
        rows |= _blank_messages(connection, contact_id, now)
        rows["event"] = _blank_events(connection, contact_id)
        rows["contact"] = _blank_contact(connection, contact_id, now)
    rows["own_address"] = connection.execute(
        delete(own_address).where(own_address.c.address == address)
    ).rowcount
    theirs = and_(suppression.c.kind == Kind.ADDRESS, suppression.c.value == address)
    rows["suppression"] = connection.execute(delete(suppression).where(theirs)).rowcount
    entry = {"kind": Kind.HASH, "value": fingerprint, "reason": Reason.ERASED, "detail": "", "at": now}
    connection.execute(insert(connection, suppression).values(**entry).on_conflict_do_nothing())
    seeds = connection.scalars(select(seed.c.name).where(seed.c.address == address)).all()
    return Erased({name: count for name, count in rows.items() if count}, tuple(seeds))


def _blank_messages(connection: Connection, contact_id: int, now: datetime) -> dict[str, int]:
    """Nothing that waits is sent any more; what was sent still counts."""
    whose = recipient.c.contact_id == contact_id
    waiting = recipient.c.state.in_([state.value for state in WAITING])
    skip = {"state": "skipped", "category": "erased", "settled_at": now}
    connection.execute(update(recipient).where(whose, waiting).values(**skip))
    blank = {"address": "", "response": "", "message_id": ""}
    messages = connection.execute(update(recipient).where(whose).values(**blank)).rowcount
    tried = attempt.c.recipient_id.in_(select(recipient.c.id).where(whose))
    tries = connection.execute(update(attempt).where(tried).values(response="")).rowcount
    return {"recipient": messages, "attempt": tries}


def _blank_events(connection: Connection, contact_id: int) -> int:
    mine = select(recipient.c.id).where(recipient.c.contact_id == contact_id)
    whose = (event.c.contact_id == contact_id) | event.c.recipient_id.in_(mine)
    rows = connection.execute(select(event.c.id, event.c.key, event.c.detail).where(whose)).all()
    for row in rows:
        detail = {name: value for name, value in row.detail.items() if name in KEPT_DETAIL}
        key = f"erased:{row.id}" if "@" in row.key else row.key
        values = {"contact_id": None, "detail": detail, "key": key}
        values["evidence"] = case((event.c.machine, literal("erased")), else_="")
        connection.execute(update(event).where(event.c.id == row.id).values(**values))
    return len(rows)


def _blank_contact(connection: Connection, contact_id: int, now: datetime) -> int:
    one = contact.c.id == contact_id
    if not connection.scalar(select(exists().where(recipient.c.contact_id == contact_id))):
        return connection.execute(delete(contact).where(one)).rowcount
    blank = {"email": "", "address": f"erased:{contact_id}", "attributes": {}, "erased_at": now}
    return connection.execute(update(contact).where(one).values(**blank)).rowcount


def everything_about(
    connection: Connection, contact_id: int | None, address: str, fingerprint: str
) -> Mapping[str, Any]:
    """All rows about an address, by what they are, with the names of lists and campaigns in place of ids."""
    values = {address, address.rpartition("@")[2], fingerprint}
    held: dict[str, Any] = {
        "suppression": _rows(connection, select(suppression).where(suppression.c.value.in_(values))),
        "own_address": _rows(connection, select(own_address).where(own_address.c.address == address)),
    }
    if contact_id is None:
        return held
    of_list = (mailing_list.c.name.label("list"), mailing_list.c.title.label("list_title"))
    queries = {
        "contact": select(contact).where(contact.c.id == contact_id),
        "tags": select(contact_tag.c.tag).where(contact_tag.c.contact_id == contact_id),
        "lists": select(*of_list, membership.c.state, membership.c.at)
        .join(mailing_list, mailing_list.c.id == membership.c.list_id)
        .where(membership.c.contact_id == contact_id),
        "consent": select(mailing_list.c.name.label("list"), *_but(consent, "id", "contact_id", "list_id"))
        .outerjoin_from(consent, mailing_list, mailing_list.c.id == consent.c.list_id)
        .where(consent.c.contact_id == contact_id)
        .order_by(consent.c.id),
        "imports": select(
            contact_import.c.id, contact_import.c.file, contact_import.c.source, contact_import.c.at,
            *_but(import_change, "import_id", "contact_id"),
        )
        .join(import_change, import_change.c.import_id == contact_import.c.id)
        .where(import_change.c.contact_id == contact_id),
        "messages": select(campaign.c.name.label("campaign"), *_but(recipient, "contact_id", "lane_id"))
        .join(campaign, campaign.c.id == recipient.c.campaign_id)
        .where(recipient.c.contact_id == contact_id)
        .order_by(recipient.c.id),
        "attempts": select(*_but(attempt, "lane_id"))
        .join(recipient, recipient.c.id == attempt.c.recipient_id)
        .where(recipient.c.contact_id == contact_id)
        .order_by(attempt.c.id),
        "events": select(campaign.c.name.label("campaign"), *_but(event, "contact_id", "key"))
        .outerjoin_from(event, campaign, campaign.c.id == event.c.campaign_id)
        .where(event.c.contact_id == contact_id)
        .order_by(event.c.at, event.c.id),
    }  # fmt: skip
    return held | {name: _rows(connection, query) for name, query in queries.items()}


def _but(table: Table, *names: str) -> Sequence[Any]:
    return [column for column in table.c if column.name not in names]


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in connection.execute(query).mappings()
    ]
