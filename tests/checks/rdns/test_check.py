"""Reverse DNS judged on literal zones: each rule with a zone that raises it and one that does not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from checks.model import Finding, SendingIp, State, Target
from checks.names import reverse_name
from checks.ports import World
from checks.rdns.check import check
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
IP, IP6 = "192.0.2.25", "2001:db8::25"
GOOD = {
    reverse_name(IP): {"PTR": ["mail.example.com"]},
    reverse_name(IP6): {"PTR": ["mail.example.com"]},
    "mail.example.com": {"A": [IP], "AAAA": [IP6]},
}


def audit(zone: dict[str, Any], ips: tuple[str, ...] = (IP,), helos: tuple[str, ...] = ()) -> list[Finding]:
    target = Target("example.com", tuple(SendingIp(ip) for ip in ips), helos=helos)
    return list(check(target, World(ZoneDns(zone), NOW)))


def states(found: list[Finding]) -> dict[str, State]:
    return {finding.code: finding.state for finding in found}


def one(found: list[Finding], code: str) -> Finding:
    return next(finding for finding in found if finding.code == code)


def ptr(*names: str, ip: str = IP, **hosts: list[str]) -> dict[str, Any]:
    """A zone in which `ip` has these names, and each name in `hosts` (dots as __) these A records."""
    forward = {name.replace("__", "."): {"A": ips} for name, ips in hosts.items()}
    return {reverse_name(ip): {"PTR": list(names)}, **forward}


def test_a_well_set_address_passes_everything() -> None:
    found = audit(GOOD, (IP, IP6), ("mail.example.com",))
    assert {finding.state for finding in found} == {State.PASS}
    assert {finding.code for finding in found} >= {"RDNS-001", "RDNS-002", "RDNS-008", "RDNS-010", "RDNS-013"}


@pytest.mark.parametrize("zone", [{}, {reverse_name(IP): {}}], ids=["nxdomain", "nodata"])
def test_an_address_without_a_name_fails(zone: dict[str, Any]) -> None:
    found = audit(zone)
    assert states(found) == {"RDNS-001": State.FAIL, "RDNS-012": State.PASS}
    assert one(found, "RDNS-001").args["name"] == "25.2.0.192.in-addr.arpa"


def test_without_an_address_the_check_does_not_apply() -> None:
    assert states(audit({}, ())) == {"RDNS-001": State.NOT_APPLICABLE}


def test_a_silent_reverse_zone_is_unknown_and_never_a_missing_name() -> None:
    found = audit({reverse_name(IP): {"*": "TIMEOUT"}})
    assert states(found) == {"RDNS-001": State.UNKNOWN}
    assert "timeout" in str(one(found, "RDNS-001").args["why"])


@pytest.mark.parametrize("fault", ["SERVFAIL", "REFUSED", "LAME"])
def test_a_broken_reverse_zone_is_named_as_such(fault: str) -> None:
    found = audit({reverse_name(IP): {"*": fault}})
    assert states(found) == {"RDNS-001": State.UNKNOWN, "RDNS-012": State.UNKNOWN}


def test_a_name_that_leads_elsewhere_is_not_confirmed() -> None:
    found = audit(ptr("mail.example.com", mail__example__com=["192.0.2.26"]))
    assert one(found, "RDNS-002").state is State.FAIL
    assert [proof.answer for proof in one(found, "RDNS-002").evidence] == ["mail.example.com", "192.0.2.26"]


def test_a_name_that_does_not_exist_is_not_confirmed() -> None:
    assert states(audit(ptr("mail.example.com")))["RDNS-002"] is State.FAIL


def test_a_forward_zone_that_is_silent_leaves_it_open() -> None:
    zone = {**ptr("mail.example.com"), "mail.example.com": {"*": "TIMEOUT"}}
    assert states(audit(zone))["RDNS-002"] is State.UNKNOWN


def test_the_family_of_the_address_decides() -> None:
    """An A record does not confirm an IPv6 address."""
    zone = {reverse_name(IP6): {"PTR": ["mail.example.com"]}, "mail.example.com": {"A": [IP]}}
    found = audit(zone, (IP6,))
    assert states(found)["RDNS-002"] is State.FAIL
    assert states(found)["RDNS-010"] is State.FAIL


@pytest.mark.parametrize(
    ("zone", "state"), [({}, State.FAIL), ({reverse_name(IP6): {"*": "SERVFAIL"}}, None), (GOOD, State.PASS)]
)
def test_ipv6_without_a_confirmed_name_is_what_gmail_refuses(zone: dict[str, Any], state: State) -> None:
    assert states(audit(zone, (IP6,))).get("RDNS-010") is state
    assert "RDNS-010" not in states(audit(zone, (IP,)))


def test_several_names_pass_when_one_confirms_and_the_others_are_listed() -> None:
    found = audit(ptr("mail.example.com", "old.example.com", mail__example__com=[IP]))
    assert states(found)["RDNS-002"] is State.PASS
    assert one(found, "RDNS-003").state is State.WARN
    assert one(found, "RDNS-003").args["unconfirmed"] == ("old.example.com",)
    assert states(audit(GOOD))["RDNS-003"] is State.PASS


def test_a_thousand_names_cost_ten_questions() -> None:
    """A hostile reverse zone must not make us ask without end."""
    zone = ZoneDns(ptr(*(f"h{n}.example.com" for n in range(1000))))
    list(check(Target("example.com", (SendingIp(IP),)), World(zone, NOW)))
    assert len(zone.asked) == 11


def test_a_generated_name_is_warned_about_with_the_reason() -> None:
    name = "dyn-192-0-2-25.pool.isp.example"
    found = one(audit(ptr(name)), "RDNS-004")
    assert found.state is State.WARN
    assert found.args["because"] == ("“dyn”", "“pool”", "the address itself")
    assert states(audit(GOOD))["RDNS-004"] is State.PASS


def test_a_name_of_another_organisation_is_pointed_out() -> None:
    assert states(audit(ptr("mta1.esp.example", mta1__esp__example=[IP])))["RDNS-005"] is State.WARN
    assert states(audit(GOOD))["RDNS-005"] is State.PASS


@pytest.mark.parametrize(
    "name",
    ["mail_1.example.com", "-mail.example.com", "mail.example.123", "localhost", "x" * 64 + ".example"],
)
def test_a_name_that_no_host_may_have_is_pointed_out(name: str) -> None:
    assert states(audit(ptr(name)))["RDNS-011"] is State.WARN
    assert states(audit(GOOD))["RDNS-011"] is State.PASS


@pytest.mark.parametrize("helo", ["mailserver", "mx.lan", "host.localdomain", "bad_name.example.com"])
def test_a_helo_that_is_no_public_name_fails(helo: str) -> None:
    assert states(audit(GOOD, helos=(helo,)))["RDNS-006"] is State.FAIL
    assert states(audit(GOOD, helos=("mail.example.com",)))["RDNS-006"] is State.PASS


@pytest.mark.parametrize("helo", ["192.0.2.25", "[192.0.2.25]", "10.0.0.1", "2001:db8::25"])
def test_a_helo_that_is_an_address_fails(helo: str) -> None:
    assert states(audit(GOOD, helos=(helo,)))["RDNS-007"] is State.FAIL


def test_a_helo_that_leads_elsewhere_is_warned_about() -> None:
    zone = {**GOOD, "other.example.com": {"A": ["192.0.2.99"]}}
    found = one(audit(zone, helos=("other.example.com",)), "RDNS-008")
    assert (found.state, found.args["reason"]) == (State.WARN, "mismatch")
    missing = one(audit(zone, helos=("gone.example.com",)), "RDNS-008")
    assert (missing.state, missing.args["reason"]) == (State.WARN, "no-address")


def test_a_helo_whose_zone_is_silent_is_unknown() -> None:
    """Only the family of the sending address matters: A in doubt and AAAA elsewhere decides nothing."""
    zone = {**GOOD, "dark.example.com": {"A": "TIMEOUT", "AAAA": ["2001:db8::99"]}}
    assert states(audit(zone, helos=("dark.example.com",)))["RDNS-008"] is State.UNKNOWN


def test_a_helo_other_than_the_ptr_is_a_small_matter() -> None:
    zone = {**GOOD, "out.example.com": {"A": [IP]}}
    assert states(audit(zone, helos=("out.example.com",)))["RDNS-009"] is State.WARN
    assert states(audit(zone, helos=("mail.example.com",)))["RDNS-009"] is State.PASS


@pytest.mark.parametrize("helo", ["gmail.com", "mx.gmail.com", "localhost.localdomain"])
def test_a_helo_that_borrows_a_name_fails(helo: str) -> None:
    assert states(audit(GOOD, helos=(helo,)))["RDNS-013"] is State.FAIL


def test_a_mailbox_provider_may_say_its_own_name() -> None:
    target = Target("gmail.com", (SendingIp(IP),), helos=("mx.gmail.com",))
    assert states(list(check(target, World(ZoneDns(GOOD), NOW))))["RDNS-013"] is State.PASS
