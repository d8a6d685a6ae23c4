"""Answers the suites of reports: DMARC aggregate and failure reports, TLS reports."""

from checks.reports import Aggregate, Failure, Report, TlsReport, Unreadable, read_document
from sender.returns.reports import report_in
from tests.corpus.cases import Case
from tests.corpus.suites import Output


def report(case: Case) -> Output:
    data = case.read()
    return told(report_in(data) if case.input["file"].endswith(".eml") else read_document(data))


def told(found: Report | Unreadable) -> Output:
    match found:
        case Aggregate():
            return _aggregate(found)
        case Failure():
            return {
                "type": "failure",
                "source_ip": found.source_ip,
                "reported_domain": found.reported_domain,
                "auth_failure": list(found.auth_failure),
                "delivery_result": found.delivery_result,
            }
        case TlsReport():
            return _tls(found)
        case Unreadable():
            return {"type": "invalid", "why": found.why}


def _aggregate(found: Aggregate) -> Output:
    rows = [
        {
            "ip": row.source_ip,
            "count": row.count,
            "disposition": row.disposition,
            "dkim": row.dkim,
            "spf": row.spf,
            "header_from": row.header_from,
        }
        for row in found.rows
    ]
    return {
        "type": "aggregate",
        "org_name": found.reporter,
        "report_id": found.report_id,
        "begin": int(found.begin.timestamp()),
        "end": int(found.end.timestamp()),
        "domain": found.policy.domain,
        "n_records": len(rows),
        "messages": found.messages,
        "rows": rows,
    }


def _tls(found: TlsReport) -> Output:
    policies = [
        {
            "domain": policy.domain,
            "type": policy.kind,
            "ok": policy.succeeded,
            "fail": policy.failed,
            "failures": [{"type": failure.kind, "count": failure.count} for failure in policy.failures],
        }
        for policy in found.policies
    ]
    return {
        "type": "smtp_tls",
        "org": found.reporter,
        "report_id": found.report_id,
        "begin": int(found.begin.timestamp()),
        "end": int(found.end.timestamp()),
        "policies": policies,
    }
