"""The DMARC rules on literal zones: each with a zone that raises it, and the healthy one that does not."""

from typing import Any

import pytest

from checks.change import change_of
from checks.dmarc.check import CHECK, check
from checks.model import Finding, Profile, State, Target
from checks.ports import World
from checks.wording import fix, sentence
from tests.checks.judge import NOW
from tests.fakes.zone import ZoneDns

GOOD = "v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@example.com"
APEX = {"A": ["192.0.2.1"], "MX": [[10, "mx.example.com"]]}


def zone(*texts: str, **others: Any) -> dict[str, Any]:
    """example.com with these records at `_dmarc`, and other names (dots written as two underscores)."""
    named = {name.replace("__", "."): types for name, types in others.items()}
    return {"_dmarc.example.com": {"TXT": [[text] for text in texts]}, "example.com": APEX} | named


def txt(text: str) -> dict[str, Any]:
    return {"TXT": [[text]]}


def audit(
    zone: dict[str, Any],
    domain: str = "example.com",
    helos: tuple[str, ...] = (),
    profile: Profile = Profile.BULK,
) -> list[Finding]:
    return list(check(Target(domain, helos=helos, profile=profile), World(ZoneDns(zone), NOW)))


def one(found: list[Finding], code: str) -> Finding:
    return next(finding for finding in found if finding.code == code)


EXTERNAL = zone(
    "v=DMARC1; p=reject; np=reject; rua=mailto:r@esp.example", esp__example={"MX": [[10, "mx.esp.example"]]}
)
BELOW = {"_dmarc.mail.example.com": txt("v=DMARC1; p=none")}

RAISED: list[tuple[str, State, dict[str, Any], str]] = [
    ("DMARC-001", State.FAIL, {}, "example.com"),
    ("DMARC-001", State.FAIL, zone("v=DMARC1; adkim=s"), "example.com"),
    ("DMARC-001", State.UNKNOWN, {"_dmarc.example.com": {"TXT": "TIMEOUT"}}, "example.com"),
    ("DMARC-002", State.FAIL, zone(GOOD, GOOD), "example.com"),
    ("DMARC-002", State.FAIL, zone(GOOD, GOOD), "www.example.com"),
    ("DMARC-003", State.FAIL, zone("v=dmarc1; p=reject"), "example.com"),
    ("DMARC-003", State.FAIL, zone("p=reject; v=DMARC1"), "example.com"),
    ("DMARC-003", State.FAIL, zone(" v=DMARC1; p=reject"), "example.com"),
    ("DMARC-004", State.FAIL, zone("v=DMARC1; p=foo; rua=mailto:a@example.com"), "example.com"),
    ("DMARC-004", State.FAIL, zone("v=DMARC1; p=reject; sp=foo"), "example.com"),
    ("DMARC-005", State.WARN, zone(GOOD + "; xyz=1"), "example.com"),
    ("DMARC-005", State.FAIL, zone(GOOD + "; adkim=strict"), "example.com"),
    ("DMARC-005", State.FAIL, zone(GOOD + "; p=none"), "example.com"),
    ("DMARC-006", State.WARN, zone(GOOD + "; pct=50"), "example.com"),
    ("DMARC-006", State.WARN, zone("v=DMARC1; p=reject; rua=mailto:a@example.com!10m"), "example.com"),
    ("DMARC-007", State.WARN, zone(GOOD + "; t=y"), "example.com"),
    ("DMARC-008", State.FAIL, zone(GOOD + "; psd=y"), "example.com"),
    ("DMARC-008", State.FAIL, zone(GOOD + "; psd=x"), "example.com"),
    ("DMARC-009", State.WARN, zone("v=DMARC1; p=reject; sp=none"), "example.com"),
    ("DMARC-010", State.WARN, zone(GOOD) | BELOW, "example.com"),
    (
        "DMARC-011",
        State.WARN,
        zone(GOOD) | {"_dmarc.mail.example.com": txt(GOOD + "; sp=none")},
        "mail.example.com",
    ),
    ("DMARC-012", State.WARN, zone(GOOD + "; sp=none"), "example.com"),
    ("DMARC-012", State.WARN, zone("v=DMARC1; p=reject; np=none"), "example.com"),
    ("DMARC-013", State.WARN, zone("v=DMARC1; p=reject"), "example.com"),
    ("DMARC-014", State.FAIL, EXTERNAL, "example.com"),
    (
        "DMARC-014",
        State.UNKNOWN,
        EXTERNAL | {"example.com._report._dmarc.esp.example": {"*": "SERVFAIL"}},
        "example.com",
    ),
    ("DMARC-015", State.FAIL, zone("v=DMARC1; p=reject; rua=a@example.com"), "example.com"),
    ("DMARC-015", State.FAIL, zone("v=DMARC1; p=reject; rua=mailto:a@gone.example.com"), "example.com"),
    (
        "DMARC-015",
        State.FAIL,
        zone("v=DMARC1; p=reject; rua=mailto:a@no.example.com", no__example__com={"MX": [[0, ""]]}),
        "example.com",
    ),
    (
        "DMARC-015",
        State.UNKNOWN,
        zone("v=DMARC1; p=reject; rua=mailto:a@no.example.com", no__example__com={"*": "TIMEOUT"}),
        "example.com",
    ),
    ("DMARC-015", State.WARN, zone(GOOD + ",mailto:b@example.com,mailto:c@example.com"), "example.com"),
    ("DMARC-016", State.WARN, zone(GOOD + "; fo=1"), "example.com"),
    ("DMARC-016", State.WARN, zone(GOOD + "; ruf=mailto:a@example.com; fo=2"), "example.com"),
    ("DMARC-017", State.WARN, zone("v=DMARC1; p=none; rua=mailto:a@example.com"), "example.com"),
    ("DMARC-018", State.WARN, zone(GOOD, "hello"), "example.com"),
    ("DMARC-018", State.WARN, zone(GOOD, "v=spf1 -all"), "example.com"),
    ("DMARC-019", State.WARN, zone(GOOD) | {"example.com": APEX | txt(GOOD)}, "example.com"),
    ("DMARC-019", State.UNKNOWN, zone(GOOD) | {"example.com": APEX | {"TXT": "SERVFAIL"}}, "example.com"),
    (
        "DMARC-020",
        State.FAIL,
        {"_dmarc.example.com": txt(GOOD) | {"CNAME": ["x.example"]}, "example.com": APEX},
        "example.com",
    ),
    (
        "DMARC-020",
        State.UNKNOWN,
        {"_dmarc.example.com": txt(GOOD) | {"CNAME": "SERVFAIL"}, "example.com": APEX},
        "example.com",
    ),
    ("DMARC-021", State.WARN, zone("v=DMARC1; rua=mailto:a@example.com; p=reject"), "example.com"),
    (
        "DMARC-022",
        State.WARN,
        zone(GOOD) | {"_dmarc.a.example.com": txt("v=DMARC1; p=none; psd=n")},
        "b.a.example.com",
    ),
    ("DMARC-023", State.UNKNOWN, zone(GOOD) | {"_dmarc.com": {"TXT": "SERVFAIL"}}, "www.example.com"),
    ("DMARC-024", State.UNKNOWN, zone(GOOD + "; aspf=s"), "example.com"),
    ("DMARC-025", State.WARN, zone(GOOD) | BELOW, "example.com"),
]


@pytest.mark.parametrize(
    ("code", "state", "zone", "domain"), RAISED, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_zone_raises_the_rule(code: str, state: State, zone: dict[str, Any], domain: str) -> None:
    found = audit(zone, domain)

    assert state in {finding.state for finding in found if finding.code == code}


@pytest.mark.parametrize(
    ("code", "state", "zone", "domain"), RAISED, ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_finding_has_its_whole_sentence(
    code: str, state: State, zone: dict[str, Any], domain: str
) -> None:
    """A "?" in a sentence is an argument that the rule forgot."""
    del code, state
    for finding in audit(zone, domain):
        assert "?" not in sentence(finding) + fix(finding), finding


def test_a_healthy_domain_passes_everything() -> None:
    found = audit(zone(GOOD))

    assert {finding.state for finding in found} == {State.PASS}
    assert {finding.code for finding in found} == set(CHECK.codes)


def test_a_dead_resolver_is_unknown_everywhere_and_a_fault_nowhere() -> None:
    names = ("example.com", "_dmarc.example.com", "_dmarc.com")
    found = audit({name: {"*": "TIMEOUT"} for name in names})

    assert {finding.state for finding in found} == {State.UNKNOWN}


def test_a_domain_without_a_policy_is_given_a_first_one() -> None:
    change = change_of(one(audit({}), "DMARC-001"))

    assert change is not None
    assert (change.name, change.after) == (
        "_dmarc.example.com",
        "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com",
    )


def test_a_parked_domain_may_do_without_reports() -> None:
    found = audit(zone("v=DMARC1; p=reject"), profile=Profile.PARKED)

    assert one(found, "DMARC-013").state is State.PASS
    assert one(found, "DMARC-017").state is State.PASS


def test_a_parked_domain_is_given_the_strictest() -> None:
    change = change_of(one(audit({}, profile=Profile.PARKED), "DMARC-001"))

    assert change is not None
    assert change.after.startswith("v=DMARC1; p=reject; sp=reject; np=reject")


def test_the_policy_that_applies_is_told_with_where_it_was_found() -> None:
    found = one(
        audit(zone("v=DMARC1; p=none; np=reject; rua=mailto:a@example.com"), "ghost.example.com"), "DMARC-001"
    )

    assert (found.state, found.args["policy"], found.args["found_at"]) == (
        State.PASS,
        "reject",
        "example.com",
    )


def test_consent_may_be_given_by_name_or_by_wildcard() -> None:
    """Golden vector D13."""
    for name in ("example.com._report._dmarc.esp.example", "*._report._dmarc.esp.example"):
        found = audit(EXTERNAL | {name: txt("v=DMARC1")})
        assert one(found, "DMARC-014").state is State.PASS


def test_reports_within_the_organization_need_no_consent() -> None:
    found = audit(
        zone(
            "v=DMARC1; p=reject; rua=mailto:a@reports.example.com", reports__example__com={"A": ["192.0.2.1"]}
        )
    )

    assert one(found, "DMARC-014").state is State.PASS
    assert one(found, "DMARC-015").state is State.PASS


def test_strict_alignment_with_a_stream_on_a_subdomain_is_warned_of() -> None:
    found = audit(zone(GOOD + "; adkim=s"), helos=("mail.example.com",))

    assert one(found, "DMARC-024").state is State.WARN


def test_a_chain_of_aliases_is_no_conflict() -> None:
    """Golden vector D9 is about both at one name; a CNAME that leads to the record is how it is hosted."""
    zone = {
        "_dmarc.example.com": {"CNAME": ["dmarc.esp.example"]},
        "dmarc.esp.example": txt(GOOD),
        "example.com": APEX,
    }

    assert one(audit(zone), "DMARC-020").state is State.PASS


def test_the_journey_names_what_is_in_the_way_and_then_the_next_record() -> None:
    blocked = one(audit(zone("v=DMARC1; p=none; pct=50")), "DMARC-017")
    ready = one(audit(zone("v=DMARC1; p=none; rua=mailto:a@example.com")), "DMARC-017")
    change = change_of(ready)

    assert change_of(blocked) is None
    assert len(blocked.args["stops"]) == 2  # type: ignore[arg-type]
    assert change is not None
    assert change.after == "v=DMARC1; p=quarantine; rua=mailto:a@example.com"


@pytest.mark.parametrize(
    ("code", "record", "after"),
    [
        ("DMARC-003", "v=dmarc1; p=reject", "v=DMARC1; p=reject"),
        ("DMARC-003", "p=reject; v=DMARC1", "v=DMARC1; p=reject"),
        (
            "DMARC-004",
            "v=DMARC1; p=foo; rua=mailto:a@example.com",
            "v=DMARC1; p=none; rua=mailto:a@example.com",
        ),
        ("DMARC-006", "v=DMARC1; p=reject; pct=100; rf=afrf", "v=DMARC1; p=reject"),
        ("DMARC-007", "v=DMARC1; p=reject; t=y", "v=DMARC1; p=reject"),
        ("DMARC-009", "v=DMARC1; p=none", "v=DMARC1; p=none; np=reject"),
        ("DMARC-012", "v=DMARC1; p=reject; sp=none", "v=DMARC1; p=reject; sp=reject"),
        ("DMARC-013", "v=DMARC1; p=reject", "v=DMARC1; p=reject; rua=mailto:dmarc-reports@example.com"),
        ("DMARC-021", "v=DMARC1; sp=none; p=reject", "v=DMARC1; p=reject; sp=none"),
    ],
)
def test_the_fix_is_the_exact_record(code: str, record: str, after: str) -> None:
    change = change_of(one(audit(zone(record)), code))

    assert change is not None
    assert (change.name, change.before, change.after) == ("_dmarc.example.com", record, after)


def test_everything_known_from_the_start_is_asked_in_one_round() -> None:
    """No look-up waits for one that it does not depend on, and none is asked twice."""

    class Rounds(ZoneDns):
        rounds = 0

        def ask_all(self, questions: Any, *, fresh: bool = False) -> Any:
            wanted = list(questions)
            self.rounds += bool(wanted)
            return super().ask_all(wanted, fresh=fresh)

    dns = Rounds(EXTERNAL)
    list(check(Target("example.com"), World(dns, NOW)))

    assert dns.rounds == 3  # the domain, then its report destination, then that one's tree
    assert len(dns.asked) == len(set(dns.asked))
