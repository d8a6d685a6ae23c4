"""What a list's subscribers have to fill a template with."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from data.lists import Member
from data.tables import contact, membership

AT_ONCE = 1_000


def attributes_of_list(connection: Connection, list_id: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(address to write to, attributes) of each subscriber, however many, a thousand in memory at a time."""
    there = (membership.c.list_id == list_id) & (membership.c.state == Member.SUBSCRIBED.value)
    joined = contact.join(membership, membership.c.contact_id == contact.c.id)
    query = select(contact.c.email, contact.c.attributes).select_from(joined).where(there)
    for row in connection.execution_options(yield_per=AT_ONCE).execute(query):
        yield row.email, row.attributes
