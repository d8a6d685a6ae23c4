"""Who sends in a domain's name: each address that receivers' reports speak of, since when, and its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, or_, select, update

from checks.reports import Aggregate, Row
from checks.reports.senders import proved
from data.dialect import insert
from data.tables import report, report_row, report_source

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """An address. `reverse`: its confirmed reverse name, "" when it has none, None when that is not known."""

    address: str
    first: datetime
    last: datetime
    proved: str
    reverse: str | None


def meet(connection: Connection, found: Aggregate) -> None:
    """Note the addresses of a report; one that was met before is widened, whatever order reports come in."""
    rows: dict[str, Row] = {}
    for row in found.rows:
        rows.setdefault(row.source_ip, row)
        if proved(row):
            rows[row.source_ip] = row
    values = [
        {
            "domain": found.policy.domain,
            "address": address,
            "first_at": found.begin,
            "last_at": found.end,
            "proved": proved(rows[address]),
        }
        for address in sorted(rows)  # two imports at once lock in one order
    ]
    new = insert(connection, report_source)
    old, given = report_source.c, new.excluded
    changed = {
        "first_at": case((given.first_at < old.first_at, given.first_at), else_=old.first_at),
        "last_at": case((given.last_at > old.last_at, given.last_at), else_=old.last_at),
        "proved": case((old.proved == "", given.proved), else_=old.proved),
    }
    statement = new.on_conflict_do_update(index_elements=["domain", "address"], set_=changed)
    for at in range(0, len(values), CHUNK):
        connection.execute(statement, values[at : at + CHUNK])


def known_sources(connection: Connection, domain: str) -> Mapping[str, Known]:
    """By address."""
    query = select(report_source).where(report_source.c.domain == domain)
    return {
        row.address: Known(row.address, row.first_at, row.last_at, row.proved, row.reverse)
        for row in connection.execute(query)
    }


def nameless(connection: Connection, before: datetime, limit: int) -> Sequence[str]:
    """Addresses whose reverse name was never asked, or not found out and asked last before then."""
    column = report_source.c
    query = (
        select(column.address)
        .where(column.reverse.is_(None), or_(column.reverse_at.is_(None), column.reverse_at < before))
        .group_by(column.address)
        .order_by(func.max(column.last_at).desc())
        .limit(limit)
    )
    return connection.scalars(query).all()


def name_source(connection: Connection, address: str, reverse: str | None, now: datetime) -> None:
    """What its reverse name is found to be, in whatever domain's name it sends."""
    connection.execute(
        update(report_source)
        .where(report_source.c.address == address)
        .values(reverse=reverse, reverse_at=now)
    )


@dataclass(frozen=True, slots=True)
class Reported:
    """What one reporter says of one address."""

    reporter: str
    messages: int
    passing: int
    begin: datetime
    end: datetime


def reporters_of(connection: Connection, domain: str, address: str, since: datetime) -> Sequence[Reported]:
    """The last step of the drill-down, the largest first."""
    passing = or_(report_row.c.dkim == "pass", report_row.c.spf == "pass")
    messages = func.sum(report_row.c.messages)
    query = (
        select(
            report.c.reporter,
            messages,
            func.sum(case((passing, report_row.c.messages), else_=0)),
            func.min(report.c.begin_at),
            func.max(report.c.end_at),
        )
        .join(report, report.c.id == report_row.c.report_id)
        .where(report.c.kind == "aggregate", report.c.domain == domain, report.c.end_at > since)
        .where(report_row.c.source_ip == address)
        .group_by(report.c.reporter)
        .order_by(messages.desc(), report.c.reporter)
    )
    return [Reported(row[0], int(row[1]), int(row[2]), row[3], row[4]) for row in connection.execute(query)]


def arrivals(connection: Connection, domain: str, since: datetime) -> Sequence[tuple[str, datetime]]:
    """(reporter, end of its span) of each aggregate report of a domain."""
    query = (
        select(report.c.reporter, report.c.end_at)
        .where(report.c.kind == "aggregate", report.c.domain == domain, report.c.end_at > since)
        .order_by(report.c.end_at)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def first_report(connection: Connection, domain: str) -> datetime | None:
    """When the reports of a domain begin."""
    query = select(func.min(report.c.begin_at)).where(report.c.kind == "aggregate", report.c.domain == domain)
    found: datetime | None = connection.scalar(query)
    return found
