"""Pieces encoded apart read as one text when they are put together."""

import base64
import quopri

from hypothesis import given
from hypothesis import strategies as st

from sender.content.transfer import base64_lines, normal_lines, quoted

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200) | st.text(
    "=. \tä\n", max_size=300
)


@given(st.lists(TEXT, max_size=6))
def test_any_pieces_in_a_row_decode_to_their_texts_in_a_row(pieces: list[str]) -> None:
    encoded = b"".join(quoted(piece) for piece in pieces)
    expected = "".join(normal_lines(piece) for piece in pieces).replace("\n", "\r\n")
    assert quopri.decodestring(encoded) == expected.encode()


@given(st.lists(TEXT, max_size=6))
def test_no_line_is_longer_than_76_and_none_ends_in_white_space(pieces: list[str]) -> None:
    """RFC 2045 section 6.7, rules 3 and 5."""
    encoded = b"".join(quoted(piece) for piece in pieces)
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))
        assert b"\r" not in line
        assert b"\n" not in line
        assert line.isascii()


@given(st.binary(max_size=500))
def test_base64_lines_decode_and_end_in_crlf(data: bytes) -> None:
    encoded = base64_lines(data)
    assert base64.b64decode(encoded) == data
    assert not data or encoded.endswith(b"\r\n")
    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))
