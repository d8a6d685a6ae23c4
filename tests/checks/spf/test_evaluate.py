"""check_host(): limits, errors and paths that the suites of others do not pin down."""

from datetime import UTC, datetime
from typing import Any

import pytest

from checks.spf.budget import Trouble
from checks.spf.evaluate import Verdict, evaluate
from checks.spf.terms import Result
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def spf(text: str) -> dict[str, Any]:
    return {"TXT": [[text]]}


def judge(zone: dict[str, Any], ip: str = "192.0.2.1", mail_from: str = "ann@example.com") -> Verdict:
    return evaluate(ZoneDns(zone), ip=ip, mail_from=mail_from, helo="mx.example.com", now=NOW)


def test_a_pass_names_the_terms_that_led_to_it() -> None:
    """SPF-027 shows this path to whoever wonders why an address passes."""
    verdict = judge(
        {
            "example.com": spf("v=spf1 ip4:198.51.100.1 include:esp.example -all"),
            "esp.example": spf("v=spf1 redirect=_spf.esp.example"),
            "_spf.esp.example": spf("v=spf1 ip4:192.0.2.0/24 -all"),
        }
    )

    assert verdict.result is Result.PASS
    assert verdict.matched == ("include:esp.example", "redirect=_spf.esp.example", "ip4:192.0.2.0/24")
    assert verdict.lookups == 2


@pytest.mark.parametrize("failure", ["TIMEOUT", "SERVFAIL", "REFUSED", "LAME"])
def test_an_include_that_could_not_be_asked_is_temporary(failure: str) -> None:
    """Golden vector S17: a failed look-up is temperror, never permerror."""
    verdict = judge({"example.com": spf("v=spf1 include:esp.example -all"), "esp.example": {"TXT": failure}})

    assert verdict.result is Result.TEMPERROR
    assert verdict.reason is not None
    assert verdict.reason.trouble is Trouble.NO_ANSWER
    assert "esp.example" in verdict.reason.detail


def test_an_included_domain_that_does_not_exist_is_permanent() -> None:
    """Golden vector S5."""
    verdict = judge({"example.com": spf("v=spf1 include:none.example -all")})

    assert verdict.result is Result.PERMERROR
    assert verdict.reason is not None
    assert (verdict.reason.trouble, verdict.reason.term) == (
        Trouble.NO_INCLUDED_RECORD,
        "include:none.example",
    )


def test_names_with_only_ipv4_are_void_for_an_ipv6_client_alone() -> None:
    """Golden vector S3b: three such terms end in permerror for IPv6 and are fine for IPv4."""
    zone = {
        "example.com": spf("v=spf1 a:x1.example.com a:x2.example.com a:x3.example.com -all"),
        **{f"x{n}.example.com": {"A": [f"198.51.100.{n}"]} for n in (1, 2, 3)},
    }

    four, six = judge(zone), judge(zone, ip="2001:db8::1")

    assert (four.result, four.voids) == (Result.FAIL, 0)
    assert (six.result, six.voids) == (Result.PERMERROR, 3)


def test_an_mx_costs_one_look_up_however_many_hosts_it_has() -> None:
    """Golden vector S3."""
    zone: dict[str, Any] = {f"mx{n}.example.com": {"A": [f"192.0.2.{n}"]} for n in (1, 2, 3)}
    zone["example.com"] = spf("v=spf1 mx -all") | {"MX": [[10, f"mx{n}.example.com"] for n in (1, 2, 3)]}

    assert judge(zone, ip="192.0.2.3").lookups == 1


@pytest.mark.parametrize(("hosts", "result"), [(10, Result.FAIL), (11, Result.PERMERROR)])
def test_an_eleventh_mx_host_is_a_permerror(hosts: int, result: Result) -> None:
    """Golden vector S4."""
    zone: dict[str, Any] = {f"mx{n}.example.com": {"A": ["198.51.100.1"]} for n in range(hosts)}
    zone["example.com"] = spf("v=spf1 mx -all") | {"MX": [[10, f"mx{n}.example.com"] for n in range(hosts)]}

    assert judge(zone).result is result


def test_the_eleventh_term_ends_it_and_the_tenth_does_not() -> None:
    zone = {f"h{n}.example.com": {"A": ["198.51.100.1"]} for n in range(11)}

    def with_terms(count: int) -> Verdict:
        terms = " ".join(f"a:h{n}.example.com" for n in range(count))
        return judge({"example.com": spf(f"v=spf1 {terms} -all"), **zone})

    assert (with_terms(10).result, with_terms(10).lookups) == (Result.FAIL, 10)
    assert with_terms(11).result is Result.PERMERROR


def test_a_term_after_the_match_costs_nothing() -> None:
    verdict = judge({"example.com": spf("v=spf1 ip4:192.0.2.1 include:none.example -all")})

    assert (verdict.result, verdict.lookups) == (Result.PASS, 0)


def test_an_ipv4_address_in_ipv6_clothes_is_ipv4() -> None:
    zone = {"example.com": spf("v=spf1 ip4:192.0.2.1 -all")}

    assert judge(zone, ip="::ffff:192.0.2.1").result is Result.PASS


def test_a_bounce_is_judged_by_its_helo_name() -> None:
    verdict = judge({"mx.example.com": spf("v=spf1 ip4:192.0.2.1 -all")}, mail_from="")

    assert (verdict.result, verdict.domain) == (Result.PASS, "mx.example.com")


def test_the_local_part_ends_at_the_last_at_sign() -> None:
    zone = {"example.com": spf("v=spf1 ip4:192.0.2.1 -all")}

    assert judge(zone, mail_from='"a@b"@example.com').result is Result.PASS


def test_an_internationalised_domain_is_asked_for_by_its_a_label() -> None:
    zone = {"xn--mnchen-3ya.example": spf("v=spf1 ip4:192.0.2.1 -all")}

    assert judge(zone, mail_from="ann@münchen.example").result is Result.PASS


def test_a_local_part_outside_ascii_matches_no_name_that_contains_it() -> None:
    """RFC 8616 section 4."""
    zone = {"example.com": spf("v=spf1 exists:%{l}.users.example.com -all")}

    assert judge(zone, mail_from="jörg@example.com").result is Result.FAIL


def test_what_ptr_cannot_ask_is_no_match_and_no_error() -> None:
    """RFC 7208 section 5.5."""
    zone = {"example.com": spf("v=spf1 ptr -all"), "1.2.0.192.in-addr.arpa": {"PTR": "SERVFAIL"}}

    assert judge(zone).result is Result.FAIL


@pytest.mark.parametrize(
    ("explanation", "expected"),
    [
        ({"TXT": [["%{i} is not one of %{d}'s"]]}, "192.0.2.1 is not one of example.com's"),
        ({"TXT": [["a"], ["b"]]}, None),
        ({"TXT": "TIMEOUT"}, None),
        ({"TXT": [["bad %{"]]}, None),
        ({"TXT": [["grüße"]]}, None),
        ({}, None),
    ],
)
def test_an_explanation_that_cannot_be_had_changes_nothing(explanation: Any, expected: str | None) -> None:
    """RFC 7208 section 6.2: any trouble on the way to the text means no text; the result stays."""
    verdict = judge({"example.com": spf("v=spf1 -all exp=why.example.com"), "why.example.com": explanation})

    assert (verdict.result, verdict.explanation) == (Result.FAIL, expected)


def test_the_included_domain_does_not_explain_our_fail() -> None:
    zone = {
        "example.com": spf("v=spf1 include:esp.example -all"),
        "esp.example": spf("v=spf1 -all exp=why.esp.example"),
        "why.esp.example": {"TXT": [["theirs"]]},
    }

    assert judge(zone).explanation is None


def test_a_loop_ends_by_the_look_up_limit() -> None:
    zone = {
        "example.com": spf("v=spf1 include:b.example -all"),
        "b.example": spf("v=spf1 include:example.com -all"),
    }
    dns = ZoneDns(zone)

    verdict = evaluate(dns, ip="192.0.2.1", mail_from="a@example.com", helo="h", now=NOW)

    assert verdict.result is Result.PERMERROR
    assert len(dns.asked) == 11


def test_something_that_is_no_address_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="not-an-ip"):
        judge({}, ip="not-an-ip")
