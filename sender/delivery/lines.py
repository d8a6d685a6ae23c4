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
    breaks = message.count(b"\r\n")
    if breaks != message.count(b"\n") or breaks != message.count(b"\r"):
        message = _BARE.sub(b"\r\n", message)
    _check_lengths(message)
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def _check_lengths(message: bytes) -> None:
    """From one line end to the last one that the longest line allows, so that most are never looked at."""
    at = 0
    while len(message) - at > MAX_LINE:
        end = message.rfind(b"\r\n", at, at + MAX_LINE + 2)
        if end < 0:
            number = message.count(b"\r\n", 0, at) + 1
            length = len(message[at:].partition(b"\r\n")[0])
            raise NotOnTheWire(f"line {number} has {length} octets, and {MAX_LINE} is the most")
        at = end + 2


def dot_stuffed(message: bytes) -> bytes:
    """What follows 354 for a canonical message: dots doubled, and the final dot (RFC 5321 section 4.5.2)."""
    body = message.replace(b"\r\n.", b"\r\n..") if b"\r\n." in message else message
    return (b"." if body.startswith(b".") else b"") + body + b".\r\n"
