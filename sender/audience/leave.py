"""Leaving a list, coming back by mistake undone, and confirming: what a person does with a token in hand.

Each is idempotent, writes its consent event once, and is told where it came from ("one-click", "page",
"mailto", "reply", "complaint").
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from data.consent import Act, ConsentEvent, consents_of, record_consent
from data.contacts import contact_by_id
from data.lists import Member, member_state, set_member
from data.suppression import Kind, Reason, suppress

SECOND_THOUGHTS = timedelta(hours=24)


def leave(
    connection: Connection, contact_id: int, list_id: int, source: str, now: datetime, *, ip: str = ""
) -> bool:
    """Unsubscribe from a list (`list_id` 0: from everything); says whether anything changed."""
    person = contact_by_id(connection, contact_id)
    if person is None:
        return False
    if not list_id:
        changed = suppress(connection, Kind.ADDRESS, person.address, Reason.UNSUBSCRIBED, now, detail=source)
    else:
        before = set_member(connection, list_id, contact_id, Member.UNSUBSCRIBED, now)
        changed = before is not Member.UNSUBSCRIBED
    if changed:
        event = ConsentEvent(contact_id, list_id or None, Act.WITHDRAWN, source, "", now, ip)
        record_consent(connection, [event])
    return changed


def come_back(connection: Connection, contact_id: int, list_id: int, now: datetime, *, ip: str = "") -> bool:
    """Undo one's own leaving of a list within a day; never a suppression, never somebody else's decision."""
    if not list_id or member_state(connection, list_id, contact_id) is not Member.UNSUBSCRIBED:
        return False
    acts = [event for event in consents_of(connection, contact_id) if event.list_id == list_id]
    if not acts or acts[-1].act is not Act.WITHDRAWN or now - acts[-1].at > SECOND_THOUGHTS:
        return False
    if acts[-1].source not in ("one-click", "page"):
        return False
    set_member(connection, list_id, contact_id, Member.SUBSCRIBED, now)
    record_consent(
        connection, [ConsentEvent(contact_id, list_id, Act.GIVEN, "undone by mistake", "", now, ip)]
    )
    return True


def confirm(connection: Connection, contact_id: int, list_id: int, now: datetime, *, ip: str = "") -> bool:
    """The second half of a double opt-in; only somebody who asked and has not left can confirm."""
    if member_state(connection, list_id, contact_id) is not Member.UNCONFIRMED:
        return False
    set_member(connection, list_id, contact_id, Member.SUBSCRIBED, now)
    record_consent(connection, [ConsentEvent(contact_id, list_id, Act.CONFIRMED, "opt-in link", "", now, ip)])
    return True
