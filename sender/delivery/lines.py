"""Line ends on the wire: only CRLF, never a bare CR or LF, no NUL (RFC 5321 section 2.3.8).

A bare line end that one server takes for a line and the next does not is how mail is smuggled
(CVE-2023-51764 and its kin), so there is one place that settles it, before signing and before sending.
"""

import re

_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")

MAX_LINE = 998
"""Octets in a line without its CRLF (RFC 5322 section 2.1.1)."""


class NotOnTheWire(ValueError):
    """The message holds what no SMTP line may hold; the text says what and where."""


def canonical(message: bytes) -> bytes:
    """The message with CRLF as its only line end. Raises `NotOnTheWire` for a NUL or a long line."""
    if b"\0" in message:
        raise NotOnTheWire(f"a NUL octet at offset {message.index(0)}")
    lengths = [*map(len, message.splitlines())]
    if max(lengths, default=0) > MAX_LINE:
        number, length = next((n, length) for n, length in enumerate(lengths, 1) if length > MAX_LINE)
        raise NotOnTheWire(f"line {number} has {length} octets, and {MAX_LINE} is the most")
    if sum(lengths) + 2 * len(lengths) == len(message):  # each line ends in two octets: CRLF
        return message
    message = _BARE.sub(b"\r\n", message)
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def dot_stuffed(message: bytes) -> bytes:
    """What follows 354 for a canonical message: dots doubled, and the final dot (RFC 5321 section 4.5.2)."""
    body = message.replace(b"\r\n.", b"\r\n..") if b"\r\n." in message else message
    return (b"." if body.startswith(b".") else b"") + body + b".\r\n"
