"""The gate: a known fault stops, what could not be told holds, and a person may overrule either."""

from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from checks.ports import World
from data.sending_domains import SendingDomain
from monitor.campaigns.gate import Verdict, gate
from tests.fakes.signing import record
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DOMAIN = SendingDomain(
    1,
    "brand.test",
    "s1",
    "rp.brand.test",
    "https://t.brand.test",
    ips=("192.0.2.25",),
    helo="mail.brand.test",
)
RELAY, SINK = frozenset({"smtp"}), frozenset({"sink"})
ZONE: dict[str, Any] = {
    "brand.test": {"TXT": [["v=spf1 ip4:192.0.2.25 -all"]], "MX": [[10, "mail.brand.test"]]},
    "mail.brand.test": {"A": ["192.0.2.25"], "TXT": [["v=spf1 a -all"]]},
    "25.2.0.192.in-addr.arpa": {"PTR": ["mail.brand.test"]},
    "s1._domainkey.brand.test": {"TXT": [[record()]]},
    "_dmarc.brand.test": {"TXT": [["v=DMARC1; p=quarantine; rua=mailto:d@brand.test"]]},
}


def world(**changes: Any) -> World:
    return World(ZoneDns(ZONE | changes), NOW, blocklists=(), own_networks=(ip_network("192.0.2.0/24"),))


def test_a_domain_in_order_may_go() -> None:
    seen = gate(DOMAIN, RELAY, world())
    assert (seen.verdict, [reason.code for reason in seen.reasons]) == (Verdict.GO, [])


def test_a_known_fault_stops_and_says_what_to_mend() -> None:
    seen = gate(DOMAIN, RELAY, world(**{"s1._domainkey.brand.test": {}}))
    assert seen.verdict is Verdict.STOP
    assert {reason.code.partition("-")[0] for reason in seen.stops} == {"DKIM"}
    assert all(reason.sentence for reason in seen.stops)
    assert seen.why.startswith("DKIM-")


def test_what_could_not_be_told_holds() -> None:
    seen = gate(DOMAIN, RELAY, world(**{"_dmarc.brand.test": {"TXT": "TIMEOUT"}}))
    assert (seen.verdict, seen.stops) == (Verdict.HOLD, ())
    assert seen.holds


@pytest.mark.parametrize(
    "changes", [{"s1._domainkey.brand.test": {}}, {"_dmarc.brand.test": {"TXT": "TIMEOUT"}}]
)
def test_a_person_may_take_it_upon_themselves(changes: dict[str, Any]) -> None:
    codes = {reason.code for reason in gate(DOMAIN, RELAY, world(**changes)).reasons}
    seen = gate(DOMAIN, RELAY, world(**changes), codes)
    assert seen.verdict is Verdict.GO
    assert seen.reasons, "they are still told"
    assert all(reason.accepted for reason in seen.reasons)


def test_into_the_sink_nobody_is_asked() -> None:
    dns = ZoneDns({})
    assert gate(DOMAIN, SINK, World(dns, NOW)).verdict is Verdict.GO
    assert dns.asked == []
    assert gate(DOMAIN, SINK | RELAY, World(dns, NOW)).verdict is not Verdict.GO, "a relay stands in for it"
