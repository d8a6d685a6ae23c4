"""No look-up waits for one that it does not need: the longest chain of an audit is what the zone demands."""

from checks.audit import audit
from checks.model import Scope, SendingIp, Target
from checks.ports import World
from checks.trace import Trace
from tests.checks.judge import NOW
from tests.fakes.zone import Zone, ZoneDns

IP = "192.0.2.25"


def longest(zone: Zone, *only: str, ips: tuple[str, ...] = (IP,)) -> list[str]:
    """The names of the longest chain of look-ups, in the order of asking."""
    trace = Trace()
    target = Target("example.com", ips=tuple(SendingIp(ip) for ip in ips))
    audit(target, World(ZoneDns(zone), NOW), Scope.AUDIT, only, trace)
    return [f"{look.question.name} {look.question.rdtype}" for look in trace.longest()]


NESTED = {
    "example.com": {"TXT": [["v=spf1 include:one.test include:flat.test -all"]]},
    "one.test": {"TXT": [["v=spf1 include:two.test -all"]]},
    "two.test": {"TXT": [["v=spf1 a:host.test -all"]]},
    "flat.test": {"TXT": [["v=spf1 ip4:192.0.2.0/24 -all"]]},
    "host.test": {"A": ["192.0.2.9"]},
}


def test_the_chain_of_a_tree_is_its_depth_and_not_its_size() -> None:
    """Nine includes side by side cost what one costs."""
    wide = {
        "example.com": {"TXT": [["v=spf1 " + " ".join(f"include:i{n}.test" for n in range(9)) + " -all"]]},
        **{f"i{n}.test": {"TXT": [["v=spf1 ip4:192.0.2.0/24 -all"]]} for n in range(9)},
    }
    trace = Trace()
    target = Target("example.com", ips=(SendingIp("203.0.113.9"),))
    audit(target, World(ZoneDns(wide), NOW), Scope.AUDIT, ["spf"], trace)

    walked = [look for look in trace.looks if look.question.name == "i8.test"]
    assert min(look.depth for look in walked) == 2


def test_an_mx_leads_to_its_addresses_and_no_further() -> None:
    zone = {
        "example.com": {"MX": [[10, "a.test"], [20, "b.test"]]},
        "a.test": {"A": [IP]},
        "b.test": {"A": [IP]},
    }

    assert [name.split()[0] for name in longest(zone, "mx")] == ["example.com", "a.test"]


def test_addresses_that_nobody_named_are_waited_for_by_the_checks_of_addresses() -> None:
    zone = {
        "example.com": {"TXT": [[f"v=spf1 ip4:{IP} -all"]]},
        "25.2.0.192.in-addr.arpa": {"PTR": ["m.test"]},
    }
    named = longest(zone, "rdns")
    derived = longest(zone, "rdns", ips=())

    assert named == ["25.2.0.192.in-addr.arpa PTR", "m.test A"]
    assert derived[-2:] == named
    assert len(derived) > len(named)


def test_a_fault_in_one_check_does_not_lengthen_the_chain_of_another() -> None:
    assert len(longest({**NESTED, "_dmarc.example.com": {"*": "TIMEOUT"}}, "tls-rpt")) == 1


def test_each_check_needs_no_more_steps_than_its_records_do() -> None:
    """The number to the right is what the protocol itself demands of this zone."""
    zone = {
        **NESTED,
        "example.com": {
            "TXT": [["v=spf1 mx include:one.test include:flat.test -all"]],
            "MX": [[10, "mx.example.com"]],
            "NS": ["ns.example.com"],
        },
        "mx.example.com": {"A": [IP]},
        "25.2.0.192.in-addr.arpa": {"PTR": ["mx.example.com"]},
        "_mta-sts.example.com": {"TXT": [["v=STSv1; id=1"]]},
    }
    steps = {
        "spf": 4,  # record, include, include, address
        "rdns": 2,  # name, its address
        "hygiene": 1,
        "mx": 2,  # hosts, their addresses
        "mta-sts": 1,
        "tls-rpt": 1,
        "starttls": 2,
        "dane": 2,  # hosts, their addresses and pins
        "bimi": 1,
    }

    assert {check: len(longest(zone, check)) for check in steps} == steps
