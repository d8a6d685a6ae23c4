"""The watched targets: those that the configuration file owns, and those that a person made in the store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from checks.model import Profile, SendingIp, Target
from data.dialect import insert
from data.tables import target


class Origin(StrEnum):
    """Who may change a target: the file's are read-only elsewhere."""

    FILE = "file"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Watched:
    """A target with its place in the store."""

    id: int
    target: Target
    origin: Origin
    paused: bool


def watched(connection: Connection, *, paused: bool | None = None) -> Sequence[Watched]:
    """All targets by domain; `paused` chooses those that are, or those that are not."""
    query = select(target).order_by(target.c.domain)
    if paused is not None:
        query = query.where(target.c.paused == paused)
    return [_read(row) for row in connection.execute(query)]


def find(connection: Connection, domain: str) -> Watched | None:
    row = connection.execute(select(target).where(target.c.domain == domain)).one_or_none()
    return None if row is None else _read(row)


def sync_file(connection: Connection, entries: Iterable[Target], now: datetime) -> None:
    """Make the file's targets be what the file says; one that left it keeps its history and is paused."""
    kept: list[str] = []
    for entry in entries:
        save(connection, entry, Origin.FILE, now)
        kept.append(entry.domain)
    gone = (target.c.origin == Origin.FILE) & target.c.domain.not_in(kept)
    connection.execute(update(target).where(gone).values(paused=True))


def save(connection: Connection, entry: Target, origin: Origin, now: datetime) -> int:
    """Add a target, or change what is known of it, and watch it; returns its id."""
    values = {
        "profile": entry.profile.value,
        "ips": [{"ip": sending.ip, "origin": sending.origin} for sending in entry.ips],
        "selectors": list(entry.selectors),
        "helos": list(entry.helos),
        "origin": origin.value,
        "paused": False,
    }
    statement = insert(connection, target).values(domain=entry.domain, at=now, **values)
    statement = statement.on_conflict_do_update(index_elements=["domain"], set_=values)
    return int(connection.execute(statement.returning(target.c.id)).scalar_one())


def pause(connection: Connection, domain: str, *, paused: bool) -> bool:
    """Stop or resume watching a target that the store owns; False when the file owns it or it is unknown."""
    own = (target.c.domain == domain) & (target.c.origin == Origin.STORE)
    return connection.execute(update(target).where(own).values(paused=paused)).rowcount == 1


def _read(row: Row[Any]) -> Watched:
    ips = tuple(SendingIp(entry["ip"], entry["origin"]) for entry in row.ips)
    domain = Target(row.domain, ips, tuple(row.selectors), tuple(row.helos), Profile(row.profile))
    return Watched(row.id, domain, Origin(row.origin), row.paused)
