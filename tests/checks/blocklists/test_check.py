"""Blocklists judged on literal zones; the golden vectors L1 to L15 of the specification are among these."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.blocklists.check import check
from checks.blocklists.choice import Wish, choose
from checks.blocklists.judge import Result
from checks.blocklists.look import look
from checks.blocklists.table import BY_NAME, DEFAULT, family_of
from checks.blocklists.zone import Zone
from checks.model import Finding, Profile, SendingIp, Severity, State, Target
from checks.ports import World
from checks.profiles import severity
from checks.verdict import Verdict, decide
from checks.wording import fix, sentence
from tests.fakes.lists import healthy, listing
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
IP, IP6, DOMAIN = "192.0.2.25", "2001:db8::1", "example.com"
ZEN = BY_NAME["zen.spamhaus.org"]


def audit(
    names: dict[str, Any], *, ips: tuple[str, ...] = (IP,), zones: tuple[Zone, ...] | None = None
) -> list[Finding]:
    target = Target(DOMAIN, tuple(SendingIp(ip) for ip in ips))
    return list(check(target, World(ZoneDns(names), NOW, blocklists=zones)))


def about(found: list[Finding], zone: str, subject: str = IP) -> dict[str, State]:
    return {f.code: f.state for f in found if f.subject == f"{subject} @ {zone}"}


def one(found: list[Finding], code: str) -> Finding:
    return next(f for f in found if f.code == code)


def faults(found: list[Finding]) -> list[Finding]:
    return [f for f in found if f.state in (State.WARN, State.FAIL)]


def test_nobody_is_listed_in_a_quiet_world() -> None:
    found = audit(healthy())
    assert {f.state for f in found} == {State.PASS, State.NOT_APPLICABLE}
    assert about(found, "zen.spamhaus.org") == {"BL-001": State.PASS, "BL-005": State.PASS}
    assert about(found, "dbl.spamhaus.org", DOMAIN) == {"BL-001": State.PASS, "BL-006": State.PASS}
    assert decide(found, Profile.BULK) is Verdict.CLEAN


@pytest.mark.parametrize(
    ("zone", "code", "weight"),
    [
        ("zen.spamhaus.org", "BL-001", Severity.CRITICAL),
        ("bl.spamcop.net", "BL-002", Severity.HIGH),
        ("psbl.surriel.com", "BL-003", Severity.MEDIUM),
        ("dnsbl-1.uceprotect.net", "BL-004", Severity.LOW),
    ],
)
def test_a_listing_weighs_as_much_as_the_list(zone: str, code: str, weight: Severity) -> None:
    found = one(audit({**healthy(), **listing(zone, IP, reason="spam & eggs")}), code)
    listed = [f for f in audit({**healthy(), **listing(zone, IP)}) if f.state is State.FAIL]
    assert [f.code for f in listed] == [code]
    assert severity(listed[0], Profile.BULK) is weight
    assert found.code == code


def test_the_reason_is_asked_after_a_listing_only() -> None:
    dns = ZoneDns({**healthy(), **listing("zen.spamhaus.org", IP, reason="https://check.spamhaus.org/x")})
    found = list(check(Target(DOMAIN, (SendingIp(IP),)), World(dns, NOW)))
    assert [q.name for q in dns.asked if q.rdtype == "TXT"] == [ZEN.entry(IP)]
    listed = next(f for f in found if f.code == "BL-001" and f.state is State.FAIL)
    assert "They say: “https://check.spamhaus.org/x”" in sentence(listed)
    assert [proof.type for proof in listed.evidence] == ["A", "TXT"]
    assert "https://check.spamhaus.org/" in fix(listed)


def test_a_policy_list_is_not_a_reputation_list() -> None:
    """PBL: an address that should not send directly; SBL, CSS and XBL stay clean."""
    found = audit({**healthy(), **listing("zen.spamhaus.org", IP, "127.0.0.10")})
    assert about(found, "zen.spamhaus.org") == {"BL-001": State.PASS, "BL-005": State.FAIL}


def test_l1_a_refusal_is_no_listing_and_there_is_one_notice_of_it() -> None:
    names = {
        **healthy(),
        **{
            name: {"A": ["127.255.255.254"]}
            for zone in ("zen.spamhaus.org", "dbl.spamhaus.org")
            for subject in ("127.0.0.2", "127.0.0.1", IP, DOMAIN, "test", "invalid", "dbltest.com")
            for name in [BY_NAME[zone].entry(subject)]
        },
    }
    found = audit(names)
    assert faults(found) == []
    refusals = [f for f in found if f.code == "BL-008"]
    assert [f.state for f in refusals] == [State.UNKNOWN]
    assert refusals[0].args["zones"] == ("zen.spamhaus.org", "dbl.spamhaus.org")
    assert "public resolver" in str(refusals[0].args["reasons"])
    assert about(found, "zen.spamhaus.org") == {}
    assert "DQS" in fix(refusals[0])
    assert decide(found, Profile.BULK) is Verdict.CLEAN, "a refused list is a note"


def test_l2_uribl_s_127_0_0_1_means_that_we_are_blocked() -> None:
    names = {f"{label}.multi.uribl.com": {"A": ["127.0.0.1"]} for label in (DOMAIN, "test", "invalid")}
    found = audit({**healthy(), **names})
    assert faults(found) == []
    assert one(found, "BL-008").args["zones"] == ("multi.uribl.com",)


def test_l3_when_every_list_lists_everybody_the_resolver_is_at_fault() -> None:
    class Yes(ZoneDns):
        def _at(self, name: str, rdtype: str) -> Any:
            return super()._at(name, rdtype) or self._zone_of(name, rdtype)

        def _zone_of(self, name: str, rdtype: str) -> Any:
            return ZoneDns({name: {"A": ["127.0.0.2"]}})._at(name, rdtype)

    found = list(check(Target(DOMAIN, (SendingIp(IP),)), World(Yes({}), NOW)))
    assert faults(found) == []
    assert one(found, "BL-011").state is State.UNKNOWN
    assert len(tuple(one(found, "BL-011").args["families"])) >= 3  # type: ignore[arg-type]
    assert about(found, "bl.spamcop.net") == {"BL-002": State.UNKNOWN}


def test_l4_rewritten_answers_are_no_listings() -> None:
    class Rewriting(ZoneDns):
        def _at(self, name: str, rdtype: str) -> Any:
            return ZoneDns({name: {"A": ["203.0.113.5"]}})._at(name, rdtype)

    found = list(check(Target(DOMAIN, (SendingIp(IP),)), World(Rewriting({}), NOW)))
    assert faults(found) == []
    assert one(found, "BL-011").state is State.UNKNOWN


def test_l5_a_list_without_its_test_entry_is_never_green() -> None:
    """Some resolvers answer NXDOMAIN for lists that refuse them: a false clean."""
    names = healthy()
    del names[ZEN.entry("127.0.0.2")]
    found = audit(names)
    assert about(found, "zen.spamhaus.org") == {"BL-001": State.UNKNOWN, "BL-005": State.UNKNOWN}
    zone = next(f for f in found if f.code == "BL-009" and f.subject == "zen.spamhaus.org")
    assert (zone.state, zone.args["health"]) == (State.UNKNOWN, "empty")


def test_a_list_that_lists_everybody_is_not_believed() -> None:
    names = {**healthy(), **listing(ZEN, "127.0.0.1"), **listing(ZEN, IP)}
    found = audit(names)
    assert about(found, "zen.spamhaus.org") == {"BL-001": State.UNKNOWN, "BL-005": State.UNKNOWN}
    zone = next(f for f in found if f.code == "BL-009" and f.subject == "zen.spamhaus.org")
    assert zone.args["health"] == "wildcard"
    assert one(found, "BL-011").state is State.PASS, "one bad list does not indict the resolver"


def test_l6_two_answers_are_one_listing_with_both_labels_in_stable_order() -> None:
    for answers in (("127.0.0.2", "127.0.0.9"), ("127.0.0.9", "127.0.0.2")):
        found = audit({**healthy(), **listing(ZEN, IP, *answers)})
        listed = [f for f in found if f.state is State.FAIL]
        assert [f.args["labels"] for f in listed] == [
            ("SBL: spam source, entered by hand", "DROP: hijacked or criminal network")
        ]
        assert listed[0].args["answers"] == ("127.0.0.2", "127.0.0.9")


def test_l7_hostkarma_s_127_0_0_1_is_praise() -> None:
    found = audit({**healthy(), **listing("hostkarma.junkemailfilter.com", IP, "127.0.0.1")})
    assert faults(found) == []
    states = about(found, "hostkarma.junkemailfilter.com")
    assert states == {"BL-003": State.PASS, "BL-006": State.PASS, "BL-007": State.PASS}


def test_being_on_no_allow_list_is_nothing() -> None:
    assert about(audit(healthy()), "list.dnswl.org") == {"BL-007": State.NOT_APPLICABLE}


def test_l8_a_test_entry_may_have_a_code_of_its_own() -> None:
    zones = choose([Wish("bl.suomispam.net")])
    names = {**healthy(zones), "2.0.0.127.bl.suomispam.net": {"A": ["127.0.0.99"]}}
    found = audit({**names, **listing("bl.suomispam.net", IP)}, zones=zones)
    assert about(found, "bl.suomispam.net") == {"BL-004": State.FAIL}


def test_l9_an_ipv6_address_is_asked_as_32_nibbles() -> None:
    dns = ZoneDns(healthy())
    look(dns, IP6, ZEN)
    label = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"
    assert f"{label}.zen.spamhaus.org" in [q.name for q in dns.asked]


def test_l10_a_list_of_ipv4_is_not_asked_about_ipv6() -> None:
    dns = ZoneDns(healthy())
    found = list(check(Target(DOMAIN, (SendingIp(IP6),)), World(dns, NOW)))
    assert not [f for f in found if f.subject.endswith("bl.spamcop.net")]
    assert not [q for q in dns.asked if q.name.endswith("bl.spamcop.net")]


def test_l11_a_sum_of_bits_is_taken_apart() -> None:
    found = audit({**healthy(), **listing("multi.surbl.org", DOMAIN, "127.0.0.72")})
    listed = [f for f in found if f.state is State.FAIL]
    assert [f.args["labels"] for f in listed] == [("PH: phishing", "ABUSE: spam")]


def test_l12_a_whole_provider_on_a_list_pages_nobody() -> None:
    found = audit({**healthy(), **listing("dnsbl-3.uceprotect.net", IP)})
    assert [(f.code, severity(f, Profile.BULK)) for f in faults(found)] == [("BL-006", Severity.INFO)]
    assert decide(found, Profile.BULK, fail_on=Severity.LOW) is Verdict.CLEAN


@pytest.mark.parametrize("dead", ["dnsbl.sorbs.net", "spam.dnsbl.sorbs.net", "ix.dnsbl.manitu.net"])
def test_l13_a_dead_list_is_refused_with_its_fate(dead: str) -> None:
    dns = ZoneDns(healthy())
    found = list(check(Target(DOMAIN, (SendingIp(IP),)), World(dns, NOW, blocklists=choose([Wish(dead)]))))
    warned = one(found, "BL-012")
    assert (warned.state, warned.subject) == (State.WARN, dead)
    assert "dead" in sentence(warned)
    assert not [q for q in dns.asked if q.name.endswith(dead)]
    assert "BL-012" not in {f.code for f in audit(healthy())}


KEY = "sEcReTkEy0123456789abcdefg"


@pytest.mark.parametrize("answer", ["listed", "clean", "refused", "timeout", "wildcard"])
def test_l14_the_key_of_a_keyed_list_appears_nowhere(answer: str) -> None:
    zones = choose([Wish("zen.spamhaus.org", key=KEY)])
    keyed = next(zone for zone in zones if zone.name == "zen.spamhaus.org")
    names = healthy(zones)
    match answer:
        case "listed":
            names |= listing(keyed, IP, "127.0.0.2", reason=f"see {KEY.lower()}")
        case "refused":
            names |= listing(keyed, IP, "127.255.255.251") | listing(keyed, "127.0.0.2", "127.255.255.251")
        case "timeout":
            names[keyed.entry(IP)] = {"*": "TIMEOUT"}
        case "wildcard":
            names |= listing(keyed, "127.0.0.1")
    dns = ZoneDns(names)
    found = list(check(Target(DOMAIN, (SendingIp(IP),)), World(dns, NOW, blocklists=zones)))
    assert [q for q in dns.asked if KEY.lower() in q.name], "the key is used"
    text = repr(found) + repr(zones) + "".join(sentence(f) + fix(f) for f in found)
    assert KEY.lower() not in text.lower()


def test_a_key_opens_every_list_of_its_operator() -> None:
    zones = {zone.name: zone for zone in choose([Wish("zen.spamhaus.org", key=KEY)])}
    assert zones["zrd.dq.spamhaus.net"].apex == f"{KEY.lower()}.zrd.dq.spamhaus.net"
    assert zones["dbl.spamhaus.org"].key == KEY.lower()
    assert zones["bl.spamcop.net"].key == ""
    assert "zrd.dq.spamhaus.net" not in {zone.name for zone in DEFAULT}


def test_lists_can_be_added_and_taken_away() -> None:
    names = [zone.name for zone in choose([Wish("bl.spamcop.net", enabled=False), Wish("bl.mine.test")])]
    assert "bl.spamcop.net" not in names
    assert names[-1] == "bl.mine.test"
    assert choose() == DEFAULT


def test_a_list_of_one_s_own_is_judged_like_any_other() -> None:
    zones = choose([Wish("bl.mine.test"), Wish("names.mine.test", domains=True)])
    mine = [zone for zone in zones if zone.name.endswith("mine.test")]
    names = {**healthy(zones), **listing(mine[0], IP), **listing(mine[1], DOMAIN)}
    found = audit(names, zones=zones)
    assert about(found, "bl.mine.test") == {"BL-003": State.FAIL}
    assert about(found, "names.mine.test", DOMAIN) == {"BL-003": State.FAIL}


def test_an_undocumented_answer_is_pointed_out_and_never_a_listing() -> None:
    found = audit({**healthy(), **listing(ZEN, IP, "127.0.0.77")})
    assert about(found, "zen.spamhaus.org") == {
        "BL-001": State.UNKNOWN,
        "BL-005": State.UNKNOWN,
        "BL-010": State.WARN,
    }


@pytest.mark.parametrize("which", ["subject", "positive", "negative"])
def test_whatever_question_times_out_nothing_is_listed_and_nothing_cleared(which: str) -> None:
    name = ZEN.entry({"subject": IP, "positive": "127.0.0.2", "negative": "127.0.0.1"}[which])
    for listed in (True, False):
        names = {**healthy(), **(listing(ZEN, IP) if listed else {}), name: {"*": "TIMEOUT"}}
        states = about(audit(names), "zen.spamhaus.org")
        assert set(states.values()) == {State.UNKNOWN}


def test_with_the_resolver_down_each_question_is_open_and_nobody_is_said_to_refuse() -> None:
    class Down(ZoneDns):
        def _at(self, name: str, rdtype: str) -> Any:
            return super()._at("down", rdtype)

    for fault in ("TIMEOUT", "SERVFAIL", "REFUSED"):
        world = World(Down({"down": {"*": fault}}), NOW)
        found = list(check(Target(DOMAIN, (SendingIp(IP),)), world))
        assert {f.state for f in found} == {State.UNKNOWN}
        assert about(found, "zen.spamhaus.org") == {"BL-001": State.UNKNOWN, "BL-005": State.UNKNOWN}
        assert "BL-008" not in {f.code for f in found}


def test_lists_of_registrable_domains_are_asked_about_those() -> None:
    """SURBL and URIBL know example.com, not news.example.com."""
    dns = ZoneDns({**healthy(), **listing("multi.surbl.org", DOMAIN)})
    found = list(check(Target("news.example.com"), World(dns, NOW)))
    assert [f.subject for f in faults(found)] == ["example.com @ multi.surbl.org"]
    assert "news.example.com.dbl.spamhaus.org" in [q.name for q in dns.asked]


def test_a_look_that_confirms_goes_to_the_wire_with_its_self_test() -> None:
    dns = ZoneDns({**healthy(), **listing(ZEN, IP)})
    seen = look(dns, IP, ZEN, fresh=True)
    assert seen.result is Result.LISTED
    assert dns.asked_fresh == dns.asked
    assert len(dns.asked) == 4, "two test entries, the address, the reason"


def test_the_family_is_the_operator() -> None:
    assert family_of("zen.spamhaus.org") == family_of("dbl.spamhaus.org") == "spamhaus"
    assert family_of("bl.mine.test") == "bl.mine.test"


def test_a_zone_is_equal_to_itself_only() -> None:
    assert replace(ZEN, key="x") != ZEN


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_with_a_third_of_all_questions_lost_nothing_is_listed_or_cleared_wrongly(
    chance: Random, listed: bool
) -> None:
    """A listing stands only on a whole self-test and a whole answer, and so does a clear."""

    class Lossy(ZoneDns):
        def _at(self, name: str, rdtype: str) -> Any:
            return super()._at("lost" if chance.random() < 0.3 else name, rdtype)

    on = {**listing(ZEN, IP), **listing("dbl.spamhaus.org", DOMAIN)} if listed else {}
    dns = Lossy({"lost": {"*": "TIMEOUT"}, **healthy(), **on})
    found = list(check(Target(DOMAIN, (SendingIp(IP),)), World(dns, NOW)))
    truth = State.FAIL if listed else State.PASS
    for finding in found:
        on_it = finding.code == "BL-001" and finding.args["zone"] in (ZEN.name, "dbl.spamhaus.org")
        allowed = {truth if on_it else State.PASS, State.UNKNOWN, State.NOT_APPLICABLE}
        assert finding.state in allowed
