"""Transfer encodings (RFC 2045 section 6) in pieces, so that a person's values are spliced into encoded text.

Each piece of quoted-printable ends in a soft line break unless it ends in a real one, so pieces may follow
each other in any order and no line is ever too long.
"""

import base64
import re
import struct
from itertools import chain

SHORT_AND_PLAIN = re.compile(r"[!-<>-~](?:[ -<>-~]{0,68}[!-<>-~])?\Z")
SOFT_BREAK = b"=\r\n"
LONGEST = 75
HEX = [f"={byte:02X}" for byte in range(256)]
LITERAL = {byte: chr(byte) for byte in range(33, 127) if byte != ord("=")} | {32: " ", 9: "\t"}
TABLE = [LITERAL.get(byte, HEX[byte]) for byte in range(256)]
ROWS = struct.Struct("76s" * 64)
"""Many lines at a time: eight times as fast as one by one."""
SAFE_RUN = re.compile(r"[\t -<>-~]*\Z")


def quoted(text: str) -> bytes:
    """One piece of quoted-printable; line ends of any kind become CRLF."""
    if SHORT_AND_PLAIN.match(text):
        return text.encode() + SOFT_BREAK
    lines = normal_lines(text).split("\n")
    last = _quoted_line(lines.pop())
    whole = "".join(_end_visible(_quoted_line(line)) + "\r\n" for line in lines)
    return (whole + (last + "=\r\n" if last else "")).encode()


def _quoted_line(line: str) -> str:
    if len(line) <= LONGEST and SAFE_RUN.match(line):
        return line
    rows: list[str] = []
    row: list[str] = []
    length = 0
    for byte in line.encode():
        piece = TABLE[byte]
        if length + len(piece) > LONGEST:
            rows.append("".join(row))
            row, length = [], 0
        row.append(piece)
        length += len(piece)
    rows.append("".join(row))
    return "=\r\n".join(rows)


def _end_visible(line: str) -> str:
    """White space at the end of a line is encoded, since relays cut it off (RFC 2045 section 6.7 rule 3)."""
    if line[-1:] not in (" ", "\t"):
        return line
    return f"{line[:-1]}=\r\n{HEX[ord(line[-1])]}"


def base64_lines(data: bytes) -> bytes:
    """Base64 in lines of 76 characters with CRLF, the last one too."""
    flat = memoryview(base64.b64encode(data))
    whole = len(flat) // ROWS.size * ROWS.size
    rows = [*chain.from_iterable(ROWS.iter_unpack(flat[:whole]))]
    rows += [flat[at : at + 76] for at in range(whole, len(flat), 76)]
    return b"\r\n".join([*rows, b""])


def normal_lines(text: str) -> str:
    """Every line end as LF, and no NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
