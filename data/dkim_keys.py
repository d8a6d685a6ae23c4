"""DKIM keys: the public half of each selector and its life. The private half is sealed in `data.secrets`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from data.tables import dkim_key


class Algorithm(StrEnum):
    RSA = "rsa"
    ED25519 = "ed25519"


class KeyState(StrEnum):
    MADE = "made"
    """To be published; signs nothing yet."""
    SIGNING = "signing"
    RETIRED = "retired"
    """Signs nothing more; stays published for what is under way."""
    REVOKED = "revoked"
    """Its private half is gone."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """`record` is what stands at `selector._domainkey.domain`."""

    domain: str
    selector: str
    algorithm: Algorithm
    record: str
    state: KeyState
    made_at: datetime
    seen_at: datetime | None = None
    """When all name servers last had it."""
    signing_at: datetime | None = None
    retired_at: datetime | None = None
    keep_until: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


def add_key(connection: Connection, key: DkimKey) -> None:
    """Raises IntegrityError if the domain had that selector before."""
    values = {name: getattr(key, name) for name in DkimKey.__dataclass_fields__}
    values |= {"algorithm": key.algorithm.value, "state": key.state.value}
    connection.execute(insert(dkim_key).values(values))


def keys_of(
    connection: Connection, domain: str, states: Collection[KeyState] = tuple(KeyState)
) -> Sequence[DkimKey]:
    """A domain's keys in these states, the oldest first."""
    found = select(dkim_key).where(dkim_key.c.domain == domain)
    found = found.where(dkim_key.c.state.in_([state.value for state in states])).order_by(dkim_key.c.id)
    return [_read(row) for row in connection.execute(found)]


def find_key(connection: Connection, domain: str, selector: str) -> DkimKey | None:
    there = (dkim_key.c.domain == domain) & (dkim_key.c.selector == selector)
    row = connection.execute(select(dkim_key).where(there)).one_or_none()
    return None if row is None else _read(row)


def all_keys(connection: Connection) -> Sequence[DkimKey]:
    """By domain, the oldest first."""
    return [
        _read(row) for row in connection.execute(select(dkim_key).order_by(dkim_key.c.domain, dkim_key.c.id))
    ]


def change_key(connection: Connection, domain: str, selector: str, **values: Any) -> None:
    """Change fields of `DkimKey`."""
    there = (dkim_key.c.domain == domain) & (dkim_key.c.selector == selector)
    connection.execute(update(dkim_key).where(there).values(values))


def _read(row: Row[Any]) -> DkimKey:
    values = {name: getattr(row, name) for name in DkimKey.__dataclass_fields__}
    return DkimKey(**(values | {"algorithm": Algorithm(row.algorithm), "state": KeyState(row.state)}))
