"""What a source is called, who stands behind several addresses, and whether a policy can be tightened."""

from datetime import timedelta

import pytest

from checks.reports import AuthResult
from checks.reports.grouped import grouped
from checks.reports.readiness import Advice, readiness
from checks.reports.senders import Basis, Named, named, proved
from checks.reports.sources import Source, Standing, sources
from tests.checks.reports.test_sources import DAY, row

LATER = DAY + timedelta(days=20)


@pytest.mark.parametrize(
    ("owner", "reverse", "expected"),
    [
        ("", "a8-31.smtp-out.amazonses.com", Named("Amazon SES", Basis.REVERSE)),
        ("sendgrid.net", "mail.shop.example", Named("SendGrid", Basis.PROVED)),
        ("shop.example", "vps7.hoster.example", Named("hoster.example", Basis.REVERSE)),
        ("shop.example", "", Named("shop.example", Basis.PROVED)),
        ("shop.example", None, Named("shop.example", Basis.PROVED)),
        ("", None, Named("192.0.2.0/24", Basis.NETWORK)),
    ],
)
def test_a_source_is_called_what_people_know_it_by(owner: str, reverse: str | None, expected: Named) -> None:
    assert named("192.0.2.7", owner, reverse) == expected


def test_a_network_is_a_48_on_ipv6_and_nonsense_stays_itself() -> None:
    assert named("2001:db8:1:2::7", "", None).name == "2001:db8:1::/48"
    assert named("nonsense", "", None).name == "nonsense"


def test_a_known_service_is_proved_before_the_customer_it_signs_for() -> None:
    signed = row(AuthResult("example.com", "pass", "a"), AuthResult("amazonses.com", "pass", "b"))
    assert proved(signed) == "amazonses.com"
    assert proved(row(AuthResult("news.example.com", "pass"))) == "example.com"
    assert proved(row(AuthResult("amazonses.com", "fail"))) == ""


def test_addresses_of_one_name_are_one_sender_and_nothing_is_counted_twice() -> None:
    rows = [row(spf="pass", count=5), row(source_ip="192.0.2.9"), row(source_ip="198.51.100.1")]
    found = sources([(each, DAY, LATER) for each in rows])
    senders = grouped(found, lambda address: named(address, "", None))
    assert [(each.name, each.messages, each.stopped, each.standing) for each in senders] == [
        ("192.0.2.0/24", 8, 3, Standing.COMPLIANT),
        ("198.51.100.0/24", 3, 3, Standing.THREAT),
    ]
    assert list(senders[0].addresses) == ["192.0.2.1", "192.0.2.9"]


def source(standing: Standing, messages: int) -> Source:
    stopped = 0 if standing is Standing.COMPLIANT else messages
    return Source("192.0.2.1", standing, messages, stopped, [], DAY, LATER)


@pytest.mark.parametrize(
    ("compliant", "stray", "days", "advice"),
    [
        (1_000, 5, 20, Advice.READY),
        (1_000, 6, 20, Advice.NOT_YET),
        (1_000, 0, 13, Advice.CANNOT_TELL),
        (99, 0, 20, Advice.CANNOT_TELL),
    ],
)
def test_a_policy_is_ready_when_next_to_nothing_of_ones_own_would_be_lost(
    compliant: int, stray: int, days: int, advice: Advice
) -> None:
    """What is forged is to be stopped, so it does not count against it, however much there is."""
    found = [
        source(Standing.COMPLIANT, compliant),
        source(Standing.NOT_COMPLIANT, stray),
        source(Standing.THREAT, 90_000),
    ]
    ready = readiness(found, DAY, DAY + timedelta(days=days))
    assert ready.advice is advice
    assert (ready.ours, ready.forged, ready.stopped) == (stray, 90_000, 90_000 + stray)


def test_without_a_report_nothing_can_be_told() -> None:
    assert readiness([], None, None).advice is Advice.CANNOT_TELL
