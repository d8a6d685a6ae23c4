"""What others see when they ask about the domain, and we by chance do not."""

from typing import Any

import pytest

from checks.consistency.check import CHECK
from checks.model import Finding, State
from tests.checks.judge import findings, states
from tests.fakes.authority import ZoneAuthority

SOA = "ns1.example.com. h.example.com. {} 3600 600 86400 60"
ZONE: dict[str, Any] = {
    "example.com": {
        "SOA": [SOA.format(1)],
        "NS": ["ns1.example.com", "ns2.example.com"],
        "MX": [[10, "mx.example.com"]],
        "TXT": [["v=spf1 -all"]],
    },
    "_dmarc.example.com": {"TXT": [["v=DMARC1; p=none"]]},
    "ns1.example.com": {"A": ["192.0.2.1"]},
    "ns2.example.com": {"A": ["192.0.2.2"], "AAAA": ["2001:db8::2"]},
}


def changed(name: str, **types: Any) -> dict[str, Any]:
    """The zone with the records of one name changed."""
    return {**ZONE, name: {**ZONE.get(name, {}), **types}}


def judged(zone: dict[str, Any], *servers: dict[str, Any]) -> list[Finding]:
    """Findings where the resolver sees `zone` and each name server its own (the same, unless told)."""
    zones = dict(zip(("192.0.2.1", "192.0.2.2"), servers or (zone, zone), strict=False))
    return findings(CHECK, zone, authority=ZoneAuthority(zones))


def test_a_domain_in_order_passes() -> None:
    found = judged(ZONE)
    assert [(finding.code, finding.state) for finding in found] == [
        ("RES-010", State.PASS),
        ("RES-011", State.PASS),
        ("RES-012", State.PASS),
    ]


@pytest.mark.parametrize("name", ["_smtp._tls.example.com", "_mta-sts.example.com", "example.com"])
def test_an_alias_beside_records_is_found_wherever_mail_looks(name: str) -> None:
    """Golden vector D9, checkdmarc issues 276, 278 and 279; at _dmarc DMARC-020 says it."""
    found = judged(changed(name, CNAME=["other.test"], TXT=[["v=x"]]))
    [finding] = [each for each in found if each.code == "RES-010"]
    assert (finding.state, finding.subject, finding.args["alias"]) == (State.FAIL, name, "other.test")
    assert "TXT" in finding.args["types"]  # type: ignore[operator]


def test_an_alias_alone_is_in_order() -> None:
    """A DKIM or DMARC record that is delegated by CNAME, as providers ask for."""
    zone = ZONE | {"_dmarc.example.com": {"CNAME": ["d.test"]}, "d.test": {"TXT": [["v=DMARC1; p=none"]]}}
    assert states(judged(zone), "RES-010") == [State.PASS]


def test_text_that_is_not_utf8_warns_and_names_its_place() -> None:
    """Golden vector S10: the other records of the name stay valid."""
    found = judged(changed("example.com", TXT=[["v=spf1 -all"], [b"\xff\xfe"]]))
    [finding] = [each for each in found if each.code == "RES-011"]
    assert (finding.state, finding.subject) == (State.WARN, "example.com")
    assert finding.args["texts"] == ("\\xff\\xfe",)


def test_what_could_not_be_asked_is_unknown() -> None:
    zone = {"example.com": {"*": "TIMEOUT"}, "_dmarc.example.com": {"*": "TIMEOUT"}}
    assert {finding.state for finding in judged(zone)} == {State.UNKNOWN}


@pytest.mark.parametrize(
    ("second", "state", "says"),
    [
        (changed("example.com", TXT=[["v=spf1 +all"]]), State.FAIL, "TXT: ns1.example.com: v=spf1 -all"),
        (changed("_dmarc.example.com", TXT=[]), State.FAIL, "DMARC"),
        (changed("example.com", SOA="LAME"), State.FAIL, "lame: ns2.example.com"),
        (changed("example.com", SOA="REFUSED"), State.FAIL, "lame: ns2.example.com"),
        (changed("example.com", SOA=[SOA.format(2)]), State.WARN, "different serials: 1, 2"),
        ({name: {"*": "TIMEOUT"} for name in ZONE}, State.WARN, "no answer from ns2.example.com"),
    ],
)
def test_a_server_that_tells_another_story_is_named(second: dict[str, Any], state: State, says: str) -> None:
    """Two truths fail; a change on its way, or a server we do not reach, warns."""
    [finding] = [each for each in judged(ZONE, ZONE, second) if each.code == "RES-012"]
    assert finding.state is state
    assert says in str(finding.args["faults"])


def test_the_order_of_records_is_no_difference() -> None:
    first = changed("example.com", TXT=[["a"], ["b"]])
    second = changed("example.com", TXT=[["b"], ["a"]])
    assert states(judged(first, first, second), "RES-012") == [State.PASS]


def test_when_no_server_answers_us_nothing_is_known() -> None:
    """Port 53 is closed for all but the resolver in many networks: that is no fault of the domain."""
    dead = {name: {"*": "TIMEOUT"} for name in ZONE}
    assert states(judged(ZONE, dead, dead), "RES-012") == [State.UNKNOWN]
    assert states(findings(CHECK, ZONE), "RES-012") == [State.UNKNOWN]


def test_a_subdomain_is_judged_at_the_servers_of_its_zone() -> None:
    authority = ZoneAuthority({"192.0.2.1": ZONE, "192.0.2.2": ZONE})
    found = findings(CHECK, ZONE, domain="news.mail.example.com", authority=authority)
    assert states(found, "RES-012") == [State.PASS]
    assert authority.asked == ["192.0.2.1", "192.0.2.2"]


def test_a_domain_without_any_zone_has_no_servers_to_compare() -> None:
    assert states(judged({}), "RES-012") == [State.NOT_APPLICABLE]
