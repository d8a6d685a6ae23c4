"""Macro expansion, by the examples of RFC 7208 section 7.4."""

import pytest

from checks.spf.macro import parse

VALUES = {
    "s": "strong-bad@email.example.com",
    "l": "strong-bad",
    "o": "email.example.com",
    "d": "email.example.com",
    "i": "192.0.2.3",
    "v": "in-addr",
    "h": "mx.example.org",
}


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%%%_%-", "% %20"),
        ("%{d99999999999999999999}", "email.example.com"),
    ],
)
def test_macros_expand_as_the_rfc_shows(text: str, expanded: str) -> None:
    parsed, faults = parse(text)

    assert faults == ()
    assert parsed.expand(VALUES.__getitem__) == expanded


def test_explanations_may_use_letters_that_domains_may_not() -> None:
    assert parse("%{c}", explanation=True)[1] == ()
    assert len(parse("%{c}")[1]) == 1


def test_what_a_string_needs_is_known_before_it_is_expanded() -> None:
    parsed, _ = parse("%{ir}.%{V}._spf.%{d}")

    assert parsed.letters == {"i", "v", "d"}
