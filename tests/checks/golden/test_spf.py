"""Golden vectors of SPF whose whole expectation no other test states."""

from typing import Any

import pytest

from checks.model import Finding, Profile, Severity, State
from checks.profiles import severity
from checks.spf.check import CHECK
from checks.spf.evaluate import Verdict, evaluate
from checks.spf.terms import Result
from tests.checks.judge import NOW, findings, states
from tests.fakes.zone import ZoneDns

Zone = dict[str, Any]


def spf(*texts: str) -> Zone:
    """example.com with these records."""
    return {"example.com": {"TXT": [[text] for text in texts]}}


def judge(zone: Zone) -> Verdict:
    """What a receiver makes of an address that the zone does not name."""
    return evaluate(ZoneDns(zone), ip="198.51.100.9", mail_from="a@example.com", helo="h.example", now=NOW)


def weights(found: list[Finding]) -> dict[str, Severity]:
    """The codes at fault and what they weigh for a bulk sender."""
    return {one.code: severity(one, Profile.BULK) for one in found if one.state in (State.FAIL, State.WARN)}


def test_s1_two_terms_without_hosts_are_within_the_limit() -> None:
    """Libraries counted each question of `mx` and called this a permerror (checkdmarc 94, 211)."""
    zone = spf("v=spf1 a mx -all")

    assert (judge(zone).result, judge(zone).voids) == (Result.FAIL, 2)
    assert states(findings(CHECK, zone), "SPF-006") == [State.PASS]


def test_s4_eleven_mx_hosts_are_told_with_their_number() -> None:
    hosts = [f"mx{n}.example.com" for n in range(11)]
    zone: Zone = {name: {"A": ["192.0.2.1"]} for name in hosts}
    zone["example.com"] = {"TXT": [["v=spf1 mx -all"]], "MX": [[10, name] for name in hosts]}

    [finding] = [one for one in findings(CHECK, zone) if one.code == "SPF-005"]

    assert (finding.state, finding.args["count"]) == (State.FAIL, 11)


def test_s5_a_dead_include_is_named() -> None:
    [finding] = [
        one for one in findings(CHECK, spf("v=spf1 include:none.example -all")) if one.code == "SPF-007"
    ]

    assert (finding.state, finding.args["target"]) == (State.FAIL, "none.example")


@pytest.mark.parametrize("back", ["example.com", "b.example"])
def test_s6_a_loop_is_one_finding_whatever_its_length(back: str) -> None:
    zone = spf("v=spf1 include:b.example -all") | {"b.example": {"TXT": [[f"v=spf1 include:{back}"]]}}

    assert states(findings(CHECK, zone), "SPF-009") == [State.FAIL]


def test_s7_two_branches_that_meet_are_warned_of_and_no_loop() -> None:
    """checkdmarc 20: E below C and below D was taken for a loop."""
    zone = spf("v=spf1 include:c.example include:d.example -all") | {
        "c.example": {"TXT": [["v=spf1 include:e.example"]]},
        "d.example": {"TXT": [["v=spf1 include:e.example"]]},
        "e.example": {"TXT": [["v=spf1 ip4:192.0.2.1"]]},
    }
    [finding] = [one for one in findings(CHECK, zone) if one.code == "SPF-009"]

    assert (finding.state, finding.args["target"]) == (State.WARN, "e.example")
    assert judge(zone).lookups == 4


def test_s8_a_leading_blank_hides_the_record() -> None:
    """checkdmarc 258: it was trimmed, and a domain without SPF passed."""
    zone = spf(" v=spf1 -all")

    assert judge(zone).result is Result.NONE
    assert states(findings(CHECK, zone), "SPF-001") == [State.FAIL]


@pytest.mark.parametrize(
    "text",
    ["v=spf1 exists -all", "v=spf1 redirect=a.example redirect=b.example", "v=spf1 include: b.example -all"],
)
def test_s11_an_incomplete_or_repeated_term_is_a_permerror(text: str) -> None:
    assert judge(spf(text)).result is Result.PERMERROR
    assert states(findings(CHECK, spf(text)), "SPF-012") == [State.FAIL]


@pytest.mark.parametrize("term", ["exists:%{I}.x.example", "a:mail.example.com/24//64"])
def test_s9_s12_what_looks_odd_raises_nothing(term: str) -> None:
    """An upper-case macro escapes its value; a and mx take one prefix length for each family."""
    zone = spf(f"v=spf1 {term} -all") | {"mail.example.com": {"A": ["192.0.2.1"], "AAAA": ["2001:db8::1"]}}

    assert judge(zone).result is Result.FAIL
    assert not weights(findings(CHECK, zone)).keys() & {"SPF-003", "SPF-012", "SPF-018", "SPF-019"}


def test_s13_strings_without_a_space_are_shown_as_receivers_join_them() -> None:
    zone = {"example.com": {"TXT": [["v=spf1 ip4:192.0.2.0/24", "include:x -all"]]}}
    found = findings(CHECK, zone)
    [joint] = [one for one in found if one.code == "SPF-022"]

    assert judge(zone).result is Result.PERMERROR
    assert str(joint.args["joined"]).endswith("/24include:x")
    assert State.FAIL in {one.state for one in found if one.code in ("SPF-003", "SPF-019")}


def test_s14_a_redirect_beside_an_all_is_idle() -> None:
    zone = spf("v=spf1 redirect=_spf.x.example -all")

    assert states(findings(CHECK, zone), "SPF-010") == [State.WARN]
    assert (judge(zone).result, judge(zone).lookups) == (Result.FAIL, 0)


def test_s15_two_records_are_a_permerror() -> None:
    zone = spf("v=spf1 mx -all", "v=spf1 a -all")

    assert judge(zone).result is Result.PERMERROR
    assert states(findings(CHECK, zone), "SPF-002") == [State.FAIL]


@pytest.mark.parametrize(
    ("end", "code", "weight"),
    [
        (" +all", "SPF-014", Severity.CRITICAL),
        (" all", "SPF-014", Severity.CRITICAL),
        (" ?all", "SPF-015", Severity.MEDIUM),
        ("", "SPF-015", Severity.MEDIUM),
    ],
)
def test_s16_an_open_end_weighs_as_much_as_it_lets_in(end: str, code: str, weight: Severity) -> None:
    raised = weights(findings(CHECK, spf(f"v=spf1 ip4:192.0.2.1{end}")))

    assert {key: raised[key] for key in raised if key in ("SPF-014", "SPF-015")} == {code: weight}
