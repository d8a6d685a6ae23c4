"""The bounce mailboxes: where reading them stands, message by message, so that none is read twice or lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select

from data.dialect import insert
from data.tables import mailbox, mailbox_mail


class Stand(StrEnum):
    """Of one message. `HANDLED` is in the store and not yet filed away; `LEFT` stays where it is."""

    BEGUN = "begun"
    HANDLED = "handled"
    FILED = "filed"
    LEFT = "left"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Place:
    """One message: the mailbox's name, the folder's UIDVALIDITY and the UID (RFC 3501 section 2.3.1.1)."""

    mailbox: str
    validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a message."""

    uid: int
    stand: Stand
    tries: int
    note: str


@dataclass(frozen=True, slots=True)
class Visited:
    """A mailbox's last visit; `trouble` "" for one that went well."""

    name: str
    at: datetime
    trouble: str
    counts: Mapping[str, int]


OPEN = (Stand.BEGUN.value, Stand.HANDLED.value)


def begin_visit(connection: Connection, name: str, validity: int) -> None:
    """Forget what was known under another UIDVALIDITY: those UIDs mean nothing any more."""
    stale = (mailbox_mail.c.mailbox == name) & (mailbox_mail.c.validity != validity)
    connection.execute(delete(mailbox_mail).where(stale))


def floor(connection: Connection, name: str) -> int:
    """The highest UID below which everything is settled."""
    ours = mailbox_mail.c.mailbox == name
    first_open = connection.scalar(
        select(func.min(mailbox_mail.c.uid)).where(ours, mailbox_mail.c.stand.in_(OPEN))
    )
    if first_open is not None:
        return int(first_open) - 1
    return int(connection.scalar(select(func.max(mailbox_mail.c.uid)).where(ours)) or 0)


def known(connection: Connection, name: str, above: int) -> Mapping[int, Known]:
    """What is known of the messages above a UID."""
    query = select(mailbox_mail).where(mailbox_mail.c.mailbox == name, mailbox_mail.c.uid > above)
    return {
        row.uid: Known(row.uid, Stand(row.stand), row.tries, row.note) for row in connection.execute(query)
    }


def begin(connection: Connection, place: Place, now: datetime) -> int:
    """Count one more try to read a message; returns how many there were with this one."""
    first = {"stand": Stand.BEGUN.value, "tries": 1, "note": "", "at": now}
    statement = insert(connection, mailbox_mail).values(**_key(place), **first)
    again = {"tries": mailbox_mail.c.tries + 1, "at": now}
    statement = statement.on_conflict_do_update(index_elements=["mailbox", "validity", "uid"], set_=again)
    return int(connection.execute(statement.returning(mailbox_mail.c.tries)).scalar_one())


def stand(connection: Connection, place: Place, stands: Stand, note: str, now: datetime) -> None:
    """Say how a message stands now."""
    values = {"stand": stands.value, "note": note[:300], "at": now}
    statement = insert(connection, mailbox_mail).values(**_key(place), tries=0, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["mailbox", "validity", "uid"], set_=values)
    )


def tidy(connection: Connection, name: str) -> None:
    """Forget the messages that were filed away, but for the last one, which marks how far we are."""
    below = floor(connection, name)
    filed = (mailbox_mail.c.mailbox == name) & (mailbox_mail.c.stand == Stand.FILED.value)
    connection.execute(delete(mailbox_mail).where(filed, mailbox_mail.c.uid < below))


def end_visit(connection: Connection, name: str, trouble: str, now: datetime) -> None:
    values = {"at": now, "trouble": trouble[:300]}
    statement = insert(connection, mailbox).values(name=name, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def visits(connection: Connection) -> Sequence[Visited]:
    """Each mailbox's last visit, with how many of its messages stand how."""
    counted = connection.execute(
        select(mailbox_mail.c.mailbox, mailbox_mail.c.stand, func.count()).group_by(
            mailbox_mail.c.mailbox, mailbox_mail.c.stand
        )
    ).all()
    return [
        Visited(row.name, row.at, row.trouble, {stand: n for name, stand, n in counted if name == row.name})
        for row in connection.execute(select(mailbox).order_by(mailbox.c.name))
    ]


def put_aside(connection: Connection) -> Sequence[tuple[Place, Known]]:
    """What could not be read: left where it is, or quarantined after three tries."""
    wanted = (Stand.LEFT.value, Stand.QUARANTINED.value)
    query = select(mailbox_mail).where(mailbox_mail.c.stand.in_(wanted))
    rows = connection.execute(query.order_by(mailbox_mail.c.mailbox, mailbox_mail.c.uid))
    return [
        (Place(row.mailbox, row.validity, row.uid), Known(row.uid, Stand(row.stand), row.tries, row.note))
        for row in rows
    ]


def _key(place: Place) -> dict[str, object]:
    return {"mailbox": place.mailbox, "validity": place.validity, "uid": place.uid}
