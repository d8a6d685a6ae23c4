"""TLS-RPT: where reports of failed TLS go."""

import pytest

from checks.model import State
from checks.tls_rpt import CHECK
from tests.checks.judge import findings, states


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([["v=TLSRPTv1; rua=mailto:tls@example.com"]], State.PASS),
        ([["v=TLSRPTv1;rua=https://reports.example.com/,mailto:tls@example.com"]], State.PASS),
        ([["v=TLSRPTv1; rua=tls@example.com"]], State.FAIL),
        ([["v=TLSRPTv1"]], State.FAIL),
        ([["v=TLSRPTv1; rua=mailto:a@example.com"], ["v=TLSRPTv1; rua=mailto:b@example.com"]], State.FAIL),
        ([["something else"]], State.NOT_APPLICABLE),
        ("SERVFAIL", State.UNKNOWN),
    ],
)
def test_what_a_record_is_worth(records: object, expected: State) -> None:
    zone = {"_smtp._tls.example.com": {"TXT": records}}

    assert states(findings(CHECK, zone), "TLSRPT-001") == [expected]
