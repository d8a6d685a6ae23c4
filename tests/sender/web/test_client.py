"""A forged X-Forwarded-For is worth nothing; our own proxies' word is."""

import pytest

from sender.web.client import client_address, hops_of, networks

TRUSTED = networks(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["1.1.1.1, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        ("127.0.0.1", ["1.1.1.1", "203.0.113.9", "10.1.2.3"], "203.0.113.9"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1"),
        ("2001:db8::1", ["2001:db9::9"], "2001:db9::9"),
    ],
)
def test_the_nearest_address_that_is_not_ours_is_the_visitor(
    peer: str, forwarded: list[str], client: str
) -> None:
    assert client_address(peer, hops_of("X-Forwarded-For", forwarded), TRUSTED) == client


@pytest.mark.parametrize(
    ("values", "client"),
    [
        (["for=203.0.113.9"], "203.0.113.9"),
        (['for=1.1.1.1, for="203.0.113.9:4711";proto=https;by=10.0.0.1'], "203.0.113.9"),
        (["for=1.1.1.1", 'proto=https;For="[2001:db9::9]:80"'], "2001:db9::9"),
        (["for=203.0.113.9, for=10.1.2.3"], "203.0.113.9"),
        (["for=203.0.113.9, for=_hidden"], "127.0.0.1"),
        (["for=203.0.113.9, for=unknown"], "127.0.0.1"),
        (["203.0.113.9"], "127.0.0.1"),
        (['for="'], "127.0.0.1"),
    ],
)
def test_the_standard_header_is_read_likewise(values: list[str], client: str) -> None:
    """RFC 7239; a hop that hides itself ends what can be believed."""
    assert client_address("127.0.0.1", hops_of("Forwarded", values), TRUSTED) == client


def test_ports_behind_addresses_are_taken_off() -> None:
    assert hops_of("X-Forwarded-For", ["203.0.113.9:1234, [2001:db9::9]:1", "2001:db9::9"]) == [
        "203.0.113.9",
        "2001:db9::9",
        "2001:db9::9",
    ]
