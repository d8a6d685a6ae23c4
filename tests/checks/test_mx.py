"""Where mail for a domain goes."""

from ipaddress import ip_network

from checks.model import Profile, State, Target
from checks.mx import CHECK
from checks.ports import World
from tests.checks.judge import NOW, findings, states
from tests.fakes.zone import ZoneDns

HEALTHY = {
    "example.com": {"MX": [[10, "mx1.example.com"], [20, "mx2.example.com"]]},
    "mx1.example.com": {"A": ["8.8.4.4"]},
    "mx2.example.com": {"A": ["9.9.9.10"], "AAAA": ["2620:fe::10"]},
}


def test_two_reachable_mx_are_in_order() -> None:
    found = findings(CHECK, HEALTHY)

    assert {finding.state for finding in found} == {State.PASS}
    assert states(found, "MX-004") == [State.PASS, State.PASS]


def test_a_private_address_is_out_of_reach_unless_it_is_the_operators_own_network() -> None:
    """Mail that stays within an organization goes to such addresses rightly."""
    zone = {"example.com": {"MX": [[10, "mx.example.com"]]}, "mx.example.com": {"A": ["10.1.2.3"]}}
    world = World(ZoneDns(zone), NOW, own_networks=(ip_network("10.0.0.0/8"),))

    assert states(findings(CHECK, zone), "MX-004") == [State.FAIL]
    assert states(list(CHECK.run(Target("example.com"), world)), "MX-004") == [State.PASS]


def test_a_single_mx_is_told_and_two_are_not() -> None:
    zone = {"example.com": {"MX": [[10, "mx1.example.com"]]}, "mx1.example.com": {"A": ["8.8.4.4"]}}

    assert states(findings(CHECK, zone), "MX-005") == [State.WARN]
    assert states(findings(CHECK, HEALTHY), "MX-005") == []


def test_a_domain_without_mx_and_address_cannot_receive() -> None:
    assert states(findings(CHECK, {"example.com": {}}), "MX-001") == [State.FAIL]


def test_a_domain_with_an_address_alone_receives_there() -> None:
    """RFC 5321 section 5.1: the implicit MX."""
    assert states(findings(CHECK, {"example.com": {"A": ["8.8.4.4"]}}), "MX-001") == [State.WARN]


def test_a_dead_name_server_is_no_missing_mx() -> None:
    assert states(findings(CHECK, {"example.com": {"MX": "SERVFAIL"}}), "MX-001") == [State.UNKNOWN]


def test_an_address_that_could_not_be_asked_is_no_missing_address() -> None:
    zone = {"example.com": {"MX": [[10, "mx.example.com"]]}, "mx.example.com": {"*": "TIMEOUT"}}

    assert states(findings(CHECK, zone), "MX-004") == [State.UNKNOWN]


def test_a_null_mx_is_right_for_a_parked_domain_and_wrong_for_a_sender() -> None:
    zone = {"example.com": {"MX": [[0, ""]]}}

    assert states(findings(CHECK, zone), "MX-002") == [State.FAIL]
    assert states(findings(CHECK, zone, profile=Profile.PARKED), "MX-002") == [State.PASS]


def test_a_null_mx_stands_alone() -> None:
    zone = {**HEALTHY, "example.com": {"MX": [[0, ""], [10, "mx1.example.com"]]}}

    assert states(findings(CHECK, zone), "MX-003") == [State.FAIL]
    assert states(findings(CHECK, HEALTHY), "MX-003") == []


def test_targets_that_mail_cannot_reach() -> None:
    """An alias, an address instead of a name, a private address, nothing at all, a leftover."""
    for host, records in {
        "alias.example.com": {"CNAME": ["mx1.example.com"]},
        "192.0.2.1": {},
        "inside.example.com": {"A": ["10.1.2.3"]},
        "gone.example.com": {},
        "ms12345.msv1.invalid": {},
    }.items():
        zone = {**HEALTHY, "example.com": {"MX": [[10, host], [20, "mx2.example.com"]]}, host: records}
        assert states(findings(CHECK, zone), "MX-004") == [State.FAIL, State.PASS], host
