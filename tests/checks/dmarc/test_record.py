"""The DMARC record's tags: what is valid, what receivers make of what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dmarc.record import Disposition, Flaw, is_dmarc, parse
from checks.dmarc.uri import ReportUri, parse_uri

NONE, QUARANTINE, REJECT = Disposition


@pytest.mark.parametrize(
    "text",
    ["v=DMARC1", "v=DMARC1;p=none", "v = DMARC1 ; p=none", "V=DMARC1; p=reject", "v=DMARC1\t;\tp=none;"],
)
def test_the_version_in_exactly_these_letters_makes_a_record(text: str) -> None:
    """Golden vector D12."""
    assert is_dmarc(text)


@pytest.mark.parametrize(
    "text",
    [
        "v=dmarc1; p=none",
        "v=DMARC1x; p=none",
        "v=DMARC1 p=none",
        " v=DMARC1; p=none",
        "p=none; v=DMARC1",
        "v=DMARC2",
        "",
    ],
)
def test_anything_else_is_no_record(text: str) -> None:
    assert not is_dmarc(text)


def test_a_record_is_taken_apart() -> None:
    record = parse(
        "v=DMARC1; p=Reject; sp=quarantine; np=none; adkim=s; t=y; psd=n; fo=1:d; ruf=mailto:a@b.example"
    )

    assert (record.p, record.sp, record.np) == (REJECT, QUARANTINE, NONE)
    assert (record.strict_dkim, record.strict_spf, record.testing, record.psd) == (True, False, True, "n")
    assert record.fo == ("1", "d")
    assert record.faults == ()


@pytest.mark.parametrize(
    ("text", "usable", "policy"),
    [
        ("v=DMARC1; p=reject", True, REJECT),
        ("v=DMARC1; p=foo; rua=mailto:a@b.example", True, NONE),
        ("v=DMARC1; p=foo", False, NONE),
        ("v=DMARC1; rua=mailto:a@b.example", True, NONE),
        ("v=DMARC1; rua=nonsense", False, NONE),
        ("v=DMARC1; adkim=s", False, NONE),
        ("v=DMARC1; p=reject; sp=foo; rua=mailto:a@b.example", True, NONE),
        ("v=DMARC1; p=reject; sp=foo", False, NONE),
        ("v=DMARC1; p=reject; adkim=foo", True, REJECT),
    ],
)
def test_a_wrong_policy_means_none_with_reports_and_nothing_without(
    text: str, usable: bool, policy: Disposition
) -> None:
    """Golden vector D6; RFC 9989 section 4.10.1. Other wrong values fall back to their defaults."""
    record = parse(text)

    assert (record.usable, record.policy) == (usable, policy)


@pytest.mark.parametrize(
    ("text", "existing", "missing"),
    [
        ("v=DMARC1; p=reject", REJECT, REJECT),
        ("v=DMARC1; p=reject; sp=none", NONE, NONE),
        ("v=DMARC1; p=none; np=reject", NONE, REJECT),
        ("v=DMARC1; p=none; sp=quarantine; np=reject", QUARANTINE, REJECT),
    ],
)
def test_names_below_get_sp_and_those_that_do_not_exist_np(
    text: str, existing: Disposition, missing: Disposition
) -> None:
    record = parse(text)

    assert record.policy_for(subdomain=True) is existing
    assert record.policy_for(subdomain=True, exists=False) is missing


@pytest.mark.parametrize(
    ("text", "flaw", "tag"),
    [
        ("v=DMARC1; p=bob", Flaw.VALUE, "p"),
        ("v=DMARC1; p=none; adkim=bob", Flaw.VALUE, "adkim"),
        ("v=DMARC1; p=none; t=x", Flaw.VALUE, "t"),
        ("v=DMARC1; p=none; psd=x", Flaw.VALUE, "psd"),
        ("v=DMARC1; p=none; fo=2", Flaw.VALUE, "fo"),
        ("v=DMARC1; p=none; fo=0:1", Flaw.VALUE, "fo"),
        ("v=DMARC1; p=none; p=none", Flaw.SYNTAX, ""),
        ("v=DMARC1; p=none; reject", Flaw.SYNTAX, ""),
        ("v=DMARC1; p=none; rua=a@b.example", Flaw.URI, "rua"),
        ("v=DMARC1; rua=mailto:a@b.example", Flaw.NO_POLICY, "p"),
    ],
)
def test_each_fault_names_its_tag(text: str, flaw: Flaw, tag: str) -> None:
    assert [(fault.flaw, fault.tag) for fault in parse(text).faults] == [(flaw, tag)]


def test_removed_and_unknown_tags_are_no_faults() -> None:
    """They are ignored (RFC 9989 section 4.7); rules of their own speak of them."""
    assert parse("v=DMARC1; p=none; pct=150; rf=x; ri=0; xyz=1").faults == ()


def test_a_uri_is_taken_apart() -> None:
    assert parse_uri("mailto:Reports@Example.com!10m") == ReportUri(
        "mailto:Reports@Example.com!10m", "mailto", "Reports@Example.com", "example.com", "10m"
    )


@pytest.mark.parametrize(
    "text", ["https://r.example.com/dmarc", "mailto:a%2Bb@c.example?subject=x", "MAILTO:a@b.example"]
)
def test_these_are_uris(text: str) -> None:
    assert isinstance(parse_uri(text), ReportUri)


@pytest.mark.parametrize(
    "text",
    [
        "a@b.example",
        "mailto:",
        "mailto:a",
        "mailto:@b.example",
        "mailto:a@b",
        "__mailto:a@b.example",
        "mailto:a b@c.d",
        "mailto:a@b..example",
        "https:///x",
        "not_a_valid_uri",
        "",
    ],
)
def test_these_are_none_and_say_why(text: str) -> None:
    assert isinstance(parse_uri(text), str)


@given(st.text(max_size=300))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    record = parse("v=DMARC1; " + text)

    assert all(str(fault) for fault in record.faults)
    assert record.policy in Disposition
