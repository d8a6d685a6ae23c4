"""Deletes what has been kept for long enough (`data.keeping`), and nothing that is open or waits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
)

from data.states import OPEN
from data.store import Store
from data.tables import (
    alert,
    attempt,
    campaign,
    contact_import,
    domain_route,
    event,
    heartbeat,
    import_change,
    incident,
    lane_hour,
    observation,
    placement,
    placement_test,
    recipient,
    record,
    report,
    report_row,
    report_source,
    reputation,
    slot,
    standing,
    tls_row,
)

AT_ONCE = 5_000
"""Rows a transaction, so that nobody who sends has to wait for long."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows of a table may go, given the moment before which they are too old; `key` of `KEEPING`."""

    key: str
    table: Table
    over: Callable[[datetime], ColumnElement[bool]]


def _slots(before: datetime) -> ColumnElement[bool]:
    """Not the newest of each look: from there the schedule goes on."""
    newer = slot.alias()
    later = select(newer.c.id).where(
        newer.c.kind == slot.c.kind, newer.c.subject == slot.c.subject, newer.c.due_at > slot.c.due_at
    )
    return and_(slot.c.state.not_in(("due", "running")), slot.c.due_at < before, later.exists())


def _observations(before: datetime) -> ColumnElement[bool]:
    """Not where a question stands, however long ago that was seen."""
    stands = select(standing.c.latest_id).where(
        or_(standing.c.latest_id == observation.c.id, standing.c.conclusive_id == observation.c.id)
    )
    return and_(observation.c.last_seen < before, ~stands.exists())


def _records(before: datetime) -> ColumnElement[bool]:
    """Not what a record says now, however long ago it began to."""
    later = record.alias()
    same = and_(
        later.c.target_id == record.c.target_id,
        later.c.kind == record.c.kind,
        later.c.subject == record.c.subject,
    )
    newer = select(later.c.id).where(same, later.c.first_seen > record.c.first_seen)
    return and_(record.c.last_seen < before, newer.exists())


def _alerts(before: datetime) -> ColumnElement[bool]:
    """Of incidents that are over; an open one must know what was told of it."""
    return and_(alert.c.state != "waiting", alert.c.at < before, ~_open_incident().exists())


def _open_incident() -> Any:
    over = ("closed", "withdrawn")
    return select(incident.c.id).where(incident.c.id == alert.c.incident_id, incident.c.state.not_in(over))


def _incidents(before: datetime) -> ColumnElement[bool]:
    told = select(alert.c.id).where(alert.c.incident_id == incident.c.id)
    ended = func.coalesce(incident.c.closed_at, incident.c.first_seen, type_=incident.c.first_seen.type)
    return and_(incident.c.state.in_(("closed", "withdrawn")), ended < before, ~told.exists())


def _attempts(before: datetime) -> ColumnElement[bool]:
    """Not of what is open, and not those without an answer: they say why a settlement came late."""
    waits = select(recipient.c.id).where(
        recipient.c.id == attempt.c.recipient_id,
        recipient.c.state.in_([*(state.value for state in OPEN), "unknown"]),
    )
    return and_(attempt.c.at < before, attempt.c.result != "unknown", ~waits.exists())


def _events(*kinds: str) -> Callable[[datetime], ColumnElement[bool]]:
    def over(before: datetime) -> ColumnElement[bool]:
        sending = select(campaign.c.id).where(
            campaign.c.id == event.c.campaign_id, campaign.c.state.in_(("sending", "paused"))
        )
        return and_(event.c.kind.in_(kinds), event.c.at < before, ~sending.exists())

    return over


def _import_changes(before: datetime) -> ColumnElement[bool]:
    """Not of one that was undone: it says why consent is missing."""
    old = select(contact_import.c.id).where(contact_import.c.at < before)
    return and_(import_change.c.import_id.in_(old), import_change.c.undone_at.is_(None))


def _placements(before: datetime) -> ColumnElement[bool]:
    done = select(placement_test.c.id).where(
        placement_test.c.state == "done", placement_test.c.ended_at < before
    )
    return placement.c.test_id.in_(done)


def _placement_tests(before: datetime) -> ColumnElement[bool]:
    seen = select(placement.c.test_id).where(placement.c.test_id == placement_test.c.id)
    done = and_(placement_test.c.state == "done", placement_test.c.ended_at < before)
    return and_(done, ~seen.exists())


def _rows_of_reports(of: ColumnElement[int]) -> Callable[[datetime], ColumnElement[bool]]:
    return lambda before: of.in_(select(report.c.id).where(report.c.end_at < before))


def _reports(before: datetime) -> ColumnElement[bool]:
    rows = (report_row.c.report_id, tls_row.c.report_id)
    left = (select(column).where(column == report.c.id).exists() for column in rows)
    return and_(report.c.end_at < before, *(~each for each in left))


RULES: tuple[Rule, ...] = (  # what refers to others comes before them
    Rule("slots", slot, _slots),
    Rule("observations", observation, _observations),
    Rule("records", record, _records),
    Rule("alerts", alert, _alerts),
    Rule("incidents", incident, _incidents),
    Rule("attempts", attempt, _attempts),
    Rule("clicks", event, _events("open", "click")),
    Rule("bounces", event, _events("bounce", "delay", "auto_reply", "delivered")),
    Rule("complaints", event, _events("complaint")),
    Rule("lane_hours", lane_hour, lambda before: lane_hour.c.hour < before),
    Rule("routes", domain_route, lambda before: domain_route.c.at < before),
    Rule("heartbeats", heartbeat, lambda before: heartbeat.c.at < before),
    Rule("imports", import_change, _import_changes),
    Rule("reputation", reputation, lambda before: reputation.c.day < before),
    Rule("reports", report_row, _rows_of_reports(report_row.c.report_id)),
    Rule("reports", tls_row, _rows_of_reports(tls_row.c.report_id)),
    Rule("reports", report, _reports),
    Rule("reports", report_source, lambda before: report_source.c.last_at < before),
    Rule("placements", placement, _placements),
    Rule("placements", placement_test, _placement_tests),
)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What became of one rule: how many rows went (or would go), and from when on they stay; None: all."""

    key: str
    table: str
    rows: int
    before: datetime | None


def prune(
    store: Store, keep: Mapping[str, timedelta | None], now: datetime, *, dry: bool = False
) -> list[Pruned]:
    """Delete what is older than `keep` says, some thousand rows a transaction; `dry`: only count it."""
    done = []
    for rule in RULES:
        span = keep[rule.key]
        before = None if span is None else now - span
        rows = 0 if before is None else (_count if dry else _delete)(store, rule, before)
        done.append(Pruned(rule.key, rule.table.name, rows, before))
    return done


def _count(store: Store, rule: Rule, before: datetime) -> int:
    query = select(func.count()).select_from(rule.table).where(rule.over(before))
    with store.read() as connection:
        return connection.scalar(query) or 0


def _delete(store: Store, rule: Rule, before: datetime) -> int:
    total = 0
    while True:
        with store.write() as connection:
            rows = _delete_some(connection, rule, before)
        total += rows
        if rows < AT_ONCE:
            return total


def _delete_some(connection: Connection, rule: Rule, before: datetime) -> int:
    """At most `AT_ONCE` rows; returns how many."""
    key = _key(rule.table)
    first = select(*key).where(rule.over(before)).limit(AT_ONCE)
    chosen = key[0].in_(first) if len(key) == 1 else tuple_(*key).in_(first)
    return int(connection.execute(delete(rule.table).where(chosen)).rowcount)


def _key(table: Table) -> list[Any]:
    """The columns that name a row: the primary key, else what is unique."""
    named = list(table.primary_key) or [
        column for each in table.constraints if isinstance(each, UniqueConstraint) for column in each.columns
    ]
    return [table.c[column.name] for column in named]
