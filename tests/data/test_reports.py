"""Reports in the store: each once, and every message once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from checks.reports import Failure, TlsFailure, TlsPolicy, TlsReport
from data.reports import kept, reported_domains, rows_since, save_report, tls_since
from data.store import Store
from tests.checks.reports.test_aggregate import read, report

NOW = datetime(2026, 6, 3, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)


def test_a_report_counts_once_however_often_it_comes(store: Store) -> None:
    found = read(report())
    with store.write() as connection:
        assert save_report(connection, found, "one file", NOW)
        assert not save_report(connection, found, "the same by mail", NOW)
        told = kept(connection, "example.com", LONG_AGO)
    assert (told.reports, told.messages, told.reporters) == (1, 17, ["receiver.example"])


def test_another_day_or_another_reporter_is_another_report(store: Store) -> None:
    found = read(report())
    others = [replace(found, reporter="other.example"), replace(found, end=found.end + timedelta(days=1))]
    with store.write() as connection:
        assert all(save_report(connection, each, "", NOW) for each in [found, *others])
        assert kept(connection, "example.com", LONG_AGO).messages == 3 * 17


def test_what_is_kept_is_what_was_read(store: Store) -> None:
    found = read(report())
    with store.write() as connection:
        save_report(connection, found, "", NOW)
    with store.read() as connection:
        assert list(rows_since(connection, "example.com", LONG_AGO)) == [
            (found.rows[0], found.begin, found.end)
        ]
        assert list(rows_since(connection, "example.com", found.end)) == []
        assert reported_domains(connection) == ["example.com"]


def test_tls_reports_are_found_by_the_domain_of_their_policies(store: Store) -> None:
    policy = TlsPolicy("example.com", "sts", 7, 2, [TlsFailure("certificate-expired", 2, "mx1.example.com")])
    with store.write() as connection:
        save_report(connection, TlsReport("receiver.example", "1", LONG_AGO, NOW, [policy]), "", NOW)
        assert tls_since(connection, "example.com", LONG_AGO) == [policy]


def test_a_failure_report_without_a_date_is_told_from_others_by_its_name(store: Store) -> None:
    failure = Failure("192.0.2.7", "example.com", "", ["dkim"], "reject")
    with store.write() as connection:
        assert save_report(connection, failure, "digest", NOW)
        assert not save_report(connection, failure, "digest", NOW + timedelta(days=1))
        assert save_report(connection, failure, "another", NOW)
