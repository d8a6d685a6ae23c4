"""A resolver is examined before its answers are believed."""

from typing import Any

import pytest

from checks.blocklists.table import BY_NAME
from checks.doctor.egress import addresses
from checks.doctor.examine import LEVELS, examine
from checks.doctor.wording import WORDING
from checks.model import Finding, State
from checks.ports import Answer, Got, Question, Txt
from tests.checks.judge import NOW
from tests.fakes.zone import ZoneDns

ZEN = BY_NAME["zen.spamhaus.org"]
ROOT: dict[str, Any] = {"": {"NS": ["a.root-servers.net"]}}
OWN: dict[str, Any] = {
    **ROOT,
    "whoami.akamai.net": {"A": ["192.0.2.53"]},
    "53.2.0.192.origin.asn.cymru.com": {"TXT": [["64500 | 192.0.2.0/24 | DE | ripencc | 2010-01-01"]]},
    "53.2.0.192.in-addr.arpa": {"PTR": ["ns1.example.com"]},
    "org": {"SOA": ["a0.org. n. 1 2 3 4 5"]},
    "dnssec-failed.org": {"*": "SERVFAIL"},
    "2.0.0.127.zen.spamhaus.org": {"A": ["127.0.0.2"]},
}


def found(zone: dict[str, Any], *, validates: bool = True) -> dict[str, Finding]:
    """The findings by code."""
    dns = ZoneDns(zone, authenticated=validates)
    return {finding.code: finding for finding in examine(dns, "192.0.2.53", [ZEN], NOW)}


def test_an_honest_resolver_of_ones_own_passes() -> None:
    assert {code: finding.state for code, finding in found(OWN).items()} == dict.fromkeys(LEVELS, State.PASS)


def test_a_forwarder_to_a_public_resolver_is_seen_through() -> None:
    """A resolver on loopback looks like one's own; where its questions come out tells."""
    zone = OWN | {
        "whoami.akamai.net": {"A": ["172.253.1.1"]},
        "1.1.253.172.origin.asn.cymru.com": {"TXT": [["15169 | 172.253.0.0/16 | US | arin | 2013-04-04"]]},
    }
    finding = found(zone)["DOC-002"]
    assert finding.state is State.WARN
    assert finding.args["operators"] == ("Google Public DNS",)


def test_mirrors_tell_addresses_in_their_own_ways() -> None:
    """URIBL puts it into its refusal; Google also tells the client's subnet, which is not the resolver."""
    texts = (
        b"127.0.0.1 -> Query Refused. See http://uribl.com/refused.shtml [Your DNS IP: 198.51.100.9]",
        b"2001:db8::53",
        b"edns0-client-subnet 203.0.113.0/24",
        b"version 1.2.3.400",
    )
    answer = Answer(Question("x", "TXT"), Got.RECORDS, tuple(Txt((text,)) for text in texts))
    assert addresses([answer]) == ("127.0.0.1", "198.51.100.9", "2001:db8::53")


@pytest.mark.parametrize(
    ("pointer", "state"),
    [
        ({"PTR": ["ns1.example.com"]}, State.PASS),
        ({"PTR": ["static-192-0-2-53.dynamic.hoster.example"]}, State.WARN),
        ({"A": ["192.0.2.53"]}, State.WARN),
        ({"PTR": "TIMEOUT"}, State.UNKNOWN),
    ],
)
def test_a_resolver_without_a_proper_name_is_refused_by_spamhaus(
    pointer: dict[str, Any], state: State
) -> None:
    assert found(OWN | {"53.2.0.192.in-addr.arpa": pointer})["DOC-003"].state is state


@pytest.mark.parametrize(
    ("changes", "validates", "state"),
    [
        ({"dnssec-failed.org": {"A": ["192.0.2.1"]}}, True, State.WARN),
        ({}, False, State.WARN),
        ({"dnssec-failed.org": {"*": "TIMEOUT"}}, True, State.UNKNOWN),
        ({"org": {"*": "TIMEOUT"}}, True, State.UNKNOWN),
    ],
)
def test_validation_is_believed_only_when_a_wrong_signature_is_refused(
    changes: dict[str, Any], validates: bool, state: State
) -> None:
    assert found(OWN | changes, validates=validates)["DOC-004"].state is state


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"2.0.0.127.zen.spamhaus.org": {"A": ["127.255.255.254"]}}, State.WARN),
        ({"2.0.0.127.zen.spamhaus.org": {"TXT": [["x"]]}}, State.WARN),
        ({"1.0.0.127.zen.spamhaus.org": {"A": ["127.0.0.2"]}}, State.WARN),
        ({"2.0.0.127.zen.spamhaus.org": {"*": "TIMEOUT"}}, State.UNKNOWN),
    ],
)
def test_each_list_is_tried_through_this_resolver(answers: dict[str, Any], state: State) -> None:
    """The matrix: refused, silently empty, wildcard, silent (RFC 5782 section 5)."""
    assert found(OWN | answers)["DOC-005"].state is state


def test_a_dead_resolver_is_told_once_and_nothing_else_is_guessed() -> None:
    class Silent(ZoneDns):
        def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
            return ZoneDns({name: {"*": "TIMEOUT"}}).ask(name, rdtype)

    [finding] = examine(Silent({}), "192.0.2.53", [ZEN], NOW)
    assert (finding.code, finding.state) == ("DOC-001", State.FAIL)


def test_a_server_that_does_not_recurse_is_still_examined() -> None:
    """An authoritative server, or a resolver for some zones only, answers without knowing the root."""
    zone = {name: types for name, types in OWN.items() if name}
    assert found(zone)["DOC-001"].state is State.WARN


def test_every_code_has_words() -> None:
    assert set(WORDING) == set(LEVELS)
