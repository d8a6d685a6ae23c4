"""The state of the domain itself."""

from checks.hygiene import CHECK
from checks.model import State
from tests.checks.examples.hygiene import DS, ZONE
from tests.checks.judge import findings, states


def test_a_name_server_that_is_silent_is_no_missing_zone() -> None:
    found = findings(CHECK, {"example.com": {"*": "TIMEOUT"}})

    assert states(found, "HYG-003") == [State.UNKNOWN]
    assert states(found, "DNSSEC-001") == [State.UNKNOWN]


def test_a_subdomain_inside_a_zone_needs_no_soa_of_its_own() -> None:
    assert states(findings(CHECK, {"example.com": {"TXT": [["x"]]}}), "HYG-003") == [State.PASS]


def test_a_signed_zone_behind_a_resolver_that_does_not_validate_is_unknown() -> None:
    """Green would claim what nobody checked."""
    zone = {"example.com": {**ZONE["example.com"], "DS": [DS]}}

    assert states(findings(CHECK, zone), "DNSSEC-001") == [State.UNKNOWN]
    assert states(findings(CHECK, zone, authenticated=True), "DNSSEC-001") == [State.PASS]


def test_an_alias_that_could_not_be_followed_is_no_dangling_one() -> None:
    zone = {**ZONE, "bounce.example.com": {"CNAME": ["esp.test"]}, "esp.test": {"*": "SERVFAIL"}}

    assert states(findings(CHECK, zone), "HYG-010") == [State.UNKNOWN]
