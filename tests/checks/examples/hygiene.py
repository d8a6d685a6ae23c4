"""Examples of domain hygiene."""

from checks.model import Profile
from tests.checks.examples.scene import Example, Scene

ZONE = {
    "example.com": {
        "SOA": ["ns.example.com. hostmaster.example.com. 1 3600 600 86400 60"],
        "NS": ["ns.example.com"],
    }
}
DS = "12345 13 2 " + "ab" * 32


def signed(expires: str) -> Scene:
    """A signed zone whose signature ends then; the tests' now is 2026-11-23 12:00."""
    rrsig = f"SOA 13 2 3600 {expires} 20261110000000 12345 example.com. c2ln"
    return Scene({"example.com": {**ZONE["example.com"], "DS": [DS], "RRSIG": [rrsig]}}, authenticated=True)


ALIAS = {**ZONE, "bounce.example.com": {"CNAME": ["customer.gone-esp.test"]}}

EXAMPLES = {
    "HYG-003": Example(Scene({"other.test": {}}), Scene(ZONE)),
    "HYG-006": Example(
        Scene(ZONE, profile=Profile.PARKED),
        Scene({"example.com": {"MX": [[0, ""]], "TXT": [["v=spf1 -all"]]}}, profile=Profile.PARKED),
    ),
    "HYG-010": Example(Scene(ALIAS), Scene({**ALIAS, "customer.gone-esp.test": {"A": ["9.9.9.10"]}})),
    "DNSSEC-001": Example(signed("20261124000000"), signed("20261224000000")),
}
