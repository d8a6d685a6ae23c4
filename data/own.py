"""The addresses that an operator registered as their own: tests, seeds and alerts go nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from data.dialect import insert
from data.tables import own_address, seed


@dataclass(frozen=True, slots=True)
class Own:
    """`seed` is the name of the seed whose mailbox it is; "" for an address that a person registered."""

    address: str
    at: datetime
    seed: str = ""


def add_own(connection: Connection, address: str, now: datetime) -> bool:
    """Register an identity (`sender.audience.addresses`); False if it was."""
    statement = insert(connection, own_address).values(address=address, at=now)
    return bool(connection.execute(statement.on_conflict_do_nothing()).rowcount)


def remove_own(connection: Connection, address: str) -> bool:
    """Says whether there was one. A seed's address stays own as long as the seed does."""
    return connection.execute(delete(own_address).where(own_address.c.address == address)).rowcount > 0


def all_own(connection: Connection) -> Sequence[Own]:
    """What a person registered and the mailboxes of the seeds, by address."""
    mine = connection.execute(select(own_address))
    seeds = connection.execute(select(seed.c.address, seed.c.at, seed.c.name))
    found = {row.address: Own(row.address, row.at) for row in mine}
    found |= {row.address: Own(*row) for row in seeds}
    return [found[address] for address in sorted(found)]
