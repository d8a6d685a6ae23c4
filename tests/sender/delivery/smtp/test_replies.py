"""From bytes to replies: whole, split anywhere, and hostile."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sender.delivery.smtp.capabilities import Capabilities, capabilities
from sender.delivery.smtp.replies import Malformed, Reply, ReplyParser

TALK = b"220 mx.example ESMTP\r\n250-mx.example\r\n250-PIPELINING\r\n250 SIZE 10\r\n354\r\n550 5.1.1 no\r\n"
REPLIES = [
    Reply(220, ("mx.example ESMTP",)),
    Reply(250, ("mx.example", "PIPELINING", "SIZE 10")),
    Reply(354, ("",)),
    Reply(550, ("5.1.1 no",)),
]


@given(cuts=st.lists(st.integers(0, len(TALK)), max_size=12))
def test_it_does_not_matter_how_the_bytes_arrive(cuts: list[int]) -> None:
    parser = ReplyParser()
    edges = [0, *sorted(cuts), len(TALK)]
    parts = [TALK[a:b] for a, b in pairwise(edges)]

    assert [reply for part in parts for reply in parser.feed(part)] == REPLIES
    assert parser.idle


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "not an SMTP reply: HTTP/1.1"),
        (b"\x16\x03\x01\x00\x05\n", "not an SMTP reply"),
        (b"199 early\r\n", "not an SMTP reply"),
        (b"2500 four digits\r\n", "not an SMTP reply"),
        (b"250 " + b"x" * 5_000, "more than 2048 octets"),
        (b"250 " + b"x" * 5_000 + b"\r\n", "not an SMTP reply"),
        (b"250-a\r\n550 b\r\n", "begins with 250 goes on with 550"),
        (b"250-a\r\n" * 200, "more than 128 lines"),
    ],
)
def test_what_is_no_smtp_ends_the_conversation(said: bytes, complaint: str) -> None:
    with pytest.raises(Malformed, match=complaint):
        ReplyParser().feed(said)


@given(st.binary(max_size=3_000))
def test_no_bytes_do_harm(said: bytes) -> None:
    """Whatever is said becomes replies whose text can be stored anywhere, or is malformed."""
    try:
        said_to_us = [reply.text for reply in ReplyParser().feed(said)]
    except Malformed as fault:
        said_to_us = [str(fault)]

    assert all("\0" not in text and text.encode("utf-8") for text in said_to_us if text)


@pytest.mark.parametrize(
    ("code", "line", "enhanced"),
    [
        (550, "5.1.1 The email account does not exist", "5.1.1"),
        (421, "4.7.28 Our system has detected", "4.7.28"),
        (450, "4.2.0", "4.2.0"),
        (550, "4.7.1 contradicts its own code", ""),
        (550, "permanent failure 5.1.1", ""),
        (554, "5.7.1234 not three numbers", ""),
        (250, "2.0.0 OK  1700000000 a1-20020a", "2.0.0"),
    ],
)
def test_the_enhanced_code_is_read_where_rfc_3463_puts_it(code: int, line: str, enhanced: str) -> None:
    assert Reply(code, (line,)).enhanced == enhanced


def test_what_a_server_can_do_is_read_from_its_ehlo() -> None:
    said = (
        *("mx.example greets you", "PIPELINING", "8bitmime", "SMTPUTF8", "STARTTLS", "SIZE 35882577"),
        *("AUTH LOGIN PLAIN", "AUTH=PLAIN CRAM-MD5", "X-EXPS", "", "DSN"),
    )

    assert capabilities(Reply(250, said)) == Capabilities(
        *(True, True, True, True, True), 35_882_577, frozenset({"LOGIN", "PLAIN", "CRAM-MD5"})
    )


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE many", "SIZE " + "9" * 400])
def test_a_size_without_a_sane_number_sets_no_limit(size: str) -> None:
    """RFC 1870 section 3: zero or nothing means that there is no fixed limit."""
    can = capabilities(Reply(250, ("mx", size)))

    assert can.announces_size
    assert can.size == 0
