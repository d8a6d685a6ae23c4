"""Who must not be written to, whatever a list says: addresses, whole domains, and hashes of erased people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, null, or_, select, update

from data.dialect import insert
from data.tables import suppression


class Kind(StrEnum):
    """What the value is: an identity, a domain in A-labels, or a keyed hash of an identity."""

    ADDRESS = "address"
    DOMAIN = "domain"
    HASH = "hash"


class Reason(StrEnum):
    """Why; a stronger reason replaces a weaker one (the order here, strongest first)."""

    COMPLAINT = "complaint"
    ERASED = "erased"
    HARD_BOUNCE = "hard_bounce"
    PROVIDER = "provider_suppressed"
    MANUAL = "manual"
    UNSUBSCRIBED = "unsubscribe_all"
    SOFT_BOUNCES = "soft_bounces"

    @property
    def rank(self) -> int:
        return list(Reason).index(self)


@dataclass(frozen=True, slots=True)
class Suppressed:
    kind: Kind
    value: str
    reason: Reason
    detail: str
    at: datetime


def suppress(
    connection: Connection,
    kind: Kind,
    value: str,
    reason: Reason,
    now: datetime,
    *,
    detail: str = "",
    import_id: int | None = None,
) -> bool:
    """Add an entry or strengthen its reason; says whether anything changed.

    `import_id` says that an import did it, which can be undone until somebody else says the same.
    """
    there = (suppression.c.kind == kind.value) & (suppression.c.value == value)
    known = connection.execute(select(suppression).where(there)).one_or_none()
    if known is not None and Reason(known.reason).rank <= reason.rank:
        if known.import_id is not None and known.import_id != import_id:
            connection.execute(update(suppression).where(there).values(import_id=None, before=null()))
        return False
    before = _kept(known) if known is not None and import_id is not None else null()
    values: dict[str, Any] = {"reason": reason.value, "detail": detail, "at": now, "import_id": import_id}
    values["before"] = before
    statement = insert(connection, suppression).values(kind=kind.value, value=value, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["kind", "value"], set_=values))
    return True


def _kept(row: Row[Any]) -> dict[str, Any]:
    at = row.at.isoformat()
    return {"reason": row.reason, "detail": row.detail, "at": at, "import_id": row.import_id}


def lift_import(connection: Connection, import_id: int, limit: int) -> int:
    """Take back up to `limit` entries that an import made and nobody else has said since; returns how many.

    Where it had put a stronger reason in the place of a weaker one, that one is back.
    """
    query = select(suppression).where(suppression.c.import_id == import_id).limit(limit)
    rows = connection.execute(query).all()
    for row in rows:
        there = suppression.c.id == row.id
        if row.before is None:
            connection.execute(delete(suppression).where(there))
        else:
            values = row.before | {"at": datetime.fromisoformat(row.before["at"]), "before": null()}
            connection.execute(update(suppression).where(there).values(**values))
    return len(rows)


def lift(connection: Connection, kind: Kind, value: str) -> bool:
    """Take an entry away; says whether there was one."""
    there = (suppression.c.kind == kind.value) & (suppression.c.value == value)
    return connection.execute(delete(suppression).where(there)).rowcount > 0


def _entries(kind: Kind) -> Any:
    values = suppression.c.value.in_(bindparam(kind.value, expanding=True))
    return and_(suppression.c.kind == kind.value, values)


_LOOK_UP = select(suppression).where(or_(*map(_entries, Kind)))  # made once: that costs more than running it


def suppressed(
    connection: Connection, addresses: Sequence[str], hashes: Mapping[str, str] | None = None
) -> Mapping[str, Suppressed]:
    """Which of these identities are suppressed, by themselves, by their domain or by their hash.

    `hashes` maps an identity to its keyed hash, where the caller knows the key. At most some hundreds at a
    time. Where several entries fit, the one with the strongest reason is given.
    """
    by_hash = {value: address for address, value in (hashes or {}).items()}
    domains = {address.rpartition("@")[2] for address in addresses}
    asked = {"address": list(addresses), "domain": list(domains), "hash": list(by_hash)}
    entries = [_entry(row) for row in connection.execute(_LOOK_UP, asked)]
    found: dict[str, Suppressed] = {}
    for entry in sorted(entries, key=lambda entry: -entry.reason.rank):
        match entry.kind:
            case Kind.ADDRESS:
                found[entry.value] = entry
            case Kind.HASH:
                found[by_hash[entry.value]] = entry
            case Kind.DOMAIN:
                found |= {each: entry for each in addresses if each.endswith("@" + entry.value)}
    return found


def all_suppressed(connection: Connection) -> Iterator[Suppressed]:
    """Every entry, the newest first, streamed."""
    query = select(suppression).order_by(suppression.c.at.desc(), suppression.c.id.desc())
    for row in connection.execute(query.execution_options(yield_per=1000)):
        yield _entry(row)


def _entry(row: Row[Any]) -> Suppressed:
    return Suppressed(Kind(row.kind), row.value, Reason(row.reason), row.detail, row.at)
