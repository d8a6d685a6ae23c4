"""The resolver against the servers that the world runs: unbound in front of knot and rbldnsd."""

from collections.abc import Iterator

import pytest

from checks.net.dns import Resolver
from checks.ports import Got, Host, Question, Why
from tests.lab.nameservers import Blocklist, NameServers, name_servers

pytestmark = pytest.mark.lab("dns")

LONG = " ".join(f'"{"x" * 250}"' for _ in range(40))
ZONES = {
    "one.test": f'@ 60 TXT "v=spf1 -all"\nwww 60 CNAME host.two.test.\ngone 60 CNAME nowhere.two.test.\n'
    f'big 60 TXT {LONG}\nloop 60 CNAME pool\npool 60 CNAME loop\nmixed 60 TXT "a\\255b"',
    "two.test": "host 60 A 192.0.2.7\nhost 60 AAAA 2001:db8::7",
}
LISTS = [Blocklist("list.test", "ip4set", ["127.0.0.2", "192.0.2.7"])]


@pytest.fixture(scope="module")
def servers() -> Iterator[NameServers]:
    with name_servers(ZONES, LISTS) as running:
        yield running


@pytest.fixture
def resolver(servers: NameServers) -> Iterator[Resolver]:
    with Resolver([servers.resolver], timeout=10.0) as made:
        yield made


def test_records_and_both_kinds_of_absence_come_through_unbound(resolver: Resolver) -> None:
    assert resolver.ask("one.test", "TXT").texts == ("v=spf1 -all",)
    nodata, nxdomain = resolver.ask("one.test", "AAAA"), resolver.ask("nowhere.one.test", "A")
    assert (nodata.got, nxdomain.got) == (Got.NODATA, Got.NXDOMAIN)
    assert nxdomain.soa is not None
    assert (nxdomain.soa.zone, nxdomain.soa.minimum) == ("one.test", 60)


def test_aliases_from_one_zone_into_another_are_followed_to_their_end(resolver: Resolver) -> None:
    answer = resolver.ask("www.one.test", "A")
    assert (answer.texts, answer.chain) == (("192.0.2.7",), ("host.two.test",))
    assert resolver.ask("gone.one.test", "A").got is Got.NXDOMAIN
    assert resolver.ask("loop.one.test", "A").got is Got.FAILED


def test_ten_thousand_octets_of_text_come_over_tcp(resolver: Resolver) -> None:
    assert len(resolver.ask("big.one.test", "TXT").texts[0]) == 10_000


def test_octets_that_are_no_text_stay_octets(resolver: Resolver) -> None:
    assert resolver.ask("mixed.one.test", "TXT").texts == ("a\\xffb",)


def test_a_blocklist_answers_as_one_does(resolver: Resolver) -> None:
    listed, clean = resolver.ask_all([Question(f"{ip}.list.test", "A") for ip in ("7.2.0.192", "1.2.0.192")])
    assert (listed.texts, clean.got) == (("127.0.0.2",), Got.NXDOMAIN)


def test_the_authoritative_server_itself_is_asked_without_recursion(
    servers: NameServers, resolver: Resolver
) -> None:
    """It answers for its own zones and refuses others; where its zone ends, so does its answer."""
    host, port = servers.authoritative
    authority = resolver.authority(port, allowed=lambda _: True)
    questions = [Question("one.test", "NS"), Question("www.one.test", "A"), Question("example.com", "A")]
    [[own, alias, foreign]] = authority.ask_each([host], questions)
    assert own.records == (Host("ns.lab.test"),)
    assert alias.chain == ("host.two.test",)
    assert foreign.why is Why.REFUSED
