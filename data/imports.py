"""Imports of contacts: what each has stored so far, whom it touched, and how to take it back.

A chunk of rows is one transaction, which also moves `rows_done`: killed at any point, an import goes on
where its last chunk ended. What an import did stands apart from what people did since (`import_id` of
memberships and suppressions), so that taking it back never takes back anybody's own wish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, literal, select, update

from data.consent import Act, ConsentEvent, last_acts, record_consent
from data.dialect import insert
from data.lists import Member
from data.tables import EPOCH, campaign, contact, contact_import, contact_tag, import_change, membership


class State(StrEnum):
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class NewImport:
    """`key` is the same for the same bytes with the same options into the same list."""

    key: str
    file: str
    sha256: str
    list_id: int
    source: str
    wording: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Import:
    id: int
    key: str
    file: str
    sha256: str
    list_id: int
    source: str
    wording: str
    options: Mapping[str, Any]
    state: State
    rows_done: int
    counts: Mapping[str, int]
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """A contact as an import finds it. `line`: where in this import they stood before; None: not yet."""

    id: int
    attributes: Mapping[str, Any]
    member: Member | None
    member_import: int | None
    """The import that put them there, while nobody else has said it too."""
    last_act: Act | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Put:
    """What to store of one person. `known` None: a new contact. `attributes` are those to have in the end.

    `before`: the attributes that change, as they were (None: there was none).
    """

    line: int
    email: str
    address: str
    known: Known | None
    attributes: Mapping[str, Any]
    before: Mapping[str, Any]
    tags: tuple[str, ...]
    member: Member | None
    """The state to be in; None: stays as it is."""
    consent: tuple[ConsentEvent, ...]
    """With contact_id 0: filled in here, as is the import."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an import did to one contact, to be taken back."""

    contact_id: int
    created: bool
    attributes: Mapping[str, Any] = field(default_factory=dict)
    put: Mapping[str, Any] = field(default_factory=dict)
    """The attributes as the import left them."""
    tags: tuple[str, ...] = ()
    member: Member | None = None
    member_import: int | None = None
    moved: bool = False
    """Whether it changed where they stand with the list; `member` is where they stood before."""


def begin_import(connection: Connection, new: NewImport, now: datetime) -> int:
    """Returns the new import's id."""
    values = {name: getattr(new, name) for name in new.__dataclass_fields__}
    values |= {"options": dict(new.options), "state": State.RUNNING.value, "counts": {}, "at": now}
    statement = insert(connection, contact_import).values(**values, rows_done=0)
    return int(connection.execute(statement.returning(contact_import.c.id)).scalar_one())


def import_by_id(connection: Connection, import_id: int) -> Import | None:
    row = connection.execute(select(contact_import).where(contact_import.c.id == import_id)).one_or_none()
    return None if row is None else _read(row)


def import_by_key(connection: Connection, key: str) -> Import | None:
    """The last one with this key that was not taken back."""
    query = select(contact_import).where(contact_import.c.key == key, contact_import.c.state != State.UNDONE)
    row = connection.execute(query.order_by(contact_import.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row)


def all_imports(connection: Connection, limit: int = 100) -> Sequence[Import]:
    """The newest first."""
    query = select(contact_import).order_by(contact_import.c.id.desc()).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def untried_imports(connection: Connection, list_id: int) -> Sequence[Import]:
    """The imports into a list since the last campaign to it that ended: nobody knows yet how they bounce."""
    tried = select(func.max(campaign.c.started_at)).where(
        campaign.c.list_id == list_id, campaign.c.state == "finished"
    )
    since = func.coalesce(tried.scalar_subquery(), literal(EPOCH, campaign.c.started_at.type))
    done = and_(contact_import.c.list_id == list_id, contact_import.c.state == State.DONE)
    query = select(contact_import).where(done, contact_import.c.ended_at > since)
    return [_read(row) for row in connection.execute(query.order_by(contact_import.c.id))]


def advance(
    connection: Connection, import_id: int, before: int, after: int, counts: Mapping[str, int]
) -> bool:
    """Note that the rows up to `after` are stored; False if somebody else has moved it meanwhile."""
    there = and_(
        contact_import.c.id == import_id,
        contact_import.c.state == State.RUNNING,
        contact_import.c.rows_done == before,
    )
    values = {"rows_done": after, "counts": dict(counts)}
    return connection.execute(update(contact_import).where(there).values(**values)).rowcount == 1


def move_import(
    connection: Connection, import_id: int, sources: Sequence[State], to: State, now: datetime
) -> bool:
    """Says whether it was in one of `sources`."""
    there = and_(contact_import.c.id == import_id, contact_import.c.state.in_([s.value for s in sources]))
    values: dict[str, Any] = {"state": to.value}
    if to in (State.DONE, State.UNDONE):
        values["ended_at"] = now
    return connection.execute(update(contact_import).where(there).values(**values)).rowcount == 1


def known_people(
    connection: Connection, import_id: int, list_id: int, addresses: Sequence[str]
) -> Mapping[str, Known]:
    """Those of the addresses that are contacts, with where they stand with the list; a thousand at most."""
    on_list = and_(membership.c.contact_id == contact.c.id, membership.c.list_id == list_id)
    here = and_(import_change.c.contact_id == contact.c.id, import_change.c.import_id == import_id)
    query = (
        select(
            *(contact.c.id, contact.c.address, contact.c.attributes),
            *(membership.c.state, membership.c.import_id, import_change.c.line),
        )
        .select_from(contact.outerjoin(membership, on_list).outerjoin(import_change, here))
        .where(contact.c.address.in_(addresses))
    )
    rows = connection.execute(query).all()
    acts = last_acts(connection, [row.id for row in rows])
    return {
        row.address: Known(
            id=row.id,
            attributes=row.attributes,
            member=None if row.state is None else Member(row.state),
            member_import=row.import_id,
            last_act=acts.get((row.id, list_id)) or acts.get((row.id, None)),
            line=row.line,
        )
        for row in rows
    }


def put_people(
    connection: Connection, import_id: int, list_id: int, people: Sequence[Put], now: datetime
) -> None:
    """Store a chunk of people, each of whom occurs once in it."""
    ids = {put.address: put.known.id for put in people if put.known}
    ids |= _add_contacts(connection, [put for put in people if put.known is None], now)
    _change_attributes(connection, [put for put in people if put.known and put.before])
    tagged = _add_tags(connection, [(ids[put.address], tag) for put in people for tag in put.tags])
    _set_members(connection, import_id, list_id, [(ids[put.address], put) for put in people], now)
    record_consent(
        connection,
        [replace(event, contact_id=ids[put.address]) for put in people for event in put.consent],
        import_id=import_id,
    )
    _remember(connection, import_id, [(ids[put.address], put) for put in people], tagged)


def _add_contacts(connection: Connection, people: Sequence[Put], now: datetime) -> Mapping[str, int]:
    if not people:
        return {}
    rows = [
        {"email": put.email, "address": put.address, "attributes": dict(put.attributes), "at": now}
        for put in people
    ]
    connection.execute(insert(connection, contact).on_conflict_do_nothing(), rows)
    wanted = [put.address for put in people]
    found = connection.execute(select(contact.c.address, contact.c.id).where(contact.c.address.in_(wanted)))
    return {row.address: row.id for row in found}


def _change_attributes(connection: Connection, people: Sequence[Put]) -> None:
    rows = [{"whose": put.known.id, "new": dict(put.attributes)} for put in people if put.known]
    if rows:
        whose = contact.c.id == bindparam("whose")
        connection.execute(update(contact).where(whose).values(attributes=bindparam("new")), rows)


def _add_tags(connection: Connection, pairs: Sequence[tuple[int, str]]) -> Mapping[int, list[str]]:
    """Returns the tags that are new, by contact."""
    if not pairs:
        return {}
    ids = sorted({contact_id for contact_id, _ in pairs})
    query = select(contact_tag.c.contact_id, contact_tag.c.tag).where(contact_tag.c.contact_id.in_(ids))
    there = {(row[0], row[1]) for row in connection.execute(query)}
    new = [pair for pair in dict.fromkeys(pairs) if pair not in there]
    if new:
        rows = [{"contact_id": contact_id, "tag": tag} for contact_id, tag in new]
        connection.execute(insert(connection, contact_tag).on_conflict_do_nothing(), rows)
    added: dict[int, list[str]] = {}
    for contact_id, tag in new:
        added.setdefault(contact_id, []).append(tag)
    return added


def _set_members(
    connection: Connection, import_id: int, list_id: int, people: Sequence[tuple[int, Put]], now: datetime
) -> None:
    """New members, and moves that still start where the import saw them: a wish in between wins."""
    fresh, moves = [], []
    for contact_id, put in people:
        if put.member is None:
            continue
        row = {"who": contact_id, "to": put.member.value}
        if put.known is None or put.known.member is None:
            fresh.append(row)
        else:
            moves.append(row | {"was": put.known.member.value})
    if fresh:
        same = {"list_id": list_id, "at": now, "import_id": import_id}
        rows = [same | {"contact_id": row["who"], "state": row["to"]} for row in fresh]
        connection.execute(insert(connection, membership).on_conflict_do_nothing(), rows)
    if moves:
        there = and_(
            membership.c.list_id == list_id,
            membership.c.contact_id == bindparam("who"),
            membership.c.state == bindparam("was"),
        )
        values = {"state": bindparam("to"), "at": now, "import_id": import_id}
        connection.execute(update(membership).where(there).values(**values), moves)


def _remember(
    connection: Connection,
    import_id: int,
    people: Sequence[tuple[int, Put]],
    tagged: Mapping[int, Sequence[str]],
) -> None:
    rows = [
        {
            "import_id": import_id,
            "contact_id": contact_id,
            "line": put.line,
            "created": put.known is None,
            "before": _before(put, tagged.get(contact_id, ())),
        }
        for contact_id, put in people
        if put.known is None or put.known.line is None
    ]
    if rows:
        connection.execute(insert(connection, import_change).on_conflict_do_nothing(), rows)


def _before(put: Put, tags: Sequence[str]) -> dict[str, Any]:
    before: dict[str, Any] = {}
    if put.known and put.before:
        before["attributes"] = dict(put.before)
        before["put"] = {name: put.attributes[name] for name in put.before}
    if tags:
        before["tags"] = list(tags)
    if put.member:
        before["moved"] = True
        if put.known and put.known.member:
            before |= {"member": put.known.member.value, "import": put.known.member_import}
    return before


def changes_of(connection: Connection, import_id: int, limit: int) -> Sequence[Change]:
    """The next ones to take back, the last first."""
    query = select(import_change).where(import_change.c.import_id == import_id)
    query = query.where(import_change.c.undone_at.is_(None))
    rows = connection.execute(query.order_by(import_change.c.contact_id.desc()).limit(limit))
    return [_change(row) for row in rows]


def count_changes(connection: Connection, import_id: int) -> int:
    query = select(func.count()).select_from(import_change).where(import_change.c.import_id == import_id)
    return connection.scalar(query) or 0


def _change(row: Row[Any]) -> Change:
    before = row.before
    return Change(
        contact_id=row.contact_id,
        created=row.created,
        attributes=before.get("attributes", {}),
        put=before.get("put", {}),
        tags=tuple(before.get("tags", ())),
        member=Member(before["member"]) if before.get("member") else None,
        member_import=before.get("import"),
        moved=before.get("moved", False),
    )


def _read(row: Row[Any]) -> Import:
    values: dict[str, Any] = {name: getattr(row, name) for name in Import.__dataclass_fields__}
    values["state"] = State(row.state)
    return Import(**values)
