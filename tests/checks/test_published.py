"""A record is published only where every name server of its zone has it; silence is not absence."""

from datetime import UTC, datetime
from typing import Any

import pytest

from checks.ports import World
from checks.published import judges
from checks.published.look import look
from checks.published.wanted import Holds, Look, Seen, Wanted, ready
from tests.fakes.authority import ZoneAuthority
from tests.fakes.dkim_keys import RSA1024, RSA2048
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = f"v=DKIM1; k=rsa; p={RSA2048}"
NAME = "s1._domainkey.brand.test"
ZONE: dict[str, Any] = {
    "brand.test": {"NS": ["ns1.brand.test", "ns2.brand.test"], "TXT": [["v=spf1 ip4:192.0.2.25 -all"]]},
    "ns1.brand.test": {"A": ["192.0.2.1"]},
    "ns2.brand.test": {"A": ["192.0.2.2"]},
    NAME: {"TXT": [[KEY]]},
}
DKIM = Wanted("DKIM", NAME, "TXT", KEY, judges.same_key(KEY))


def seen(wanted: Wanted, *servers: dict[str, Any], zone: dict[str, Any] = ZONE, **how: bool) -> Look:
    """One look where the resolver sees `zone` and each name server its own."""
    zones = dict(zip(("192.0.2.1", "192.0.2.2"), servers, strict=False))
    return look([wanted], World(ZoneDns(zone), NOW, ZoneAuthority(zones)), **how)[0]


def at(name: str, **types: Any) -> dict[str, Any]:
    return {**ZONE, name: types}


@pytest.mark.parametrize(
    ("second", "state"),
    [
        (ZONE, Seen.PUBLISHED),
        (at(NAME, TXT=[[f"v=DKIM1;k=rsa;t=s;p={RSA2048}"]]), Seen.PUBLISHED),
        (at(NAME, TXT=[[f"v=DKIM1; k=rsa; p={RSA1024}"]]), Seen.DIFFERS),
        (at(NAME, TXT=[[KEY], [KEY]]), Seen.DIFFERS),
        (at(NAME), Seen.ABSENT),
        (at(NAME, TXT="TIMEOUT"), Seen.COULD_NOT_ASK),
        (at(NAME, TXT="LAME"), Seen.COULD_NOT_ASK),
    ],
)
def test_every_server_is_judged_for_itself(second: dict[str, Any], state: Seen) -> None:
    found = seen(DKIM, ZONE, second)
    assert [(word.server, word.seen) for word in found.words] == [
        ("ns1.brand.test", Seen.PUBLISHED),
        ("ns2.brand.test", state),
    ]
    assert found.seen is state


def test_a_server_that_contradicts_outweighs_a_silent_one() -> None:
    assert seen(DKIM, at(NAME), at(NAME, TXT="TIMEOUT")).seen is Seen.ABSENT


def test_without_name_servers_nobody_can_be_asked() -> None:
    zone = {name: types for name, types in ZONE.items() if name != "brand.test"}
    found = seen(DKIM, ZONE, zone=zone)
    assert (found.seen, found.words[0].said) == (Seen.COULD_NOT_ASK, "no name servers were found")
    assert not ready([found])


def test_the_resolver_is_asked_where_that_was_wished_for() -> None:
    found = seen(DKIM, by_resolver=True)
    assert [(word.server, word.seen) for word in found.words] == [("the resolver", Seen.PUBLISHED)]


def test_an_alias_into_another_zone_is_followed() -> None:
    alias = {**ZONE, NAME: {"CNAME": ["key.provider.test"]}}
    whole = {**alias, "key.provider.test": {"TXT": [[KEY]]}}
    assert seen(DKIM, alias, alias, zone=whole).seen is Seen.PUBLISHED


def spf(*ips: str) -> Wanted:
    return Wanted("SPF", "brand.test", "TXT", "", judges.passes("brand.test", ips, ""), mark="v=spf1")


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        (["v=spf1 ip4:192.0.2.25 -all"], Seen.PUBLISHED),
        (["v=spf1 include:pool.test ~all", "site-verification=1"], Seen.PUBLISHED),
        (["v=spf1 include:late.test ~all"], Seen.COULD_NOT_ASK),
        (["v=spf1 -all"], Seen.DIFFERS),
        (["v=spf1 ip4:192.0.2.25 -all", "v=spf1 -all"], Seen.DIFFERS),
        (["site-verification=1"], Seen.ABSENT),
    ],
)
def test_spf_counts_by_what_it_does_and_as_each_server_has_it(texts: list[str], state: Seen) -> None:
    """The resolver still has the old record; what the name server says is judged."""
    zone = {
        **ZONE,
        "brand.test": {**ZONE["brand.test"], "TXT": [["v=spf1 ip6:2001:db8::1 -all"]]},
        "pool.test": {"TXT": [["v=spf1 ip4:192.0.2.0/24 -all"]]},
        "late.test": {"TXT": "TIMEOUT"},
    }
    server = {**zone, "brand.test": {**zone["brand.test"], "TXT": [[text] for text in texts]}}
    assert seen(spf("192.0.2.25"), server, server, zone=zone).seen is state


@pytest.mark.parametrize(
    ("kind", "holds", "good", "bad"),
    [
        ("MX", judges.exchanged_by("mx.brand.test"), [[5, "mx.brand.test"]], [[5, "mx.other.test"]]),
        ("CNAME", judges.leads_to("t.test"), ["t.test"], ["u.test"]),
        ("A", judges.addressed("192.0.2.9"), ["192.0.2.8", "192.0.2.9"], ["192.0.2.8"]),
        ("PTR", judges.named("mail.brand.test"), ["mail.brand.test"], ["pool-9.isp.test"]),
        ("TXT", judges.any_policy, [["v=DMARC1; p=reject"]], [["v=DMARC1; p=reject"], ["v=DMARC1; p=none"]]),
        ("TXT", judges.includes("spf.test"), [["v=spf1 include:spf.test -all"]], [["v=spf1 a -all"]]),
        ("TXT", judges.revoked, [["v=DKIM1; p="]], [[KEY]]),
    ],
)
def test_each_kind_of_record_has_its_judge(kind: str, holds: Holds, good: Any, bad: Any) -> None:
    wanted = Wanted("x", "x.brand.test", kind, "", holds)
    for records, state in ((good, Seen.PUBLISHED), (bad, Seen.DIFFERS)):
        zone = at("x.brand.test", **{kind: records})
        assert seen(wanted, zone, zone).seen is state
