"""The grammar of RFC 7208 section 12: what is a record, what is wrong with it, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.ports import Txt
from checks.spf.flaws import Flaw
from checks.spf.record import is_spf, parse, select
from checks.spf.terms import Kind, Result


@pytest.mark.parametrize("text", ["v=spf1", "v=spf1 -all", "V=SpF1 a", "v=spf1 "])
def test_a_text_that_begins_with_the_version_is_a_record(text: str) -> None:
    assert is_spf(text)


@pytest.mark.parametrize(
    "text", [" v=spf1 -all", "v=spf10", "v=spf1-all", "v=spf1\t-all", "spf2.0/mfrom a", ""]
)
def test_a_text_that_does_not_is_none(text: str) -> None:
    """A leading blank hides the record (golden vector S8); Sender ID is another thing."""
    assert not is_spf(text)


def test_strings_are_joined_without_a_space() -> None:
    """RFC 7208 section 3.3; golden vector S13 shows the text as receivers see it."""
    (text,) = select([Txt((b"v=spf1 ip4:192.0.2.0/24", b"include:x.example -all"))])

    assert text == "v=spf1 ip4:192.0.2.0/24include:x.example -all"
    assert [fault.flaw for fault in parse(text).faults] == [Flaw.CIDR]


def test_bytes_outside_ascii_stay_visible_and_are_a_fault() -> None:
    (text,) = select([Txt((b"v=spf1 a:exam\xffple.net -all",)), Txt((b"\xff\xfe",))])

    assert [(fault.flaw, fault.at) for fault in parse(text).faults] == [(Flaw.CHARACTER, 13)]


def test_a_record_is_taken_apart() -> None:
    record = parse(
        "v=spf1 ?a:mail.example.com/24//64 ip6:2001:db8::/32 ~include:%{d2}  redirect=x.example foo=bar"
    )

    assert record.faults == ()
    assert [(term.kind, term.result) for term in record.mechanisms] == [
        (Kind.A, Result.NEUTRAL),
        (Kind.IP6, Result.PASS),
        (Kind.INCLUDE, Result.SOFTFAIL),
    ]
    assert (record.mechanisms[0].prefix4, record.mechanisms[0].prefix6) == (24, 64)
    assert str(record.mechanisms[1].network) == "2001:db8::/32"
    assert record.redirect is not None
    assert record.redirect.value.text == "x.example"
    assert [modifier.name for modifier in record.modifiers] == ["redirect", "foo"]


def test_an_all_switches_the_redirect_off() -> None:
    assert parse("v=spf1 redirect=x.example -all").redirect is None


@pytest.mark.parametrize(
    ("term", "flaw"),
    [
        ("moo", Flaw.UNKNOWN_MECHANISM),
        ("redirect:x.example", Flaw.UNKNOWN_MECHANISM),
        ("+", Flaw.UNKNOWN_MECHANISM),
        ("1up=foo", Flaw.UNKNOWN_MECHANISM),
        ("all.", Flaw.UNKNOWN_MECHANISM),
        ("all:x.example", Flaw.ARGUMENT),
        ("all/8", Flaw.ARGUMENT),
        ("include", Flaw.NO_DOMAIN),
        ("include:", Flaw.NO_DOMAIN),
        ("exists", Flaw.NO_DOMAIN),
        ("exists/24", Flaw.NO_DOMAIN),
        ("redirect=", Flaw.NO_DOMAIN),
        ("exp=", Flaw.NO_DOMAIN),
        ("a:", Flaw.NO_DOMAIN),
        ("a:museum", Flaw.DOMAIN_END),
        ("a:museum.", Flaw.DOMAIN_END),
        ("a:111.222.33.44", Flaw.DOMAIN_END),
        ("a:example.-com", Flaw.DOMAIN_END),
        ("a:example.com:8080", Flaw.DOMAIN_END),
        ("a:%{d}com", Flaw.DOMAIN_END),
        ("include:x.example/24", Flaw.DOMAIN_END),
        ("a/33", Flaw.CIDR),
        ("a/024", Flaw.CIDR),
        ("a//129", Flaw.CIDR),
        ("a/24/64", Flaw.CIDR),
        ("mx/", Flaw.CIDR),
        ("ip4:192.0.2.0/33", Flaw.CIDR),
        ("ip4:192.0.2.0//32", Flaw.CIDR),
        ("ip4", Flaw.NO_ADDRESS),
        ("ip4:", Flaw.NO_ADDRESS),
        ("ip4:192.0.2", Flaw.ADDRESS),
        ("ip4:192.0.2.01", Flaw.ADDRESS),
        ("ip4:192.0.2.1:25", Flaw.ADDRESS),
        ("ip4:192.0.2.1~all", Flaw.ADDRESS),
        ("ip6:fe80::1%eth0", Flaw.ADDRESS),
        ("ip4:%{i}", Flaw.ADDRESS),
        ("ip6:78.46.96.236", Flaw.WRONG_FAMILY),
        ("ip4:2001:db8::1", Flaw.WRONG_FAMILY),
        ("exists:%{x}.example", Flaw.MACRO_LETTER),
        ("exists:%{c}.example", Flaw.MACRO_PLACE),
        ("exists:%{d0}.example", Flaw.MACRO_ZERO),
        ("exists:%(i).example", Flaw.MACRO),
        ("exists:%.example", Flaw.MACRO),
        ("exists:%{d!}.example", Flaw.MACRO),
        ("foo=%abc", Flaw.MACRO),
        ("a:x.example\tmx", Flaw.CHARACTER),
    ],
)
def test_a_fault_says_what_and_where(term: str, flaw: Flaw) -> None:
    record = parse(f"v=spf1 mx {term} -all")

    assert [fault.flaw for fault in record.faults] == [flaw]
    assert record.faults[0].at >= len("v=spf1 mx ")
    assert str(record.faults[0])


@pytest.mark.parametrize(
    "term",
    [
        "a:mail.example.com/24//64",
        "a//64",
        "exists:%{I}.x.example",
        "exists:exists:%{i}.spf.example",
        "a:foo:bar/baz.example.com",
        "a:example.xn--zckzah",
        "moo.cow-far_out=man:dog/cat",
        "a:x.example.",
        "ptr",
        "exists:%{l2r+-}.user.%{d2}",
        "a:%%.%{d}",
        "IP4:192.0.2.1",
        "exp=%{S}.explain.example.com",
        "default=pass",
    ],
)
def test_what_looks_odd_may_be_right(term: str) -> None:
    """Golden vectors S9 and S12, and the corners of the RFC 7208 suite."""
    assert parse(f"v=spf1 {term} -all").faults == ()


def test_a_second_redirect_or_exp_is_a_fault_and_a_second_unknown_modifier_is_not() -> None:
    assert [f.at for f in parse("v=spf1 redirect=a.example redirect=b.example").faults] == [26]
    assert [f.flaw for f in parse("v=spf1 exp=a.example exp=b.example -all").faults] == [Flaw.TWICE]
    assert parse("v=spf1 x=1 x=2 -all").faults == ()


def test_all_faults_of_a_record_are_told_in_order() -> None:
    faults = parse("v=spf1 moo ip4:1.2.3 a:museum -all").faults

    assert [fault.flaw for fault in faults] == [Flaw.UNKNOWN_MECHANISM, Flaw.ADDRESS, Flaw.DOMAIN_END]


@given(st.text(max_size=200))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    record = parse("v=spf1 " + text)

    assert all(0 <= fault.at <= len(record.text) for fault in record.faults)
