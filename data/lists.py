"""Mailing lists, and who is on them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, case, func, select, update

from data.dialect import insert
from data.tables import contact, mailing_list, membership


class Member(StrEnum):
    """Where somebody stands with a list; only the subscribed are written to."""

    UNCONFIRMED = "unconfirmed"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class MailingList:
    """`name` is its stable handle (it stands in List-Id), `title` what people read."""

    id: int
    name: str
    title: str
    double_opt_in: bool


@dataclass(frozen=True, slots=True)
class Size:
    list: MailingList
    subscribed: int
    unconfirmed: int
    unsubscribed: int


def create_list(connection: Connection, name: str, title: str, *, double_opt_in: bool, now: datetime) -> int:
    """Returns the new list's id; raises IntegrityError if the name is taken."""
    statement = insert(connection, mailing_list).values(
        name=name, title=title, double_opt_in=double_opt_in, at=now
    )
    return int(connection.execute(statement.returning(mailing_list.c.id)).scalar_one())


def find_list(connection: Connection, name: str) -> MailingList | None:
    row = connection.execute(select(mailing_list).where(mailing_list.c.name == name)).one_or_none()
    return None if row is None else _read(row)


def list_by_id(connection: Connection, list_id: int) -> MailingList | None:
    row = connection.execute(select(mailing_list).where(mailing_list.c.id == list_id)).one_or_none()
    return None if row is None else _read(row)


def all_lists(connection: Connection) -> Sequence[Size]:
    """Every list with how many people stand where, by name."""
    counts = [
        func.coalesce(func.sum(case((membership.c.state == state, 1), else_=0)), 0)
        for state in (Member.SUBSCRIBED, Member.UNCONFIRMED, Member.UNSUBSCRIBED)
    ]
    query = (
        select(mailing_list, *(count.label(f"n{index}") for index, count in enumerate(counts)))
        .select_from(mailing_list.outerjoin(membership, membership.c.list_id == mailing_list.c.id))
        .group_by(mailing_list.c.id)
        .order_by(mailing_list.c.name)
    )
    return [Size(_read(row), int(row.n0), int(row.n1), int(row.n2)) for row in connection.execute(query)]


def set_member(
    connection: Connection, list_id: int, contact_id: int, state: Member, now: datetime
) -> Member | None:
    """Put somebody into a state on a list; returns where they stood before (None: not on the list).

    From now on that is nobody's import any more, also where an import had put them there already: undoing
    the import must not undo what was said since.
    """
    before = member_state(connection, list_id, contact_id)
    if before is state:
        theirs = (membership.c.list_id == list_id) & (membership.c.contact_id == contact_id)
        imported = theirs & membership.c.import_id.is_not(None)
        connection.execute(update(membership).where(imported).values(import_id=None))
        return before
    statement = insert(connection, membership).values(
        list_id=list_id, contact_id=contact_id, state=state.value, at=now
    )
    changed = {"state": state.value, "at": now, "import_id": None}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["list_id", "contact_id"], set_=changed)
    )
    return before


def add_members(connection: Connection, list_id: int, since: Mapping[int, datetime]) -> None:
    """Subscribe many at once, {contact id: since when}; who is on the list already stays as they are."""
    rows = [
        {"list_id": list_id, "contact_id": who, "state": Member.SUBSCRIBED.value, "at": at}
        for who, at in since.items()
    ]
    if rows:
        connection.execute(insert(connection, membership).on_conflict_do_nothing(), rows)


def member_state(connection: Connection, list_id: int, contact_id: int) -> Member | None:
    on = (membership.c.list_id == list_id) & (membership.c.contact_id == contact_id)
    state = connection.scalar(select(membership.c.state).where(on))
    return None if state is None else Member(state)


def lists_of(connection: Connection, contact_id: int) -> Sequence[tuple[MailingList, Member]]:
    """Where one person stands with every list they were ever on, by name."""
    joined = mailing_list.join(membership, membership.c.list_id == mailing_list.c.id)
    query = (
        select(mailing_list, membership.c.state)
        .select_from(joined)
        .where(membership.c.contact_id == contact_id)
        .order_by(mailing_list.c.name)
    )
    return [(_read(row), Member(row.state)) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Standing:
    """One person on a list, and since when they stand so."""

    email: str
    attributes: Mapping[str, Any]
    state: Member
    at: datetime


def members_of(connection: Connection, list_id: int) -> Iterator[Standing]:
    """Everybody who ever was on a list, streamed in the order in which they were added."""
    query = (
        select(contact.c.email, contact.c.attributes, membership.c.state, membership.c.at)
        .join_from(membership, contact, contact.c.id == membership.c.contact_id)
        .where(membership.c.list_id == list_id)
        .order_by(contact.c.id)
    )
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield Standing(row.email, row.attributes, Member(row.state), row.at)


def _read(row: Row[Any]) -> MailingList:
    return MailingList(row.id, row.name, row.title, row.double_opt_in)
