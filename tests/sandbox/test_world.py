"""The made-up world is consistent: what it says about itself holds, and it can mean nobody real."""

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from checks.blocklists import selftest
from checks.blocklists.choice import Wish, choose
from monitor.sandbox import truth
from monitor.sandbox.asking import WorldDns
from monitor.sandbox.blocklists import BLOCKLISTS, BY_ZONE, Blocklist, Health, query_name
from monitor.sandbox.manners import WORDS
from monitor.sandbox.providers import PROVIDERS
from monitor.sandbox.world import DOMAINS, HOSTS, build
from monitor.sandbox.zone import Rcode, Zone

DOCUMENTATION = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
ILL = [blocklist for blocklist in BLOCKLISTS if blocklist.health is not Health.WELL]
WORLD = build({"harbour.test": "KEY", "saltmarsh.test": "KEY"})


def found(name: str, rdtype: str, world: Zone = WORLD) -> list[object]:
    return [row.rdata for row in world.look_up(name, rdtype).rows]


def test_every_address_is_loopback_or_kept_for_documentation() -> None:
    """RFC 5737: nobody's real machine may ever be named, let alone reached."""
    addresses = {ip_address(str(rdata)) for records in WORLD.names.values() for rdata in records.get("A", ())}

    assert all(ip.is_loopback or any(ip in net for net in DOCUMENTATION) for ip in addresses)


def test_only_blocklists_carry_names_that_exist_outside() -> None:
    lists = tuple(BY_ZONE)
    outside = [
        name for name in WORLD.names if not name.endswith((".test", ".arpa")) and not name.endswith(lists)
    ]

    assert outside == []


def test_each_provider_is_reached_over_its_mx() -> None:
    for number, provider in enumerate(PROVIDERS, start=1):
        assert found(provider.domain, "MX") == [[10, provider.mx]]
        assert found(provider.mx, "A") == [f"127.0.1.{number}"]


def test_a_sending_host_and_its_reverse_name_agree_where_there_is_one() -> None:
    for host in HOSTS.values():
        expected = [] if host.ptr is None else [host.ptr]
        assert found(ip_address(host.ip).reverse_pointer, "PTR") == expected


def test_every_sending_domain_has_a_sentence() -> None:
    assert all(domain.about.endswith(".") for domain in DOMAINS)


@pytest.mark.parametrize("blocklist", BLOCKLISTS, ids=lambda blocklist: blocklist.zone)
def test_a_list_keeps_its_test_points(blocklist: Blocklist) -> None:
    """RFC 5782 section 5: a list is believed only while they hold; three of ours are ill on purpose."""
    present, absent = ("test", "invalid") if blocklist.of_domains else ("127.0.0.2", "127.0.0.1")
    answers = {
        Health.WELL: (list(blocklist.points), []),
        Health.EMPTY: ([], []),
        Health.REFUSING: ([blocklist.refusal], [blocklist.refusal]),
        Health.WILDCARD: (list(blocklist.points), list(blocklist.points)),
    }[blocklist.health]

    assert (
        found(query_name(blocklist.zone, present), "A"),
        found(query_name(blocklist.zone, absent), "A"),
    ) == answers


def test_an_ipv6_subject_is_asked_by_its_nibbles() -> None:
    """RFC 5782 section 2.4."""
    assert query_name("zen.spamhaus.org", "2001:db8::1") == (
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.spamhaus.org"
    )


def test_changes_are_kept_for_everybody_who_watches(tmp_path: Path) -> None:
    """The story, a visitor's command and a test are different processes over one world."""
    path = tmp_path / "truth.json"
    live = truth.Live(WORLD, path)
    assert live.zone().look_up("20.113.0.203.bl.spamcop.net", "A").rcode is Rcode.NXDOMAIN

    truth.change(path, truth.listed("203.0.113.20", "bl.spamcop.net"))
    assert found("20.113.0.203.bl.spamcop.net", "A", live.zone()) == ["127.0.0.2"]

    live.change(truth.resolver_down())
    assert not live.truth.resolver_up
    truth.change(path, truth.delisted("203.0.113.20", "bl.spamcop.net"))
    assert live.zone().look_up("20.113.0.203.bl.spamcop.net", "A").rcode is Rcode.NXDOMAIN
    assert not live.truth.resolver_up


def test_the_page_about_the_sandbox_names_everybody() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    ill = [blocklist.zone for blocklist in ILL]
    expected = [*(domain.name for domain in DOMAINS), *(provider.key for provider in PROVIDERS), *WORDS]

    assert [name for name in (*expected, *ill) if name not in page] == []


def test_every_list_that_homing_asks_stands_in_the_world_as_it_should() -> None:
    """The product's own table is what is seen at work: a list missing here would look dead on its pages."""
    dns = WorldDns(lambda: WORLD)
    health = {}
    for zone in choose([Wish(blocklist.zone) for blocklist in ILL]):
        answers = {question: dns.ask(question.name, question.rdtype) for question in selftest.questions(zone)}
        health[zone.name] = selftest.judge(zone, answers).health

    assert {name: found for name, found in health.items() if found is not selftest.Health.WELL} == {
        "truncate.gbudb.net": selftest.Health.EMPTY,
        "bl.score.senderscore.com": selftest.Health.REFUSED,
        "bl.foundered.test": selftest.Health.WILDCARD,
    }
