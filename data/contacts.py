"""The people: one row per address. What they agreed to is elsewhere (`consent`, `lists`, `suppression`)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from data.dialect import insert
from data.tables import contact


@dataclass(frozen=True, slots=True)
class Contact:
    """`email` is where mail goes, as the person wrote it; `address` the identity (audience.addresses)."""

    id: int
    email: str
    address: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody to add; `address` is the normalised identity."""

    email: str
    address: str
    attributes: Mapping[str, Any]
    at: datetime


AT_ONCE = 500


def save_contact(
    connection: Connection, email: str, address: str, attributes: Mapping[str, Any], now: datetime
) -> int:
    """Add a contact, or give a known one these attributes beside those it has; returns its id."""
    known = find_contact(connection, address)
    if known is not None:
        merged = {**known.attributes, **attributes}
        if merged != known.attributes:
            connection.execute(update(contact).where(contact.c.id == known.id).values(attributes=merged))
        return known.id
    statement = insert(connection, contact).values(
        email=email, address=address, attributes=dict(attributes), at=now
    )
    return int(connection.execute(statement.returning(contact.c.id)).scalar_one())


def save_contacts(connection: Connection, people: Sequence[NewContact]) -> Mapping[str, int]:
    """Add those who are not known yet, thousands at once; returns {address: id} of all of them."""
    rows = [{**asdict(each), "attributes": dict(each.attributes)} for each in people]
    if rows:
        connection.execute(insert(connection, contact).on_conflict_do_nothing(), rows)
    ids: dict[str, int] = {}
    for start in range(0, len(people), AT_ONCE):
        addresses = [each.address for each in people[start : start + AT_ONCE]]
        found = select(contact.c.address, contact.c.id).where(contact.c.address.in_(addresses))
        ids |= {row.address: row.id for row in connection.execute(found)}
    return ids


def find_contact(connection: Connection, address: str) -> Contact | None:
    row = connection.execute(select(contact).where(contact.c.address == address)).one_or_none()
    return None if row is None else _read(row)


def contact_by_id(connection: Connection, contact_id: int) -> Contact | None:
    """None for somebody unknown or erased."""
    whose = (contact.c.id == contact_id) & contact.c.erased_at.is_(None)
    row = connection.execute(select(contact).where(whose)).one_or_none()
    return None if row is None else _read(row)


def contacts_by_address(connection: Connection, addresses: Sequence[str]) -> Mapping[str, Contact]:
    """Those of the addresses that are known; at most some hundreds at a time."""
    rows = connection.execute(select(contact).where(contact.c.address.in_(addresses)))
    return {row.address: _read(row) for row in rows}


def count_contacts(connection: Connection) -> int:
    """Without the erased."""
    query = select(func.count()).select_from(contact).where(contact.c.erased_at.is_(None))
    return connection.scalar(query) or 0


def _read(row: Row[Any]) -> Contact:
    return Contact(row.id, row.email, row.address, row.attributes)
