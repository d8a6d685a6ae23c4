"""What records said, and from when to when: append-only, a row for each value that a record had in turn.

An unchanged record moves `last_seen` and `looks`; one that could not be looked up moves nothing, so that an
outage never reads as a record that went and came back.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, null, select, update

from checks.records.model import Kind, Record
from data.tables import record, target


@dataclass(frozen=True, slots=True)
class Span:
    """A record's value, and the first and last look that saw it."""

    domain: str
    record: Record
    first_seen: datetime
    last_seen: datetime
    looks: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One value after another. `at` is the first look that saw the new one, `until` the last that saw the
    old: it changed between these two.
    """

    domain: str
    before: Record
    after: Record
    until: datetime
    at: datetime


def save_records(connection: Connection, target_id: int, records: Sequence[Record], now: datetime) -> None:
    """Write down what one look saw."""
    known = _latest(connection, target_id)
    for each in records:
        before, print_ = known.get((each.kind, each.subject)), fingerprint(each)
        if before is not None and before.fingerprint == print_:
            seen = {"last_seen": now, "looks": record.c.looks + 1, "raw": list(each.raw)}
            connection.execute(update(record).where(record.c.id == before.id).values(seen))
        else:
            connection.execute(insert(record).values(_values(target_id, each, print_, now)))


def spans(connection: Connection, domain: str, kind: Kind | None = None, limit: int = 500) -> Sequence[Span]:
    """Every value that a domain's records had, by record, the newest first."""
    query = _spans().where(target.c.domain == domain)
    if kind is not None:
        query = query.where(record.c.kind == kind.value)
    query = query.order_by(record.c.kind, record.c.subject, record.c.first_seen.desc()).limit(limit)
    return [_span(row) for row in connection.execute(query)]


def standing_at(connection: Connection, domain: str, moment: datetime) -> Sequence[Span]:
    """What each record of a domain said at a moment: the latest value that was seen by then."""
    found: dict[tuple[str, str], Span] = {}
    query = _spans().where(target.c.domain == domain, record.c.first_seen <= moment)
    for row in connection.execute(query.order_by(record.c.first_seen)):
        found[row.kind, row.subject] = _span(row)
    return list(found.values())


def last_look(connection: Connection, target_id: int, kind: Kind) -> datetime | None:
    """When a record of this kind was seen last; None if never."""
    query = select(func.max(record.c.last_seen))
    found: datetime | None = connection.scalar(
        query.where(record.c.target_id == target_id, record.c.kind == kind.value)
    )
    return found


def turns(
    connection: Connection, since: datetime, until: datetime, domain: str | None = None, limit: int = 500
) -> Sequence[Turn]:
    """Every record that had another value than before from `since` to `until`, the newest first.

    What was seen for the first time ever is no change.
    """
    query = _spans().where(record.c.first_seen >= since, record.c.first_seen < until)
    if domain is not None:
        query = query.where(target.c.domain == domain)
    rows = connection.execute(
        query.order_by(record.c.first_seen.desc(), record.c.id.desc()).limit(limit)
    ).all()
    return list(_turns(connection, rows))


def _turns(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Turn]:
    for row in rows:
        earlier = (
            _spans()
            .where(record.c.target_id == row.target_id, record.c.kind == row.kind)
            .where(record.c.subject == row.subject, record.c.first_seen < row.first_seen)
            .order_by(record.c.first_seen.desc())
            .limit(1)
        )
        before = connection.execute(earlier).one_or_none()
        if before is not None:
            yield Turn(row.domain, _record(before), _record(row), before.last_seen, row.first_seen)


def _spans() -> Select[Any]:
    return select(record, target.c.domain).join(target, target.c.id == record.c.target_id)


def _latest(connection: Connection, target_id: int) -> Mapping[tuple[Kind, str], Any]:
    newest = (
        select(record.c.kind, record.c.subject, func.max(record.c.first_seen).label("at"))
        .where(record.c.target_id == target_id)
        .group_by(record.c.kind, record.c.subject)
        .subquery()
    )
    same = and_(
        record.c.kind == newest.c.kind,
        record.c.subject == newest.c.subject,
        record.c.first_seen == newest.c.at,
        record.c.target_id == target_id,
    )
    rows = connection.execute(
        select(record.c.id, record.c.kind, record.c.subject, record.c.fingerprint).join(newest, same)
    )
    return {(Kind(row.kind), row.subject): row for row in rows}


def _values(target_id: int, each: Record, print_: str, now: datetime) -> dict[str, Any]:
    return {
        "target_id": target_id, "kind": each.kind.value, "subject": each.subject, "raw": list(each.raw),
        "value": null() if each.value is None else dict(each.value), "fingerprint": print_,
        "first_seen": now, "last_seen": now, "looks": 1,
    }  # fmt: skip


def fingerprint(each: Record) -> str:
    """Of the value: equal means that it says the same, however it is written."""
    text = json.dumps(each.value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _span(row: Row[Any]) -> Span:
    return Span(row.domain, _record(row), row.first_seen, row.last_seen, row.looks)


def _record(row: Row[Any]) -> Record:
    return Record(Kind(row.kind), row.subject, tuple(row.raw), row.value)
