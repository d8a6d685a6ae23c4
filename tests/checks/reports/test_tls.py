"""TLS reports (RFC 8460)."""

import json
from datetime import UTC, datetime

import pytest

from checks.reports import TlsFailure, TlsPolicy, TlsReport, Unreadable, read_document

REPORT = {
    "organization-name": "Receiver",
    "date-range": {"start-datetime": "2026-06-01T00:00:00Z", "end-datetime": "2026-06-01T23:59:59Z"},
    "report-id": "4711",
    "policies": [
        {
            "policy": {"policy-type": "sts", "policy-domain": "Example.com."},
            "summary": {"total-successful-session-count": 5326, "total-failure-session-count": "3"},
            "failure-details": [
                {
                    "result-type": "certificate-expired",
                    "failed-session-count": 3,
                    "receiving-mx-hostname": "mx1.example.com",
                }
            ],
        }
    ],
}


def test_sessions_are_counted_by_policy_and_reason() -> None:
    found = read_document(json.dumps(REPORT).encode())
    assert found == TlsReport(
        "Receiver",
        "4711",
        datetime(2026, 6, 1, tzinfo=UTC),
        datetime(2026, 6, 1, 23, 59, 59, tzinfo=UTC),
        [TlsPolicy("example.com", "sts", 5326, 3, [TlsFailure("certificate-expired", 3, "mx1.example.com")])],
    )


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"policies": []}, "date-range"),
        ({"report-id": "1"}, "no list of policies"),
        ({**REPORT, "date-range": {"start-datetime": "yesterday", "end-datetime": 5}}, "date-range"),
    ],
)
def test_what_is_no_report_says_why(document: dict[str, object], why: str) -> None:
    found = read_document(json.dumps(document).encode())
    assert isinstance(found, Unreadable)
    assert why in found.why


def test_values_of_the_wrong_kind_count_nothing() -> None:
    odd = {**REPORT, "policies": [None, {"policy": [], "summary": {"total-failure-session-count": True}}]}
    found = read_document(json.dumps(odd).encode())
    assert isinstance(found, TlsReport)
    assert [(policy.succeeded, policy.failed) for policy in found.policies] == [(0, 0), (0, 0)]
