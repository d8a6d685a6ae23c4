"""DKIM keys of a domain: what is known, what is found, what is only guessed (golden vectors K1 to K5)."""

from typing import Any

import pytest

from checks.change import change_of
from checks.dkim.check import check
from checks.dkim.selectors import CANARY, GUESSES
from checks.model import Finding, Profile, Severity, State, Target
from checks.ports import World
from checks.profiles import severity
from checks.verdict import Verdict, decide
from checks.wording import fix, sentence
from tests.checks.judge import NOW
from tests.fakes.dkim_keys import ED25519, RSA512, RSA1024, RSA2048
from tests.fakes.zone import ZoneDns

GOOD = {"TXT": [[f"v=DKIM1; k=rsa; p={RSA2048}"]]}


def name(selector: str) -> str:
    return f"{selector}._domainkey.example.com"


def audit(zone: dict[str, Any], *selectors: str, **more: Any) -> list[Finding]:
    target = Target("example.com", selectors=selectors, **more)
    return list(check(target, World(ZoneDns(zone), NOW)))


def states(found: list[Finding]) -> dict[str, State]:
    return {finding.code: finding.state for finding in found}


def test_k1_guesses_that_miss_prove_nothing() -> None:
    found = audit({"example.com": {}})
    assert states(found) == {"DKIM-002": State.UNKNOWN}
    assert decide(found, Profile.BULK) is Verdict.CLEAN, "a missed guess is a note"
    assert "--selector" in fix(found[0])
    assert "proves nothing" in sentence(found[0])


def test_k2_the_selectors_of_a_service_are_mapped_from_spf_and_mx() -> None:
    zone = {
        "example.com": {"TXT": [["v=spf1 include:spf.protection.outlook.com -all"]]},
        name("selector1"): {"CNAME": ["selector1-example-com._domainkey.example.onmicrosoft.com"]},
        "selector1-example-com._domainkey.example.onmicrosoft.com": GOOD,
    }
    found = audit(zone)
    key = next(f for f in found if f.code == "DKIM-001")
    assert (key.state, key.subject, key.args["origin"]) == (State.PASS, name("selector1"), "mapped")
    assert key.args["because"] == "spf.protection.outlook.com"
    zone = {"example.com": {"MX": [[10, "aspmx.l.google.com"]]}, name("google"): GOOD}
    assert next(f for f in audit(zone) if f.code == "DKIM-001").args["because"] == "aspmx.l.google.com"


@pytest.mark.parametrize(
    ("record", "code", "state", "weight"),
    [
        ("v=DKIM1; p=", "DKIM-004", State.FAIL, Severity.CRITICAL),
        (f"v=DKIM1; p={RSA512}", "DKIM-005", State.FAIL, Severity.CRITICAL),
        (f"v=DKIM1; p={RSA1024}", "DKIM-005", State.WARN, Severity.MEDIUM),
        (f"v=DKIM1; p={RSA2048}", "DKIM-005", State.PASS, Severity.INFO),
        (f"v=DKIM1; k=ed25519; p={ED25519}", "DKIM-005", State.PASS, Severity.INFO),
    ],
)
def test_k3_keys_are_weighed(record: str, code: str, state: State, weight: Severity) -> None:
    found = audit({name("s1"): {"TXT": [[record]]}}, "s1")
    finding = next(f for f in found if f.code == code)
    assert (finding.state, severity(finding, Profile.BULK)) == (state, weight)


def test_k5_no_look_at_the_empty_name_above_decides_anything() -> None:
    """Broken servers answer NXDOMAIN for _domainkey and still have keys below."""
    dns = ZoneDns({name("s1"): GOOD})
    assert (
        states(list(check(Target("example.com", selectors=("s1",)), World(dns, NOW))))["DKIM-001"]
        is State.PASS
    )
    assert "_domainkey.example.com" not in [q.name for q in dns.asked]


@pytest.mark.parametrize("absent", [{}, {name("s1"): {}}], ids=["nxdomain", "nodata"])
def test_a_selector_in_use_without_a_key_is_critical(absent: dict[str, Any]) -> None:
    found = audit(absent, "s1")
    assert states(found) == {"DKIM-001": State.FAIL}
    assert states(audit(absent, learned=("s1",))) == {"DKIM-001": State.FAIL}


@pytest.mark.parametrize("fault", ["TIMEOUT", "SERVFAIL", "REFUSED"])
def test_a_key_that_could_not_be_asked_for_is_unknown(fault: str) -> None:
    found = audit({name("s1"): {"*": fault}}, "s1")
    assert states(found) == {"DKIM-001": State.UNKNOWN}
    assert decide(found, Profile.BULK) is Verdict.COULD_NOT_TELL


def test_an_alias_that_leads_nowhere_or_in_circles_is_a_fault() -> None:
    gone = audit({name("s1"): {"CNAME": ["s1.gone.example"]}}, "s1")
    assert states(gone) == {"DKIM-001": State.FAIL, "DKIM-013": State.FAIL}
    assert "s1.gone.example" in sentence(gone[1])
    circle = {name("s1"): {"CNAME": ["a.example"]}, "a.example": {"CNAME": [name("s1")]}}
    assert states(audit(circle, "s1")) == {"DKIM-001": State.UNKNOWN, "DKIM-013": State.FAIL}


def test_a_long_chain_of_aliases_is_warned_about() -> None:
    zone: dict[str, Any] = {f"a{n}.example": {"CNAME": [f"a{n + 1}.example"]} for n in range(5)}
    zone |= {name("s1"): {"CNAME": ["a0.example"]}, "a5.example": GOOD}
    assert states(audit(zone, "s1"))["DKIM-013"] is State.WARN


def test_a_wildcard_makes_no_guess_a_hit() -> None:
    """A zone that answers for every selector ("v=DKIM1; p=") has published no key."""

    class Wild(ZoneDns):
        def _at(self, name: str, rdtype: str) -> Any:
            return super()._at("wild" if "_domainkey" in name else name, rdtype)

    dns = Wild({"wild": {"TXT": [["v=DKIM1; p="]]}, "example.com": {}})
    found = list(check(Target("example.com"), World(dns, NOW)))
    assert states(found) == {"DKIM-002": State.UNKNOWN}
    assert name(CANARY) in [q.name for q in dns.asked]


def test_known_selectors_stop_the_guessing() -> None:
    dns = ZoneDns({name("s1"): GOOD})
    list(check(Target("example.com", selectors=("s1",)), World(dns, NOW)))
    assert [q.name for q in dns.asked] == [name("s1")]


def test_guessing_costs_a_known_number_of_questions() -> None:
    dns = ZoneDns({"example.com": {}})
    list(check(Target("example.com"), World(dns, NOW)))
    assert len(dns.asked) == len(GUESSES) + 3, "TXT, MX, the canary"


def test_a_revoked_key_that_nobody_claims_is_only_noted() -> None:
    found = audit({"example.com": {}, name("mail"): {"TXT": [["v=DKIM1; p="]]}})
    finding = next(f for f in found if f.code == "DKIM-004")
    assert (finding.state, severity(finding, Profile.BULK)) == (State.WARN, Severity.INFO)


def test_the_testing_flag_comes_with_the_record_without_it() -> None:
    found = audit({name("s1"): {"TXT": [[f"v=DKIM1; t=y:s; p={RSA2048}"]]}}, "s1")
    change = change_of(next(f for f in found if f.code == "DKIM-007"))
    assert change is not None
    assert change.after == f"v=DKIM1; t=s; p={RSA2048}"
    found = audit({name("s1"): {"TXT": [[f"v=DKIM1; t=y; p={RSA2048}"]]}}, "s1")
    change = change_of(next(f for f in found if f.code == "DKIM-007"))
    assert change is not None
    assert change.after == f"v=DKIM1; p={RSA2048}"


def test_a_key_in_chunks_is_one_key() -> None:
    whole = f"v=DKIM1; p={RSA2048}"
    found = audit({name("s1"): {"TXT": [[whole[:255], whole[255:]]]}}, "s1")
    assert states(found)["DKIM-012"] is State.PASS


def test_a_parked_domain_needs_no_key() -> None:
    assert states(audit({}, profile=Profile.PARKED)) == {"DKIM-001": State.NOT_APPLICABLE}
