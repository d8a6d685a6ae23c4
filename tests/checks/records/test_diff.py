"""What a change of a record means: senders, policies and keys are compared, not letters."""

from typing import Any

import pytest

from checks.model import SendingIp, Target
from checks.ports import World
from checks.records.diff import diff
from checks.records.model import Kind, Record
from checks.records.snapshot import snapshot
from tests.checks.judge import NOW
from tests.fakes.signing import record as key_record
from tests.fakes.zone import ZoneDns

DOMAIN, IP = "example.com", "192.0.2.25"
TARGET = Target(DOMAIN, (SendingIp(IP),), selectors=("s1",))
ZONE: dict[str, Any] = {
    DOMAIN: {
        "TXT": [["v=spf1 ip4:192.0.2.0/24 include:_spf.esp.example -all"]],
        "MX": [[10, "mx.example.com"]],
        "NS": ["ns1.example.com", "ns2.example.com"],
    },
    "_spf.esp.example": {"TXT": [["v=spf1 ip4:198.51.100.0/25 -all"]]},
    "_dmarc.example.com": {"TXT": [["v=DMARC1; p=none; rua=mailto:d@example.com"]]},
    "s1._domainkey.example.com": {"TXT": [[key_record()]]},
    "25.2.0.192.in-addr.arpa": {"PTR": ["mail.example.com"]},
    "mx.example.com": {"A": [IP]},
}


def seen(**changes: Any) -> dict[tuple[Kind, str], Record]:
    zone = {**ZONE, **{name.replace("__", "."): types for name, types in changes.items()}}
    return {(each.kind, each.subject): each for each in snapshot(TARGET, World(ZoneDns(zone), NOW))}


def told(kind: Kind, changes: dict[str, Any], subject: str = DOMAIN) -> list[str]:
    """The sentences of what such a change of the zone means."""
    before, after = seen()[kind, subject], seen(**changes)[kind, subject]
    return [each.sentence for each in diff(before, after)]


def spf(text: str) -> dict[str, Any]:
    return {DOMAIN: {**ZONE[DOMAIN], "TXT": [[text]]}}


def test_every_kind_of_record_is_seen() -> None:
    assert {kind for kind, _ in seen()} == set(Kind) - {Kind.CERTIFICATE}


def test_an_spf_record_that_is_written_anew_and_authorises_the_same_has_not_changed() -> None:
    halves = "v=spf1 include:_spf.esp.example ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all"
    assert told(Kind.SPF, spf(halves)) == []


def test_senders_that_lost_or_won_their_authorisation_are_named() -> None:
    smaller = "v=spf1 ip4:192.0.2.0/25 ip4:203.0.113.7 include:_spf.esp.example ~all"
    assert told(Kind.SPF, spf(smaller)) == [
        "192.0.2.128/25 no longer authorised (by example.com)",
        "203.0.113.7/32 newly authorised (by example.com)",
        "what happens to everybody else: -all → ~all",
    ]


def test_a_third_partys_change_is_seen_though_the_own_text_stands() -> None:
    drift = {"_spf.esp.example": {"TXT": [["v=spf1 ip4:198.51.100.0/26 -all"]]}}
    assert told(Kind.SPF, drift) == ["198.51.100.64/26 no longer authorised (by _spf.esp.example)"]


def test_an_include_that_went_takes_its_senders_along() -> None:
    sentences = told(Kind.SPF, spf("v=spf1 ip4:192.0.2.0/24 -all"))
    assert sentences[0] == "198.51.100.0/25 no longer authorised (by example.com, _spf.esp.example)"
    assert sentences[-1] == "policies that are included: _spf.esp.example gone"


@pytest.mark.parametrize("failure", ["TIMEOUT", "SERVFAIL", "REFUSED"])
def test_what_could_not_be_looked_up_is_left_out_and_replaces_nothing(failure: str) -> None:
    assert (Kind.SPF, DOMAIN) not in seen(**{"_spf.esp.example": {"TXT": failure}}), "half a tree is no tree"
    assert (Kind.DMARC, DOMAIN) not in seen(**{"_dmarc.example.com": {"TXT": failure}})
    assert (Kind.DKIM, "s1._domainkey.example.com") not in seen(
        **{"s1._domainkey.example.com": {"TXT": failure}}
    )
    assert (Kind.PTR, IP) not in seen(**{"25.2.0.192.in-addr.arpa": {"PTR": failure}})


def test_a_policy_is_compared_by_its_tags_and_by_what_it_asks_for() -> None:
    stricter = {"_dmarc.example.com": {"TXT": [["v=DMARC1;p=reject; rua=mailto:d@example.com"]]}}
    assert told(Kind.DMARC, stricter) == [
        "what receivers are asked to do: none → reject",
        "p=: none → reject",
    ]
    spaced = {"_dmarc.example.com": {"TXT": [["v=DMARC1;p=none ;rua=mailto:d@example.com;"]]}}
    assert told(Kind.DMARC, spaced) == []


def test_a_key_that_went_was_revoked_or_came_back_is_told() -> None:
    name = "s1._domainkey.example.com"
    assert told(Kind.DKIM, {name: {}}, name) == [f"the DKIM key of {name} is gone"]
    revoked = {name: {"TXT": [["v=DKIM1; k=rsa; p="]]}}
    assert "the key was revoked" in told(Kind.DKIM, revoked, name)
    reordered = {name: {"TXT": [[key_record().replace("v=DKIM1; ", "v=DKIM1;  ")]]}}
    assert told(Kind.DKIM, reordered, name) == []


def test_mail_servers_reverse_names_and_name_servers_are_compared_as_sets() -> None:
    moved = {DOMAIN: {**ZONE[DOMAIN], "MX": [[20, "mx.example.com"], [10, "in.esp.example"]]}}
    assert told(Kind.MX, moved) == [
        "mail servers: in.esp.example new",
        "the preference of mx.example.com: 10 → 20",
    ]
    assert told(Kind.PTR, {"25.2.0.192.in-addr.arpa": {}}, IP) == [f"the reverse name of {IP} is gone"]
    fewer = {DOMAIN: {**ZONE[DOMAIN], "NS": ["ns1.example.com"]}}
    assert told(Kind.NS, fewer) == ["names: ns2.example.com gone"]


def test_a_renewed_certificate_says_until_when_it_holds() -> None:
    def certificate(print_: str, expires: str) -> Record:
        value = {"fingerprint": print_, "names": ["mx.example.com"], "issuer": "CN=R3", "expires": expires}
        return Record(Kind.CERTIFICATE, "mx.example.com", ("CN=mx",), value)

    renewed = diff(certificate("a", "2026-12-01"), certificate("b", "2027-03-01"))
    assert [each.sentence for each in renewed] == ["renewed: it holds until 2027-03-01 (was 2026-12-01)"]
