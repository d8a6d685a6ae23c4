"""Name servers as people write them."""

import pytest

from checks.net.dns.servers import Address, listed, parse_server


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("192.0.2.53:5353", ("192.0.2.53", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)),
        ("[2001:db8::53]", ("2001:db8::53", 53)),
    ],
)
def test_addresses_come_with_or_without_a_port(text: str, server: tuple[str, int]) -> None:
    assert parse_server(text) == server


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is empty"), ("192.0.2.53:dns", "must be a number"), ("192.0.2.53:70000", "from 1 to 65535")],
)
def test_what_is_no_server_gets_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_server(text)


def test_resolv_conf_is_read_as_it_is_found_in_the_wild() -> None:
    """Comments, search lists, options and nonsense stand in it too."""
    text = "# made by something\nsearch example.com\nnameserver 192.0.2.53\nnameserver\nnameserver x\n"
    assert listed(text + "options edns0\nnameserver 2001:db8::53 # second\n") == [
        ("192.0.2.53", 53),
        ("2001:db8::53", 53),
    ]


def test_evidence_names_the_port_only_when_it_is_unusual() -> None:
    assert [str(Address("192.0.2.53")), str(Address("::1", 5353))] == ["192.0.2.53", "[::1]:5353"]
