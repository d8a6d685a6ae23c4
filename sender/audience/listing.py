"""Make lists, and what a list's name may be."""

import re
from datetime import datetime

from data.lists import MailingList, create_list, find_list
from data.store import Store

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
