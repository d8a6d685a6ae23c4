"""Taking an import back, a chunk of people at a time; what anybody said or did since stays."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, exists, select, update

from data.imports import Change
from data.tables import consent, contact, contact_tag, event, import_change, membership, recipient


def take_back(
    connection: Connection, import_id: int, list_id: int, changes: Sequence[Change], now: datetime
) -> int:
    """Restore what was before for these people; returns how many contacts are gone again.

    A membership that a person has touched since stays, and with it the consent that the import recorded.
    """
    ours = _own_memberships(connection, import_id, list_id, changes)
    _restore_memberships(connection, list_id, [c for c in changes if c.contact_id in ours], now)
    passed = _pass_on(connection, import_id, [c for c in changes if c.moved and c.contact_id not in ours])
    settled = [c.contact_id for c in changes if c.contact_id in ours | passed or not c.moved]
    recorded = and_(consent.c.import_id == import_id, consent.c.contact_id.in_(settled))
    connection.execute(delete(consent).where(recorded))
    _remove_tags(connection, [(change.contact_id, tag) for change in changes for tag in change.tags])
    _restore_attributes(connection, [change for change in changes if change.put])
    gone = _remove_contacts(connection, import_id, [c.contact_id for c in changes if c.created])
    these = import_change.c.contact_id.in_([change.contact_id for change in changes])
    done = and_(import_change.c.import_id == import_id, these)
    connection.execute(update(import_change).where(done).values(undone_at=now))
    return gone


def _own_memberships(
    connection: Connection, import_id: int, list_id: int, changes: Sequence[Change]
) -> frozenset[int]:
    query = select(membership.c.contact_id).where(
        membership.c.list_id == list_id,
        membership.c.import_id == import_id,
        membership.c.contact_id.in_([change.contact_id for change in changes if change.moved]),
    )
    return frozenset(connection.scalars(query))


def _restore_memberships(
    connection: Connection, list_id: int, changes: Sequence[Change], now: datetime
) -> None:
    new = [change.contact_id for change in changes if change.member is None]
    there = membership.c.list_id == list_id
    connection.execute(delete(membership).where(there, membership.c.contact_id.in_(new)))
    back = [change for change in changes if change.member]
    if back:
        there = and_(there, membership.c.contact_id == bindparam("whose"))
        values = {"state": bindparam("to"), "at": now, "import_id": bindparam("by")}
        rows = [
            {"whose": change.contact_id, "to": change.member.value, "by": change.member_import}
            for change in back
            if change.member
        ]
        connection.execute(update(membership).where(there).values(**values), rows)


def _pass_on(connection: Connection, import_id: int, changes: Sequence[Change]) -> frozenset[int]:
    """Whom a later import has moved on from here: what it remembers of before is now what we remember."""
    ours = {change.contact_id: change for change in changes}
    theirs = and_(import_change.c.contact_id.in_(list(ours)), import_change.c.undone_at.is_(None))
    rows = connection.execute(select(import_change).where(theirs, import_change.c.import_id > import_id))
    passed = set()
    for row in rows:
        if row.before.get("import") != import_id:
            continue
        kept = {name: value for name, value in row.before.items() if name not in ("member", "import")}
        change = ours[row.contact_id]
        if change.member:
            kept |= {"member": change.member.value, "import": change.member_import}
        one = and_(import_change.c.import_id == row.import_id, import_change.c.contact_id == row.contact_id)
        connection.execute(update(import_change).where(one).values(before=kept))
        passed.add(row.contact_id)
    return frozenset(passed)


def _remove_tags(connection: Connection, pairs: Sequence[tuple[int, str]]) -> None:
    if pairs:
        one = and_(contact_tag.c.contact_id == bindparam("whose"), contact_tag.c.tag == bindparam("what"))
        rows = [{"whose": contact_id, "what": tag} for contact_id, tag in pairs]
        connection.execute(delete(contact_tag).where(one), rows)


def _restore_attributes(connection: Connection, changes: Sequence[Change]) -> None:
    """Each attribute that is still as the import left it."""
    ids = [change.contact_id for change in changes]
    rows = connection.execute(select(contact.c.id, contact.c.attributes).where(contact.c.id.in_(ids)))
    now_have = {row.id: dict(row.attributes) for row in rows}
    for change in changes:
        attributes = now_have[change.contact_id]
        for name, value in change.put.items():
            if attributes.get(name) != value:
                continue
            if change.attributes.get(name) is None:
                attributes.pop(name, None)
            else:
                attributes[name] = change.attributes[name]
        whose = contact.c.id == change.contact_id
        connection.execute(update(contact).where(whose).values(attributes=attributes))


def _remove_contacts(connection: Connection, import_id: int, created: Collection[int]) -> int:
    """Those whom only this import knows: no mail, no event, no list, no consent, no other import.

    Whom a later import knows too goes when that one is taken back.
    """
    others = import_change.alias()
    used = [
        *(exists().where(table.c.contact_id == contact.c.id) for table in (recipient, event, membership)),
        *(exists().where(table.c.contact_id == contact.c.id) for table in (consent, contact_tag)),
        exists().where(
            others.c.contact_id == contact.c.id, others.c.import_id != import_id, others.c.undone_at.is_(None)
        ),
    ]
    unused = select(contact.c.id).where(contact.c.id.in_(created), *(~each for each in used))
    ids = list(connection.scalars(unused))
    if ids:
        connection.execute(delete(import_change).where(import_change.c.contact_id.in_(ids)))
        connection.execute(delete(contact).where(contact.c.id.in_(ids)))
    later = and_(import_change.c.import_id > import_id, import_change.c.undone_at.is_(None))
    still = import_change.c.contact_id.in_(set(created) - set(ids))
    connection.execute(update(import_change).where(later, still).values(created=True))
    return len(ids)
