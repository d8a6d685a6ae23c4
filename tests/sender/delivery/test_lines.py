"""What leaves is one message to every reader, whatever line ends it had (S4; CVE-2023-51764 and its kin)."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sender.delivery.lines import MAX_LINE, NotOnTheWire, canonical, dot_stuffed

ENDS = {
    "strict": re.compile(rb"\r\n\.\r\n"),
    "takes LF for a line end": re.compile(rb"\r?\n\.\r?\n"),
    "takes CR for one too": re.compile(rb"(?:\r\n|\r|\n)\.(?:\r\n|\r|\n)"),
}
"""Where a server that reads like this believes that the message ends."""


def unstuffed(wire: bytes) -> bytes:
    lines = wire.removesuffix(b".\r\n").split(b"\r\n")
    return b"\r\n".join(line.removeprefix(b".") for line in lines)


@pytest.mark.parametrize("reader", ENDS)
def test_around_a_dot_every_mixture_of_line_ends_is_one_message(reader: str) -> None:
    for ends in product(["\r\n", "\n", "\r"], repeat=5):
        message = "a{}.{}{}.{}MAIL FROM:<x@example.org>{}".format(*ends).encode()
        wire = dot_stuffed(canonical(message))
        found = ENDS[reader].search(b"\r\n" + wire)
        assert found
        assert found.end() == len(wire) + 2
        assert unstuffed(wire) == canonical(message)


@given(st.text(alphabet="\r\n. ax", max_size=60).map(str.encode))
def test_whatever_is_sent_comes_out_as_it_went_in(message: bytes) -> None:
    wire = dot_stuffed(canonical(message))
    assert unstuffed(wire) == canonical(message)
    assert canonical(canonical(message)) == canonical(message)
    for ends in ENDS.values():
        found = ends.search(b"\r\n" + wire)
        assert found
        assert found.end() == len(wire) + 2


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r", b""])
def test_a_line_may_have_998_octets_and_not_one_more(end: bytes) -> None:
    assert canonical(b"x" * MAX_LINE + end) == b"x" * MAX_LINE + b"\r\n"
    with pytest.raises(NotOnTheWire, match="line 2 has 999 octets"):
        canonical(b"a" + (end or b"\n") + b"x" * (MAX_LINE + 1) + end)
