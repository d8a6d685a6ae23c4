"""Names from outside become A-labels, or a sentence that helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.names import flaw, is_subdomain, normalise_domain, parents, reverse_labels, reverse_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Example.COM", "example.com"),
        (" example.com.\n", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),  # IDNA 2008 keeps the sharp s; IDNA 2003 made it "ss"
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("xn--i-7iq.ws", "xn--i-7iq.ws"),  # registered, although IDNA 2008 forbids its U-label
        ("_spf.example.com", "_spf.example.com"),
        ("com", "com"),
    ],
)
def test_what_a_person_types_becomes_a_labels(typed: str, name: str) -> None:
    """One spelling per name, or caches, stores and comparisons disagree."""
    assert normalise_domain(typed) == name


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "empty"),
        (".", "empty"),
        ("192.0.2.1", "192.0.2.1 is an address, not a domain"),
        ("[2001:db8::1]", "is an address"),
        ("https://Example.com/path?q", "Give its domain alone: Example.com"),
        ("example.com/24", "Give its domain alone: example.com"),
        ("Jane <jane@example.com>", "Give its domain alone: example.com"),
        ("example.com:25", "has a port. Give the domain alone: example.com"),
        ("*.example.com", "Give a domain that exists: example.com"),
        ("a b.example", "has a space"),
        ("a..example", "empty label"),
        (".example", "empty label"),
        ("300.1.1.1", "mistyped address"),
        ("a" * 64 + ".example", "at most 63"),
        (".".join(["a" * 60] * 5), "at most 253"),
        ("exa!mple.com", "'!' cannot stand"),
        ("💩.example", "IDNA 2008"),
        ("\x00.example", "cannot stand"),
    ],
)
def test_what_is_no_domain_gets_a_sentence(typed: str, says: str) -> None:
    """The command line shows these words to somebody who pasted the wrong thing."""
    with pytest.raises(ValueError, match=r".") as caught:
        normalise_domain(typed)
    assert says in str(caught.value)


@given(st.text(max_size=300))
def test_any_text_is_a_name_or_a_sentence(typed: str) -> None:
    """Nothing but ValueError may leave, and what comes out is askable and stays as it is."""
    try:
        name = normalise_domain(typed)
    except ValueError:
        return
    assert flaw(name) == ""
    assert normalise_domain(name) == name


def test_reverse_names_follow_the_family() -> None:
    """RFC 1035 section 3.5; RFC 3596 section 2.5: 32 nibbles, reversed."""
    assert reverse_name("192.0.2.1") == "1.2.0.192.in-addr.arpa"
    assert reverse_name("2001:db8::1").endswith(".8.b.d.0.1.0.0.2.ip6.arpa")
    assert reverse_labels("127.0.0.2") == "2.0.0.127"
    assert reverse_labels("2001:db8::1").count(".") == 31
    with pytest.raises(ValueError, match="example"):
        reverse_name("example.com")


def test_what_lies_below_is_told_by_labels_not_by_letters() -> None:
    """notexample.com is no child of example.com."""
    assert is_subdomain("a.example.com", "example.com")
    assert is_subdomain("example.com", "example.com")
    assert not is_subdomain("notexample.com", "example.com")
    assert list(parents("a.b.example")) == ["b.example", "example"]


@pytest.mark.parametrize("name", ["a b.example", "a!.example", "", "x" * 63 + ".example"])
def test_odd_names_that_fit_the_wire_may_be_asked(name: str) -> None:
    """SPF macros make such names (RFC 7208 section 7)."""
    assert flaw(name) == ""


@pytest.mark.parametrize("name", ["é.example", "a..b", ".a", "x" * 64, ".".join(["a" * 50] * 6)])
def test_names_that_do_not_fit_the_wire_say_why(name: str) -> None:
    assert flaw(name)
