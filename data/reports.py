"""Reports of receivers: each counted once, whatever mail, folder or restart brings it again."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy import insert as plain_insert

from checks.reports import Aggregate, AuthResult, Failure, Report, Row, TlsFailure, TlsPolicy, TlsReport
from data.dialect import insert
from data.sources import meet
from data.tables import EPOCH, report, report_row, tls_row

CHUNK = 500
LATEST_ROWS = 2_000
"""Of a domain's rows that are looked through for its selectors."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many reports there are of a domain, from whom, and until when."""

    reports: int
    messages: int
    reporters: Sequence[str]
    begin: datetime | None
    end: datetime | None


def save_report(connection: Connection, found: Report, name: str, now: datetime) -> bool:
    """Keep a report and its rows, in the caller's transaction. False: it was kept before; nothing is changed.

    `name`: what tells this file or mail from others (a digest); failure reports have no id of their own.
    """
    new = insert(connection, report).values(**_head(found, name, now))
    number = connection.execute(new.on_conflict_do_nothing().returning(report.c.id)).scalar_one_or_none()
    if number is None:
        return False
    table = tls_row if isinstance(found, TlsReport) else report_row
    rows = [{"report_id": number, **values} for values in _rows(found)]
    for at in range(0, len(rows), CHUNK):
        connection.execute(plain_insert(table), rows[at : at + CHUNK])
    if isinstance(found, Aggregate):
        meet(connection, found)
    return True


def _head(found: Report, name: str, now: datetime) -> dict[str, Any]:
    common: dict[str, Any] = {"policy": {}, "mended": False, "damaged": 0, "at": now}
    match found:
        case Aggregate():
            common |= {"policy": asdict(found.policy), "mended": found.mended, "damaged": found.damaged}
            identity = ("aggregate", found.reporter, found.report_id, found.policy.domain)
            return _named(common, identity, found.begin, found.end, found.messages)
        case TlsReport():
            sessions = sum(policy.succeeded + policy.failed for policy in found.policies)
            identity = ("tls", found.reporter, found.report_id, "")
            return _named(common, identity, found.begin, found.end, sessions)
        case Failure():
            identity = ("failure", "", name, found.reported_domain)
            return _named(common, identity, found.at or EPOCH, found.at or EPOCH, 1)


def _named(
    common: dict[str, Any], identity: tuple[str, str, str, str], begin: datetime, end: datetime, messages: int
) -> dict[str, Any]:
    names = dict(zip(("kind", "reporter", "report_id", "domain"), identity, strict=True))
    return {**common, **names, "begin_at": begin, "end_at": end, "messages": messages}


def _rows(found: Report) -> Iterator[dict[str, Any]]:
    match found:
        case Aggregate():
            yield from map(_row, found.rows)
        case TlsReport():
            yield from map(_policy, found.policies)
        case Failure():
            yield _row(Row(found.source_ip, 1, found.delivery_result, "fail", "fail", found.reported_domain))


def _row(row: Row) -> dict[str, Any]:
    return {
        "source_ip": row.source_ip,
        "messages": row.count,
        "disposition": row.disposition,
        "dkim": row.dkim,
        "spf": row.spf,
        "header_from": row.header_from,
        "envelope_from": row.envelope_from,
        "results": {
            "dkim": [[each.domain, each.result, each.selector] for each in row.dkim_results],
            "spf": [[each.domain, each.result, each.selector] for each in row.spf_results],
            "reasons": list(row.reasons),
        },
    }


def _policy(policy: TlsPolicy) -> dict[str, Any]:
    return {
        "domain": policy.domain,
        "policy": policy.kind,
        "succeeded": policy.succeeded,
        "failed": policy.failed,
        "failures": [asdict(each) for each in policy.failures],
    }


def kept(connection: Connection, domain: str, since: datetime) -> Kept:
    """The aggregate reports of a domain that end after `since`."""
    where = _of(domain, since)
    totals = select(
        func.count(),
        func.coalesce(func.sum(report.c.messages), 0),
        func.min(report.c.begin_at),
        func.max(report.c.end_at),
    ).where(*where)
    count, messages, begin, end = connection.execute(totals).one()
    who = select(report.c.reporter).where(*where).distinct().order_by(report.c.reporter)
    return Kept(count, int(messages), connection.execute(who).scalars().all(), begin, end)


def reported_domains(connection: Connection) -> Sequence[str]:
    """The domains of which there are aggregate reports."""
    query = select(report.c.domain).where(report.c.kind == "aggregate").distinct().order_by(report.c.domain)
    return connection.execute(query).scalars().all()


def rows_since(
    connection: Connection, domain: str, since: datetime
) -> Iterator[tuple[Row, datetime, datetime]]:
    """The rows of a domain's aggregate reports, with begin and end of their reports."""
    query = (
        select(report_row, report.c.begin_at, report.c.end_at)
        .join(report, report.c.id == report_row.c.report_id)
        .where(*_of(domain, since))
        .order_by(report_row.c.id)
    )
    for found in connection.execute(query):
        yield _read(found), found.begin_at, found.end_at


def reported_selectors(connection: Connection, domain: str, since: datetime) -> Sequence[str]:
    """The DKIM selectors of a domain whose signatures receivers verified, of its latest rows, sorted.

    A signature that failed may be anybody's forgery: its selector shows nothing.
    """
    query = (
        select(report_row.c.results)
        .join(report, report.c.id == report_row.c.report_id)
        .where(*_of(domain, since))
        .order_by(report_row.c.id.desc())
        .limit(LATEST_ROWS)
    )
    results = (each for found in connection.execute(query).scalars() for each in found["dkim"])
    return sorted(
        {name for signer, result, name in results if signer == domain and result == "pass" and name}
    )


def _of(domain: str, since: datetime) -> tuple[Any, ...]:
    return report.c.kind == "aggregate", report.c.domain == domain, report.c.end_at > since


def _read(found: Any) -> Row:
    return Row(
        found.source_ip,
        found.messages,
        found.disposition,
        found.dkim,
        found.spf,
        found.header_from,
        found.envelope_from,
        [AuthResult(*each) for each in found.results["dkim"]],
        [AuthResult(*each) for each in found.results["spf"]],
        found.results["reasons"],
    )


def tls_since(connection: Connection, domain: str, since: datetime) -> Sequence[TlsPolicy]:
    """What receivers' servers met with when they sent to a domain, a policy of a report each."""
    query = (
        select(tls_row)
        .join(report, report.c.id == tls_row.c.report_id)
        .where(tls_row.c.domain == domain, report.c.end_at > since)
        .order_by(tls_row.c.id)
    )
    return [
        TlsPolicy(
            row.domain, row.policy, row.succeeded, row.failed, [TlsFailure(**each) for each in row.failures]
        )
        for row in connection.execute(query)
    ]


def tls_domains(connection: Connection, since: datetime) -> Sequence[str]:
    """The domains of whose servers TLS reports speak that end after `since`."""
    query = (
        select(tls_row.c.domain)
        .join(report, report.c.id == tls_row.c.report_id)
        .where(report.c.end_at > since)
        .distinct()
        .order_by(tls_row.c.domain)
    )
    return connection.scalars(query).all()
