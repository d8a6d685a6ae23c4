"""The SPF rules on literal zones: each with a zone that raises it, and the healthy one that does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from checks.change import change_of
from checks.model import Finding, Profile, SendingIp, State, Target
from checks.ports import Answer, World
from checks.spf.check import CHECK, check
from checks.wording import fix, sentence
from tests.checks.judge import NOW
from tests.fakes.zone import ZoneDns

IP, IP6 = "192.0.2.25", "2001:db8::25"
GOOD = "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/64 include:esp.example ~all"
HEALTHY = {
    "example.com": {"TXT": [[GOOD]]},
    "esp.example": {"TXT": [["v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.25 -all"]]},
    "mail.example.com": {"TXT": [["v=spf1 a -all"]], "A": [IP], "AAAA": [IP6]},
}


def zone(text: str, **others: Any) -> dict[str, Any]:
    """example.com with this record, and other names (dots written as two underscores)."""
    return {"example.com": {"TXT": [[text]]}} | {
        name.replace("__", "."): types for name, types in others.items()
    }


def spf(text: str) -> dict[str, Any]:
    return {"TXT": [[text]]}


def audit(
    zone: dict[str, Any],
    ips: tuple[str, ...] = (IP,),
    helos: tuple[str, ...] = (),
    profile: Profile = Profile.BULK,
    origin: str = "configured",
) -> list[Finding]:
    target = Target("example.com", tuple(SendingIp(ip, origin) for ip in ips), helos=helos, profile=profile)
    return list(check(target, World(ZoneDns(zone), NOW)))


def faults(found: list[Finding]) -> set[str]:
    return {finding.code for finding in found if finding.state in (State.WARN, State.FAIL)}


def one(found: list[Finding], code: str) -> Finding:
    return next(finding for finding in found if finding.code == code)


def many(count: int) -> dict[str, Any]:
    return {f"h{n}.example.com": {"A": ["198.51.100.1"]} for n in range(count)}


def with_mx(hosts: int) -> dict[str, Any]:
    names = [f"h{n}.example.com" for n in range(hosts)]
    return {"example.com": spf("v=spf1 mx ~all") | {"MX": [[10, name] for name in names]}, **many(hosts)}


def a_terms(count: int) -> str:
    return "v=spf1 ip4:192.0.2.25 " + " ".join(f"a:h{n}.example.com" for n in range(count)) + " ~all"


LONG = "v=spf1 " + " ".join(f"ip4:198.51.100.{n}" for n in range(1, 28)) + " ip4:192.0.2.25 ~all"

RAISED: list[tuple[str, State, dict[str, Any]]] = [
    ("SPF-001", State.FAIL, {}),
    ("SPF-001", State.FAIL, {"example.com": {"TXT": [["hello"]]}}),
    ("SPF-001", State.FAIL, zone(" v=spf1 -all")),
    ("SPF-001", State.UNKNOWN, {"example.com": {"*": "TIMEOUT"}}),
    ("SPF-002", State.FAIL, {"example.com": {"TXT": [["v=spf1 mx -all"], ["v=spf1 a ~all"]]}}),
    ("SPF-003", State.FAIL, zone("v=spf1 ip4:192.0.2.25 moo ~all")),
    ("SPF-003", State.FAIL, zone(GOOD, esp__example=spf("v=spf1 a:museum"))),
    ("SPF-004", State.FAIL, zone(a_terms(12)) | many(12)),
    ("SPF-004", State.WARN, zone(a_terms(9)) | many(9)),
    ("SPF-004", State.UNKNOWN, zone(GOOD, esp__example={"*": "TIMEOUT"})),
    ("SPF-005", State.FAIL, with_mx(11)),
    ("SPF-006", State.FAIL, zone("v=spf1 ip4:192.0.2.25 a:x.example.com a:y.example.com mx ~all")),
    ("SPF-006", State.FAIL, zone(a_terms(3)) | many(3)),
    ("SPF-006", State.UNKNOWN, zone(GOOD, esp__example={"*": "TIMEOUT"})),
    ("SPF-007", State.FAIL, zone(GOOD)),
    ("SPF-007", State.FAIL, zone(GOOD, esp__example={"TXT": [["hello"]]})),
    ("SPF-008", State.UNKNOWN, zone(GOOD, esp__example={"*": "SERVFAIL"})),
    ("SPF-009", State.FAIL, zone("v=spf1 ip4:192.0.2.25 include:example.com ~all")),
    (
        "SPF-009",
        State.WARN,
        zone(
            GOOD,
            esp__example=spf("v=spf1 include:e.example include:e.example"),
            e__example=spf("v=spf1 -all"),
        ),
    ),
    ("SPF-010", State.WARN, zone("v=spf1 ip4:192.0.2.25 redirect=esp.example ~all")),
    ("SPF-011", State.FAIL, zone("v=spf1 ip4:192.0.2.25 redirect=esp.example")),
    ("SPF-012", State.FAIL, zone("v=spf1 ip4:192.0.2.25 redirect=a.example redirect=b.example")),
    ("SPF-012", State.FAIL, zone("v=spf1 ip4:192.0.2.25 include: esp.example ~all")),
    ("SPF-013", State.WARN, zone("v=spf1 ip4:192.0.2.25 ~all include:esp.example")),
    ("SPF-014", State.FAIL, zone("v=spf1 +all")),
    ("SPF-014", State.FAIL, zone("v=spf1 ip4:192.0.2.25 all")),
    (
        "SPF-014",
        State.FAIL,
        zone("v=spf1 ip4:0.0.0.0/0 ip6:::/0 exists:example.com ~all")
        | {"example.com": spf("v=spf1 exists:example.com ~all") | {"A": [IP]}},
    ),
    ("SPF-014", State.FAIL, zone(GOOD, esp__example=spf("v=spf1 +all"))),
    ("SPF-015", State.WARN, zone("v=spf1 ip4:192.0.2.25 ?all")),
    ("SPF-015", State.WARN, zone("v=spf1 ip4:192.0.2.25")),
    ("SPF-015", State.WARN, zone("v=spf1 redirect=esp.example", esp__example=spf("v=spf1 ip4:192.0.2.25"))),
    ("SPF-017", State.WARN, zone("v=spf1 ip4:192.0.2.25 ptr ~all")),
    ("SPF-017", State.WARN, zone("v=spf1 ip4:192.0.2.25 exists:%{p}.example.com ~all")),
    ("SPF-018", State.FAIL, zone("v=spf1 ip4:192.0.2.25 exists:%{x}.example.com ~all")),
    ("SPF-019", State.FAIL, zone("v=spf1 ip4:2001:db8::/64 ip4:192.0.2.25 ~all")),
    ("SPF-020", State.FAIL, zone("v=spf1 ip4:0.0.0.0/0 ~all")),
    ("SPF-020", State.FAIL, zone("v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 ~all")),
    ("SPF-020", State.WARN, zone("v=spf1 ip4:192.0.0.0/12 ~all")),
    (
        "SPF-020",
        State.WARN,
        zone("v=spf1 ip4:192.0.2.25 a/8 ~all") | {"example.com": spf("v=spf1 a/8 ~all") | {"A": [IP]}},
    ),
    ("SPF-021", State.WARN, zone("v=spf1 ip4:192.0.2.25 ip4:10.1.2.3 ~all")),
    (
        "SPF-022",
        State.FAIL,
        {
            "example.com": {"TXT": [["v=spf1 ip4:192.0.2.25", "include:esp.example ~all"]]},
            "esp.example": spf("v=spf1"),
        },
    ),
    (
        "SPF-022",
        State.FAIL,
        {"example.com": {"TXT": [["v=spf1 include:esp.example", "include:b.example ~all"]]}},
    ),
    ("SPF-023", State.WARN, zone(LONG)),
    ("SPF-024", State.WARN, {"example.com": spf(GOOD) | {"SPF": ["v=spf1 -all"]}}),
    ("SPF-025", State.FAIL, zone(GOOD)),
    ("SPF-025", State.FAIL, zone("v=spf1 ip4:192.0.2.25 a:mail.gone.example ~all")),
    (
        "SPF-025",
        State.UNKNOWN,
        zone("v=spf1 ip4:192.0.2.25 a:mail.gone.example ~all", gone__example={"*": "SERVFAIL"}),
    ),
    ("SPF-026", State.WARN, zone("v=spf1 ip4:192.0.2.25 mx mx ~all")),
    ("SPF-026", State.WARN, zone("v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.25 ~all")),
    ("SPF-026", State.WARN, zone(GOOD, esp__example=spf("v=spf1 ip4:203.0.113.1 -all"))),
    ("SPF-027", State.FAIL, zone("v=spf1 ip4:203.0.113.1 ~all")),
    ("SPF-027", State.UNKNOWN, zone("v=spf1 include:esp.example ~all", esp__example={"*": "TIMEOUT"})),
]


@pytest.mark.parametrize(
    ("code", "state", "zone"),
    RAISED,
    ids=lambda value: getattr(value, "value", value) if isinstance(value, str) else "",
)
def test_a_zone_raises_the_rule(code: str, state: State, zone: dict[str, Any]) -> None:
    found = audit(zone)

    assert state in {finding.state for finding in found if finding.code == code}


@pytest.mark.parametrize(
    ("code", "state", "zone"), RAISED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_finding_has_its_whole_sentence(code: str, state: State, zone: dict[str, Any]) -> None:
    """A "?" in a sentence is an argument that the rule forgot."""
    del code, state
    for finding in audit(zone, helos=("mail.example.com",)):
        texts = (sentence(finding), fix(finding))
        assert not any(" ?" in text or "“?”" in text for text in texts if "?all" not in text), texts


def test_undecodable_bytes_in_another_record_change_nothing() -> None:
    """Golden vector S10."""
    beside: dict[str, Any] = {"example.com": {"TXT": [[b"\xff\xfe"], ["v=spf1 ip4:192.0.2.25 ~all"]]}}

    assert faults(audit(beside)) == set()


def test_a_record_of_thousands_of_terms_is_cut_and_judged_no_further() -> None:
    """64 KB of addresses are no attack on us: what was not looked at withholds judgement."""
    text = "v=spf1 " + " ".join(f"ip4:198.51.{n // 256}.{n % 256}" for n in range(3_000)) + " ~all"

    found = audit(zone(text))

    assert one(found, "SPF-004").state is State.UNKNOWN
    assert "too large" in sentence(one(found, "SPF-004"))


def test_a_healthy_domain_passes_everything() -> None:
    found = audit(HEALTHY, (IP, IP6), ("mail.example.com",))

    assert {finding.state for finding in found} == {State.PASS}
    assert {finding.code for finding in found} == set(CHECK.codes) - {"SPF-026", "SPF-029"}


def test_a_domain_without_a_record_is_given_one_of_its_known_senders() -> None:
    change = change_of(one(audit({}, (IP, IP6)), "SPF-001"))

    assert change is not None
    assert change.after == f"v=spf1 ip4:{IP} ip6:{IP6} ~all"


def test_a_dead_resolver_is_unknown_everywhere_and_a_fault_nowhere() -> None:
    found = audit({name: {"*": "TIMEOUT"} for name in HEALTHY}, (IP,), ("mail.example.com",))

    assert {finding.state for finding in found} == {State.UNKNOWN}
    assert {finding.code for finding in found} == {"SPF-001", "SPF-027", "SPF-028"}


def test_a_passing_address_shows_the_term_that_let_it_pass() -> None:
    found = audit(zone("v=spf1 include:esp.example ~all", esp__example=spf("v=spf1 ip4:192.0.2.0/24")))
    passing = one(found, "SPF-027")

    assert (passing.subject, passing.state) == (IP, State.PASS)
    assert passing.args["matched"] == "include:esp.example → ip4:192.0.2.0/24"


def test_a_missing_sender_is_put_before_the_end_of_the_record() -> None:
    failing = one(audit(zone("v=spf1 mx ~all")), "SPF-027")
    change = change_of(failing)

    assert change is not None
    assert change.after == "v=spf1 mx ip4:192.0.2.25 ~all"
    assert fix(failing).endswith("Publish at example.com: TXT v=spf1 mx ip4:192.0.2.25 ~all")


def test_a_mail_exchanger_that_is_not_authorised_is_no_fault() -> None:
    """It may only ever receive; a false alarm here would cost the trust in all the others."""
    found = audit(zone("v=spf1 ip4:203.0.113.1 ~all"), origin="MX")

    assert one(found, "SPF-027").state is State.NOT_APPLICABLE


def test_a_permerror_of_the_record_fails_the_address_with_the_reason() -> None:
    failing = one(audit(zone("v=spf1 moo")), "SPF-027")

    assert failing.args["result"] == "permerror"
    assert "syntax error" in sentence(failing)


def test_mail_from_and_helo_are_judged_apart() -> None:
    """Golden vector S19."""
    found = audit(HEALTHY | {"mail.example.com": spf("v=spf1 -all")}, helos=("mail.example.com",))

    assert one(found, "SPF-027").state is State.PASS
    assert one(found, "SPF-028").state is State.WARN
    assert one(found, "SPF-028").subject == f"mail.example.com @ {IP}"


def test_a_helo_name_without_a_record_is_offered_one() -> None:
    change = change_of(one(audit(HEALTHY, helos=("mx.example.net",)), "SPF-028"))

    assert change is not None
    assert (change.name, change.after) == ("mx.example.net", "v=spf1 a -all")


def test_an_extra_host_in_the_record_is_no_fault() -> None:
    """Golden vector S20."""
    assert faults(audit(zone("v=spf1 ip4:192.0.2.25 ip4:203.0.113.77 ~all"))) == set()


@pytest.mark.parametrize(("record", "state"), [("v=spf1 -all", State.PASS), ("v=spf1 mx -all", State.WARN)])
def test_a_parked_domain_says_that_it_sends_nothing(record: str, state: State) -> None:
    parked = one(audit(zone(record), (), profile=Profile.PARKED), "SPF-029")

    assert parked.state is state
    assert (change_of(parked) is None) == (state is State.PASS)


def test_a_domain_that_sends_is_not_asked_whether_it_is_parked() -> None:
    assert "SPF-029" not in {finding.code for finding in audit(HEALTHY)}


def test_the_two_families_are_told_apart() -> None:
    """Golden vector S3b."""
    args = one(audit(zone(a_terms(3)) | many(3)), "SPF-006").args

    assert (args["void_v4"], args["void_v6"], args["over"]) == (0, 3, ("IPv6",))


def test_the_costly_branches_are_named() -> None:
    """Golden vector S18."""
    args = one(audit(zone(a_terms(12)) | many(12)), "SPF-004").args

    assert args["lookups"] == 12
    assert args["branches"] == {f"a:h{n}.example.com": 1 for n in range(12)}


def test_a_registered_owner_of_a_missing_name_is_no_take_over() -> None:
    found = audit(zone("v=spf1 ip4:192.0.2.25 a:mail.kept.example ~all", kept__example={"SOA": []}))

    assert one(found, "SPF-025").state is State.PASS


def test_a_missing_name_of_the_own_domain_is_no_take_over() -> None:
    found = audit(zone("v=spf1 ip4:192.0.2.25 a:gone.example.com ~all"))

    assert one(found, "SPF-025").state is State.PASS


def test_a_failed_include_withholds_judgement_of_the_rest() -> None:
    """What was not seen is not said to be in order: only counts that failed already are told."""
    found = audit(zone(GOOD, esp__example={"*": "SERVFAIL"}))

    passed = {finding.code for finding in found if finding.state is State.PASS}
    assert passed == {"SPF-001", "SPF-016", "SPF-023", "SPF-024", "SPF-027"}
    assert faults(found) == set()


@pytest.mark.parametrize(
    ("code", "record", "after"),
    [
        ("SPF-010", "v=spf1 mx redirect=x.example -all", "v=spf1 mx -all"),
        ("SPF-013", "v=spf1 mx ~all a ip4:192.0.2.1 exp=e.example", "v=spf1 mx ~all exp=e.example"),
        ("SPF-014", "v=spf1 mx +all", "v=spf1 mx ~all"),
        ("SPF-015", "v=spf1 mx ?all", "v=spf1 mx ~all"),
        ("SPF-015", "v=spf1 mx", "v=spf1 mx ~all"),
        ("SPF-017", "v=spf1 ptr mx ~all", "v=spf1 mx ~all"),
        ("SPF-019", "v=spf1 ip4:2001:db8::1 mx ~all", "v=spf1 ip6:2001:db8::1 mx ~all"),
        ("SPF-021", "v=spf1 ip4:10.0.0.1 mx ~all", "v=spf1 mx ~all"),
        ("SPF-025", "v=spf1 mx include:gone.example ~all", "v=spf1 mx ~all"),
        ("SPF-026", "v=spf1 mx mx ip4:192.0.2.25 ~all", "v=spf1 mx ip4:192.0.2.25 ~all"),
    ],
)
def test_the_fix_is_the_exact_record(code: str, record: str, after: str) -> None:
    change = change_of(one(audit(zone(record)), code))

    assert change is not None
    assert (change.name, change.type, change.before, change.after) == ("example.com", "TXT", record, after)


def test_two_records_are_merged_with_the_milder_end() -> None:
    found = audit({"example.com": {"TXT": [["v=spf1 mx a -all"], ["v=spf1 a ip4:192.0.2.1 ~all"]]}})
    change = change_of(one(found, "SPF-002"))

    assert change is not None
    assert change.after == "v=spf1 mx a ip4:192.0.2.1 ~all"


def test_a_lost_space_between_strings_is_shown_and_put_back() -> None:
    """Golden vector S13."""
    found = audit({"example.com": {"TXT": [["v=spf1 ip4:192.0.2.0/24", "include:esp.example ~all"]]}})
    joint = one(found, "SPF-022")
    change = change_of(joint)

    assert joint.args["joined"] == "ip4:192.0.2.0/24include:esp.example"
    assert change is not None
    assert change.after == "v=spf1 ip4:192.0.2.0/24 include:esp.example ~all"


def test_a_legal_split_inside_a_term_is_no_fault() -> None:
    found = audit({"example.com": {"TXT": [["v=spf1 ip4:192.0.", "2.25 ~all"]]}})

    assert one(found, "SPF-022").state is State.PASS


def test_somebody_elses_record_is_not_rewritten() -> None:
    found = audit(zone(GOOD, esp__example=spf("v=spf1 ip4:192.0.2.25 +all")))
    everybody = one(found, "SPF-014")

    assert everybody.subject == "esp.example"
    assert everybody.args["path"] == "include:esp.example"
    assert change_of(everybody) is None


class SlowDns(ZoneDns):
    """Each answer comes some seconds after the one before it."""

    def __init__(self, zone: dict[str, Any], seconds: float) -> None:
        super().__init__(zone)
        self.seconds = seconds

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        answer = super().ask(name, rdtype, fresh=fresh)
        return replace(answer, at=NOW + timedelta(seconds=self.seconds * len(self.asked)))


@pytest.mark.parametrize(("seconds", "state"), [(1, State.PASS), (11, State.WARN)])
def test_slow_name_servers_are_counted_in_seconds(seconds: float, state: State) -> None:
    """What a receiver waits for is the sum: it asks one after the other (RFC 7208 section 4.6.4)."""
    nested = zone(GOOD, esp__example=spf("v=spf1 include:e.example"), e__example=spf("v=spf1 -all"))

    found = list(check(Target("example.com"), World(SlowDns(nested, seconds), NOW)))

    assert one(found, "SPF-030").state is state


def test_an_evaluation_that_takes_too_long_is_temporary() -> None:
    nested = zone("v=spf1 include:esp.example", esp__example=spf("v=spf1 ip4:192.0.2.25"))
    target = Target("example.com", (SendingIp(IP),))

    found = list(check(target, World(SlowDns(nested, 25), NOW)))

    assert one(found, "SPF-027").state is State.UNKNOWN


def test_the_distance_to_the_limits_is_told_for_each_family() -> None:
    args = one(audit(zone(a_terms(2)) | many(2)), "SPF-032").args

    assert (args["lookups"], args["left"]) == (2, 8)
    assert (args["voids_left_v4"], args["voids_left_v6"]) == (2, 0)
