"""What several clicks show together: a gateway's walk is a machine's, and what readers do is theirs."""

import itertools
from datetime import timedelta

import pytest

from sender.web.together import BURST, COMPANY, ECHO, WALK, Click, machines, network_of
from tests.sender.world import NOW

NUMBERS = itertools.count()


def click(position: int, seconds: float, recipient: int = 7, **more: object) -> Click:
    at = NOW + timedelta(seconds=seconds)
    return Click(str(next(NUMBERS)), at, recipient, position, **more)  # type: ignore[arg-type]


def judged(*clicks: Click) -> list[str]:
    """The evidence against each click, "" for a person's."""
    found = machines(clicks)
    return [found.get(each.key, "") for each in clicks]


def test_three_links_within_two_seconds_are_a_machine() -> None:
    assert judged(click(0, 0), click(1, 0.5), click(2, 2)) == [BURST] * 3
    assert judged(click(0, 0), click(1, 1), click(2, 1.5), click(3, 30)) == [BURST] * 3 + [""]


def test_what_a_reader_does_is_none() -> None:
    assert judged(click(0, 0), click(1, 3), click(2, 6)) == [""] * 3
    assert judged(click(0, 0), click(0, 0.2), click(0, 0.4)) == [""] * 3, "an impatient finger"
    assert judged(click(0, 0), click(1, 0.1), click(2, 0.2, recipient=8)) == [""] * 3, "different readers"


def test_all_links_of_a_message_within_half_a_minute_are_a_walk() -> None:
    assert judged(*(click(number, 7 * number, links=4) for number in range(4))) == [WALK] * 4
    assert judged(*(click(number, 7 * number, links=5) for number in range(4))) == [""] * 4, (
        "one was left out"
    )
    assert judged(click(0, 0, links=2), click(1, 9, links=2)) == ["", ""], "two links are soon read"


def colleagues(
    people: int, seconds: float, company: str = "acme.test", network: str = "203.0.113.0/24"
) -> list[str]:
    clicks = [
        click(0, seconds * who, recipient=who, company=company, network=network) for who in range(people)
    ]
    return judged(*clicks)


def test_one_network_that_clicks_for_five_people_of_a_company_is_its_gateway() -> None:
    assert colleagues(5, 10) == [COMPANY] * 5
    assert colleagues(4, 1) == [""] * 4
    assert colleagues(5, 30) == [""] * 5, "over two minutes they may be colleagues at breakfast"
    assert colleagues(9, 1, company="") == [""] * 9, "strangers who share a mail service share a carrier, too"
    assert colleagues(9, 1, network="") == [""] * 9


def test_the_same_link_again_from_elsewhere_is_the_echo_of_a_persons_click() -> None:
    """Resend 901: a scanner follows twelve seconds after the reader; the reader's click counts."""
    home, scanner = "198.51.100.0/24", "203.0.113.0/24"
    assert judged(click(0, 0, network=home), click(0, 12, network=scanner)) == ["", ECHO]
    assert judged(click(0, 0, network=home), click(0, 90, network=scanner)) == ["", ""], "on the way home"
    assert judged(click(0, 0, network=home), click(1, 12, network=scanner)) == ["", ""], "another link"
    assert judged(click(0, 0, network=scanner, machine=True), click(0, 12, network=home)) == ["", ""]


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("93.184.216.34", "93.184.216.0/24"),
        ("2606:2800:220:1:248:1893:25c8:1946", "2606:2800:220:1::/64"),
        ("127.0.0.1", ""),
        ("10.1.2.3", ""),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_only_public_addresses_say_where_somebody_is(client: str, network: str) -> None:
    assert network_of(client) == network
