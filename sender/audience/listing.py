"""Make lists, and what a list's name may be."""

import re
from collections.abc import Iterator
from datetime import datetime

from data.lists import MailingList, create_list, find_list, members_of
from data.store import Store
from sender.audience.neutral import csv_line

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A label of the List-Id header (RFC 2919)."""


class ListError(ValueError):
    """The list cannot be made like this; the message says what to change."""


def make_list(store: Store, name: str, title: str, *, double_opt_in: bool, now: datetime) -> MailingList:
    """Raises `ListError`."""
    if not NAME.fullmatch(name):
        raise ListError(
            f"“{name}” cannot be the name of a list: it stands in the List-Id header, so take up to 63 of "
            "a-z, 0-9 and -. What people read is the title."
        )
    if not title.isprintable() or len(title) > 200:
        raise ListError("The title must be printable and at most 200 signs long.")
    with store.write() as connection:
        if find_list(connection, name):
            raise ListError(f"There is a list “{name}” already.")
        create_list(connection, name, title or name, double_opt_in=double_opt_in, now=now)
        made = find_list(connection, name)
    assert made is not None
    return made


def export_lines(store: Store, list_id: int) -> Iterator[str]:
    """A list as CSV that no spreadsheet evaluates, line by line, such as an import reads again.

    Two passes over the list, so that each attribute has its column and memory stays small.
    """
    with store.read() as connection:
        names = sorted({name for member in members_of(connection, list_id) for name in member.attributes})
        yield csv_line(["email", "status", "since", *names])
        for member in members_of(connection, list_id):
            values = ["" if (value := member.attributes.get(name)) is None else str(value) for name in names]
            yield csv_line([member.email, member.state, member.at.isoformat(), *values])
