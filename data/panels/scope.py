"""What the pages can be narrowed to."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from data.tables import recipient, seed, target

LIMIT = 1000


def domains(connection: Connection) -> Sequence[str]:
    """The watched domains, by name."""
    query = select(target.c.domain).where(target.c.paused.is_(False)).order_by(target.c.domain).limit(LIMIT)
    return list(connection.execute(query).scalars())


def providers(connection: Connection) -> Sequence[str]:
    """The mailbox providers that mail went to or that seeds are at, by name."""
    mailed = select(recipient.c.provider).where(recipient.c.provider != "")
    query = mailed.union(select(seed.c.provider)).limit(LIMIT)
    return sorted(connection.execute(query).scalars())
