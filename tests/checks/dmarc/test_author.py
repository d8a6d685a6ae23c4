"""The From header as senders, and forgers, write it: whose domain is it?"""

import pytest

from checks.dmarc.author import author_domain


@pytest.mark.parametrize(
    ("header", "domain"),
    [
        ("ann@example.com", "example.com"),
        ("Ann <ann@Example.COM>", "example.com"),
        ("From: Ann <ann@example.com>", "example.com"),
        ('"Ann <ann@other.example>" <ann@example.com>', "example.com"),
        ('"Ann <ann@other.example>" ann@example.com', "example.com"),
        ('"Ann \\" <x@other.example>" <ann@example.com>', "example.com"),
        ("(ann@other.example (nested)) ann@example.com", "example.com"),
        ("ann@other.example <ann@example.com>", "example.com"),
        ('"ann@home"@example.com', "example.com"),
        ("Smith, Ann <ann@example.com>", "example.com"),
        ("ann@example.com, bob@other.example", "example.com"),
        ("<@relay.example,@hop.example:ann@example.com>", "example.com"),
        ("<<<><ann@example.com>>>", "example.com"),
        ("Ann (unclosed <ann@example.com>", "example.com"),
        ('"unclosed <ann@example.com>', "example.com"),
        (" <ann@example.com > ", "example.com"),
        ("ann@example.com.", "example.com"),
        ("ann@münchen.example", "münchen.example"),
        ("undisclosed-recipients:;", None),
        ("", None),
    ],
)
def test_the_author_domain_is_found(header: str, domain: str | None) -> None:
    assert author_domain(header) == domain


@pytest.mark.parametrize("header", ["(" * 5_000, '"' * 5_001, "<" * 5_000 + "@", "a@" * 2_000, ",<" * 2_000])
def test_a_hostile_header_takes_no_time(header: str) -> None:
    """Bounded work whatever the bytes; a hang here would be a hang for every audit of a message."""
    author_domain(header)
