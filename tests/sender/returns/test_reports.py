"""Reports that come by mail."""

import base64
import gzip

from checks.reports import Aggregate, Failure, TlsReport, Unreadable
from sender.returns.reports import report_in
from tests.checks.reports.test_aggregate import report

ATTACHED = """\
From: noreply-dmarc@receiver.example
Subject: Report domain: example.com Submitter: receiver.example Report-ID: 4711
MIME-Version: 1.0
Content-Type: {kind}; name="receiver.example!example.com!1!2.xml.gz"
Content-Transfer-Encoding: base64

{data}
"""
FAILED = """\
From: postmaster@receiver.example
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

This is an authentication failure report.
--b
Content-Type: message/feedback-report

Feedback-Type: auth-failure
Source-IP: 192.0.2.7
{domain}Auth-Failure: dkim, spf
Delivery-Result: reject
--b
Content-Type: message/rfc822

From: Shop <news@Example.com>
Subject: hello

x
--b--
"""


def mailed(data: bytes, kind: str) -> bytes:
    return ATTACHED.format(kind=kind, data=base64.encodebytes(data).decode()).encode()


def test_an_aggregate_report_is_found_whatever_its_writer_calls_it() -> None:
    for kind in ("application/gzip", "application/octet-stream", "application/x-zip-compressed"):
        found = report_in(mailed(gzip.compress(report()), kind))
        assert isinstance(found, Aggregate), kind
        assert found.messages == 17


def test_a_report_in_the_body_is_read() -> None:
    found = report_in(b"Subject: Report Domain: example.com\nContent-Type: text/plain\n\n" + report())
    assert isinstance(found, Aggregate)


def test_a_tls_report_has_a_type_of_its_own() -> None:
    document = (
        b'{"organization-name":"R","report-id":"1","date-range":{"start-datetime":"2026-06-01T00:00:00Z",'
        b'"end-datetime":"2026-06-02T00:00:00Z"},"policies":[]}'
    )
    assert isinstance(report_in(mailed(gzip.compress(document), "application/tlsrpt+gzip")), TlsReport)


def test_a_failure_report_names_the_message_s_domain_when_its_writer_forgot_it() -> None:
    told = report_in(FAILED.format(domain="Reported-Domain: example.com\n").encode())
    forgot = report_in(FAILED.format(domain="").encode())
    assert told == forgot == Failure("192.0.2.7", "example.com", "", ["dkim", "spf"], "reject")


def test_a_mail_without_a_report_says_so() -> None:
    assert report_in(b"Subject: hello\n\nhow are you?\n") == Unreadable("a mail without a report in it")
