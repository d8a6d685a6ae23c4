"""DMARC aggregate reports, well-formed and not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.reports import Aggregate, AuthResult, Unreadable, read_aggregate, read_document

RECORD = """\
<record>
  <row><source_ip>192.0.2.1</source_ip><count>17</count>
    <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
  <identifiers><header_from>Example.com.</header_from><envelope_from>bounces.example.com</envelope_from></identifiers>
  <auth_results>
    <dkim><domain>example.com</domain><selector>s1</selector><result>pass</result></dkim>
    <dkim><domain>esp.example</domain><selector>k</selector><result>pass</result></dkim>
    <spf><domain>bounces.example.com</domain><scope>mfrom</scope><result>softfail</result></spf>
  </auth_results>
</record>"""
REPORT = """\
<?xml version="1.0"?>
<feedback{namespace}>
  <report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email>
    <report_id>&lt;4711@receiver.example&gt;</report_id>
    <date_range><begin>1780272000</begin><end>1780358399.0</end></date_range></report_metadata>
  <policy_published><domain>example.com</domain><p>quarantine</p>{policy}</policy_published>
  {records}
</feedback>"""


def report(records: str = RECORD, *, namespace: str = "", policy: str = "<pct>100</pct>") -> bytes:
    return REPORT.format(records=records, namespace=namespace, policy=policy).encode()


def read(document: bytes) -> Aggregate:
    found = read_aggregate(document)
    assert isinstance(found, Aggregate), found
    return found


def test_a_row_counts_its_messages_once_however_many_results_it_has() -> None:
    found = read(report())
    assert found.messages == 17
    assert found.rows[0].dkim_results == [
        AuthResult("example.com", "pass", "s1"),
        AuthResult("esp.example", "pass", "k"),
    ]
    assert found.rows[0].spf_results == [AuthResult("bounces.example.com", "softfail")]


def test_what_writers_do_differently_is_read_alike() -> None:
    found = read(report())
    assert (found.report_id, found.rows[0].header_from) == ("4711", "example.com")
    assert (found.begin, found.end) == (
        datetime(2026, 6, 1, tzinfo=UTC),
        datetime(2026, 6, 1, 23, 59, 59, tzinfo=UTC),
    )
    assert (found.policy.sp, found.policy.adkim) == ("quarantine", "r")


def test_rfc_9990_adds_a_namespace_and_what_the_receiver_did() -> None:
    found = read(
        report(
            RECORD.replace("<disposition>none<", "<disposition>pass<"),
            namespace=' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"',
            policy="<np>reject</np><testing>y</testing><discovery_method>treewalk</discovery_method>",
        )
    )
    assert (found.policy.np, found.policy.testing, found.policy.discovery) == ("reject", "y", "treewalk")
    assert found.rows[0].disposition == "pass"
    assert not found.mended


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (
            report().replace(b"dmarc@receiver.example<", b"<dmarc@receiver.example><"),
            "an address in brackets",
        ),
        (report().replace(b"receiver.example</org", b"A & B</org"), "a bare ampersand"),
        (
            report().replace(b"<feedback>", b'<xs:schema xmlns:xs="x"><feedback>'),
            "a schema that nobody closed",
        ),
        (
            report().replace(b"bounces.example.com</envelope", b"\xff\xfe</envelope"),
            "octets that are not UTF-8",
        ),
        (b"Content-Type: text/xml\r\n\r\n" + report(), "a header before it"),
        (report().replace(b"</feedback>", b""), "no end"),
    ],
)
def test_broken_markup_is_read_tag_by_tag(broken: bytes, why: str) -> None:
    found = read(broken)
    assert found.mended, why
    assert (found.messages, found.rows[0].source_ip, found.policy.p) == (17, "192.0.2.1", "quarantine")


def test_a_row_that_cannot_be_read_is_counted_and_the_others_stay() -> None:
    found = read(report(RECORD + RECORD.replace("192.0.2.1", "unknown") + RECORD.replace(">17<", "> <")))
    assert (found.messages, found.damaged) == (17, 2)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "empty"),
        (b"<html><body>Quarantined by your gateway</body></html>", "no <feedback>"),
        (report("").replace(b"<begin>1780272000</begin>", b""), "<begin> is missing"),
        (report(""), "no record"),
        (report().replace(b"<domain>example.com</domain><p>", b"<p>"), "<domain> is missing"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + report(), "DOCTYPE"),
        (b"hello", "neither XML nor JSON"),
    ],
)
def test_what_is_no_report_says_why(document: bytes, why: str) -> None:
    found = read_document(document)
    assert isinstance(found, Unreadable)
    assert why in found.why


@given(st.integers(0, len(report())), st.integers(0, 40), st.binary(max_size=12))
def test_damage_never_raises_and_never_adds_messages(at: int, length: int, noise: bytes) -> None:
    document = report()
    found = read_document(document[:at] + noise + document[at + length :])
    assert isinstance(found, Aggregate | Unreadable)
    if isinstance(found, Aggregate):
        assert len(found.rows) <= 1
