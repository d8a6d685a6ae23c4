"""Where a domain's mail leaves from, when nobody said."""

from typing import Any

from checks.model import SendingIp, Target
from checks.targets import completed, sending_ips
from tests.fakes.zone import ZoneDns


def derived(zone: dict[str, Any]) -> dict[str, str]:
    return {found.ip: found.origin for found in sending_ips(ZoneDns(zone), "example.com")}


def test_single_addresses_of_spf_and_the_mx_hosts_are_taken_with_their_origin() -> None:
    zone = {
        "example.com": {
            "TXT": [["v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 a mx a:out.example.com -all"]],
            "A": ["192.0.2.2"],
            "MX": [[10, "mx.example.com"]],
        },
        "mx.example.com": {"A": ["192.0.2.3"], "AAAA": ["2001:db8::3"]},
        "out.example.com": {"A": ["192.0.2.4"]},
    }
    assert derived(zone) == {
        "192.0.2.1": "SPF ip4:192.0.2.1",
        "2001:db8::1": "SPF ip6:2001:db8::1",
        "192.0.2.2": "SPF a",
        "192.0.2.3": "SPF mx",
        "2001:db8::3": "SPF mx",
        "192.0.2.4": "SPF a:out.example.com",
    }


def test_an_address_that_only_the_mx_names_is_labelled_so() -> None:
    zone = {
        "example.com": {"TXT": [["v=spf1 -all"]], "MX": [[10, "mx.example.com"]]},
        "mx.example.com": {"A": ["192.0.2.3"]},
    }
    assert derived(zone) == {"192.0.2.3": "MX mx.example.com"}


def test_wide_ranges_are_left_alone() -> None:
    """A /28 is sixteen servers; a /27 is somebody's network."""
    assert len(derived({"example.com": {"TXT": [["v=spf1 ip4:192.0.2.0/28 -all"]]}})) == 16
    assert derived({"example.com": {"TXT": [["v=spf1 ip4:192.0.2.0/27 ip6:2001:db8::/32 -all"]]}}) == {}


def test_own_includes_are_followed_and_those_of_a_mail_service_are_not() -> None:
    zone = {
        "example.com": {"TXT": [["v=spf1 include:_spf.example.com include:esp.example -all"]]},
        "_spf.example.com": {"TXT": [["v=spf1 ip4:192.0.2.7 -all"]]},
        "esp.example": {"TXT": [["v=spf1 ip4:198.51.100.7 -all"]]},
    }
    assert derived(zone) == {"192.0.2.7": "SPF include:_spf.example.com>ip4:192.0.2.7"}


def test_addresses_that_must_not_send_are_no_senders() -> None:
    assert derived({"example.com": {"TXT": [["v=spf1 -ip4:192.0.2.1 ?ip4:192.0.2.2 ~all"]]}}) == {}


def test_dns_that_fails_leaves_nothing_and_raises_nothing() -> None:
    assert derived({"example.com": {"*": "TIMEOUT"}}) == {}


def test_a_null_mx_names_nobody() -> None:
    assert derived({"example.com": {"MX": [[0, ""]]}}) == {}


def test_named_addresses_stand() -> None:
    target = Target("example.com", (SendingIp("192.0.2.9"),))
    dns = ZoneDns({})
    assert completed(target, dns) is target
    assert dns.asked == []
