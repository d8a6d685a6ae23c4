"""What a list's subscribers have to fill a template with."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from data.lists import Member
from data.tables import contact, membership

AT_ONCE = 1_000


def attributes_of_list(
    connection: Connection, list_id: int, most: int | None = None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(address to write to, attributes) of each subscriber, a thousand in memory at a time.

    With `most`, of an even choice of about so many of them.
    """
    there = (membership.c.list_id == list_id) & (membership.c.state == Member.SUBSCRIBED.value)
    joined = contact.join(membership, membership.c.contact_id == contact.c.id)
    if most is not None:
        there &= contact.c.id % _stride(connection, list_id, most) == 0
    query = select(contact.c.email, contact.c.attributes).select_from(joined).where(there)
    for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
        yield row.email, row.attributes


def _stride(connection: Connection, list_id: int, most: int) -> int:
    everybody = select(func.count()).select_from(membership).where(membership.c.list_id == list_id)
    return -(-(connection.scalar(everybody) or 0) // most) or 1
