"""Discovery by tree walk and by suffix list, and alignment: the golden vectors and the corners between."""

from typing import Any

import pytest

from checks.dmarc.align import DmarcResult, aligned_by_list, evaluate
from checks.dmarc.policy import Outcome, Policy, by_list, by_tree, existence
from checks.dmarc.record import Disposition
from checks.dmarc.walk import names, walk
from tests.fakes.zone import ZoneDns

NONE, QUARANTINE, REJECT = Disposition


def zone(**records: str) -> dict[str, Any]:
    """Records by domain, dots written as two underscores; the domains themselves exist."""
    made: dict[str, Any] = {}
    for name, text in records.items():
        domain = name.replace("__", ".")
        made |= {f"_dmarc.{domain}": {"TXT": [[text]]}, domain: {"A": ["192.0.2.1"]}}
    return made


def tree(zone: dict[str, Any], domain: str) -> Policy:
    dns = ZoneDns(zone)
    return by_tree(walk(dns, domain), existence(dns, domain))


def test_the_policy_is_the_organizations_and_not_the_nearest_ancestors() -> None:
    """Golden vector D1."""
    found = tree(
        zone(mail__example__com="v=DMARC1; p=none", example__com="v=DMARC1; p=reject"), "a.mail.example.com"
    )

    assert (found.organizational, found.found_at, found.effective) == ("example.com", "example.com", REJECT)


def test_psd_n_makes_an_organization() -> None:
    """Golden vector D2."""
    records = zone(mail__example__com="v=DMARC1; p=none; psd=n", example__com="v=DMARC1; p=reject")
    found = tree(records, "a.mail.example.com")

    assert (found.organizational, found.found_at, found.effective) == (
        "mail.example.com",
        "mail.example.com",
        NONE,
    )


@pytest.mark.parametrize(("record", "policy"), [("p=reject", REJECT), ("p=none; sp=quarantine", QUARANTINE)])
def test_a_public_suffix_rules_where_the_organization_is_silent(record: str, policy: Disposition) -> None:
    """Golden vector D3."""
    found = tree(
        zone(com=f"v=DMARC1; psd=y; {record}") | {"www.example.com": {"A": ["192.0.2.1"]}}, "www.example.com"
    )

    assert (found.organizational, found.found_at, found.effective) == ("example.com", "com", policy)


def test_a_walk_asks_eight_names_at_most() -> None:
    """Golden vector D4: the full name, then seven labels down to one."""
    start = ".".join(f"l{n}" for n in range(12, 0, -1))
    dns = ZoneDns({})
    walk(dns, start)

    assert [name.count(".") + 1 for name in names(start)] == [12, 7, 6, 5, 4, 3, 2, 1]
    assert [question.name.count(".") for question in dns.asked] == [12, 7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(("labels", "walked"), [(8, 8), (7, 7), (2, 2), (1, 1)])
def test_a_shorter_name_is_walked_label_by_label(labels: int, walked: int) -> None:
    assert len(names(".".join("x" * labels))) == walked


def test_two_records_at_a_name_are_none_and_the_walk_goes_on() -> None:
    """Golden vector D5."""
    records = zone(example__com="v=DMARC1; p=reject")
    records["_dmarc.mail.example.com"] = {"TXT": [["v=DMARC1; p=none"], ["v=DMARC1; p=quarantine"]]}
    found = tree(records | {"mail.example.com": {"A": ["192.0.2.1"]}}, "mail.example.com")

    assert (found.found_at, found.effective) == ("example.com", REJECT)


def test_unrelated_records_are_passed_over() -> None:
    """Golden vector D10."""
    records = {"_dmarc.example.com": {"TXT": [["hello"], ["v=DMARC1; p=reject"], ["v=spf1 -all"]]}}

    assert tree(records, "example.com").effective is REJECT


def test_pct_changes_nothing_today() -> None:
    """Golden vector D7."""
    assert tree(zone(example__com="v=DMARC1; pct=0; p=reject"), "example.com").effective is REJECT


@pytest.mark.parametrize(("p", "effective"), [("reject", QUARANTINE), ("quarantine", NONE), ("none", NONE)])
def test_testing_takes_one_step_down(p: str, effective: Disposition) -> None:
    """Golden vector D8."""
    assert tree(zone(example__com=f"v=DMARC1; t=y; p={p}"), "example.com").effective is effective


@pytest.mark.parametrize(
    "types", [{"A": ["192.0.2.1"]}, {"AAAA": ["2001:db8::1"]}, {"MX": [[10, "mx.example.com"]]}]
)
def test_a_name_with_an_address_or_an_mx_exists(types: dict[str, Any]) -> None:
    records = zone(example__com="v=DMARC1; p=none; sp=quarantine; np=reject")

    assert tree(records | {"a.example.com": types}, "a.example.com").effective is QUARANTINE
    assert tree(records, "b.example.com").effective is REJECT


def test_whether_a_name_exists_may_be_unknown_and_may_not_matter() -> None:
    dead = {"a.example.com": {"*": "TIMEOUT"}}

    assert (
        tree(zone(example__com="v=DMARC1; p=none; np=reject") | dead, "a.example.com").outcome
        is Outcome.FAILED
    )
    assert tree(zone(example__com="v=DMARC1; p=reject") | dead, "a.example.com").effective is REJECT


def test_a_failed_start_is_unknown_whatever_lies_above() -> None:
    """Golden vector D14."""
    records = zone(example__com="v=DMARC1; p=reject")
    failed = tree(records | {"_dmarc.a.example.com": {"TXT": "TIMEOUT"}}, "a.example.com")

    assert (failed.outcome, failed.effective) == (Outcome.FAILED, None)


def test_a_failed_level_above_the_authors_own_record_changes_nothing() -> None:
    records = zone(a__example__com="v=DMARC1; p=reject") | {"_dmarc.example.com": {"TXT": "SERVFAIL"}}

    assert tree(records, "a.example.com").effective is REJECT


@pytest.mark.parametrize(
    ("domain", "policy", "found_at"),
    [("a.b.example.co.uk", QUARANTINE, "example.co.uk"), ("example.co.uk", REJECT, "example.co.uk")],
)
def test_the_suffix_list_skips_what_lies_between(domain: str, policy: Disposition, found_at: str) -> None:
    records = zone(
        b__example__co__uk="v=DMARC1; p=none", example__co__uk="v=DMARC1; p=reject; sp=quarantine; t=y"
    )
    found = by_list(ZoneDns(records), domain)

    assert (found.found_at, found.effective, found.organizational) == (found_at, policy, "example.co.uk")


def test_two_records_end_the_older_discovery() -> None:
    """RFC 7489 section 6.6.3 step 5."""
    records = zone(example__com="v=DMARC1; p=reject")
    records["_dmarc.a.example.com"] = {"TXT": [["v=DMARC1; p=none"], ["v=DMARC1; p=none"]]}

    assert by_list(ZoneDns(records), "a.example.com").outcome is Outcome.NONE


def test_each_identifier_gets_a_walk_of_its_own() -> None:
    records = zone(example__com="v=DMARC1; p=reject", b__example__com="v=DMARC1; p=none; psd=n")

    aligned = evaluate(ZoneDns(records), "a.example.com", ["c.example.com"], [])
    apart = evaluate(ZoneDns(records), "a.example.com", ["x.b.example.com"], [])

    assert (aligned.result, aligned.aligned_spf) == (DmarcResult.PASS, ("c.example.com",))
    assert (apart.result, apart.disposition) == (DmarcResult.FAIL, REJECT)


def test_an_identifier_that_could_not_be_walked_leaves_a_fail_open() -> None:
    records = zone(example__com="v=DMARC1; p=reject") | {"_dmarc.a.example.com": {"TXT": "TIMEOUT"}}

    assert evaluate(ZoneDns(records), "example.com", ["a.example.com"], []).result is DmarcResult.TEMPERROR
    assert (
        evaluate(ZoneDns(records), "example.com", ["a.example.com", "example.com"], []).result
        is DmarcResult.PASS
    )


@pytest.mark.parametrize(
    ("a", "b", "strict", "aligned"),
    [
        ("a.example.com", "b.example.com", False, True),
        ("a.example.com", "b.example.com", True, False),
        ("a.example.com", "a.example.com", True, True),
        ("a.co.uk", "b.co.uk", False, False),
    ],
)
def test_alignment_by_the_suffix_list(a: str, b: str, strict: bool, aligned: bool) -> None:
    assert aligned_by_list(a, b, strict=strict) is aligned
