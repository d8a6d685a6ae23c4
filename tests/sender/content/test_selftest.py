"""No value that anybody can set becomes a header, wherever it stands (S3 of the security tests)."""

import email
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sender.content import guard, headers, selftest
from sender.content.guard import header_names
from sender.content.selftest import ATTACKS, PLACES, UnsafePlatform, self_test

PIECES = st.sampled_from([
    "\r", "\n", "\r\n", "\0", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e", "\ufeff", "\u202e",
    "Bcc: evil@example.org", "=?utf-8?q?", "=0D=0A", "?=", "=?utf-8?b?DQo=?=", "=?", ":", " ", "\t", "<", ">",
    '"', "\\", ",", ";", "(", "@", "{{name}}", "é", "名", "a", "--=_homing", ".", "%0d%0a", "\ud800",
])  # fmt: skip
VALUES = st.lists(PIECES | st.characters(), max_size=12).map("".join)


def test_the_test_at_the_start_of_each_worker_holds_here() -> None:
    self_test()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_or_harmless_in_every_place(place: str, attack: str) -> None:
    assert not selftest._lets_in(PLACES[place], attack, header_names(PLACES[place]("hi")))


def test_an_installation_that_lets_headers_in_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it would be if the guard did not see control characters and the header writer let them out."""
    monkeypatch.setattr(guard, "CONTROLS", re.compile(r"(?!)"))
    monkeypatch.setattr(guard, "ENCODED_WORD", re.compile(r"(?!)"))
    monkeypatch.setattr(headers, "PLAIN", re.compile(r".*", re.DOTALL))
    with pytest.raises(UnsafePlatform, match="Nothing will be sent"):
        self_test()


def decoded(value: str) -> str:
    """As a reader shows it, or an archive writes it down."""
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    try:
        return str(make_header(decode_header(unfolded)))
    except (LookupError, UnicodeError, HeaderParseError):
        return unfolded


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=40)
@given(value=VALUES)
def test_whatever_stands_there_the_message_has_its_own_headers_and_no_others(place: str, value: str) -> None:
    check(place, value)


@pytest.mark.soak
@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=15_000, deadline=None)
@given(value=VALUES)
def test_two_hundred_thousand_values_add_no_header(place: str, value: str) -> None:
    check(place, value)


def check(place: str, value: str) -> None:
    try:
        raw = PLACES[place]("x" + value)
    except ValueError:
        return
    expected = header_names(PLACES[place]("hi"))
    head = raw.partition(b"\r\n\r\n")[0]
    assert header_names(raw) == expected
    assert email.message_from_bytes(raw).keys() == expected
    read = email.message_from_bytes(raw)
    assert not [text for value in read.values() if len((text := decoded(value)).splitlines()) > 1]
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert len([*read.walk()]) == len([*email.message_from_bytes(PLACES[place]("hi")).walk()])
