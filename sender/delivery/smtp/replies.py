"""From bytes to SMTP replies (RFC 5321 section 4.2). No sockets; hostile input is bounded."""

import re
from dataclasses import dataclass

MAX_LINE = 2_048
"""RFC 5321 section 4.5.3.1.5 allows 512 octets; real servers put longer links into their refusals."""
MAX_LINES = 128
MAX_WAITING = 64
"""Replies that nobody asked for."""

CLOSING = 421
"""The server will hang up, whatever it was asked (RFC 5321 section 3.8)."""

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\S)")
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {9: " "}


class Malformed(ValueError):
    """The other side does not speak SMTP; the text says what it said instead."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply; `lines` without code and line ends, decoded as UTF-8 with odd octets escaped."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def enhanced(self) -> str:
        """RFC 3463's code as "5.1.1", "" if none is given or its class contradicts the reply's."""
        for line in self.lines:
            if (found := _ENHANCED.match(line)) and int(found[1]) == self.code // 100:
                return f"{found[1]}.{int(found[2])}.{int(found[3])}"
        return ""

    @property
    def kind(self) -> int:
        """The first digit: 2 done, 3 go on, 4 not now, 5 no."""
        return self.code // 100


class ReplyParser:
    """Collects bytes until replies are whole. After `Malformed` the connection is of no more use."""

    def __init__(self) -> None:
        self._buffer = b""
        self._lines: list[str] = []
        self._code = 0

    @property
    def idle(self) -> bool:
        """Nothing half-read: after STARTTLS nothing of the clear text may be left (CVE-2011-0411)."""
        return not self._buffer and not self._lines

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that these bytes complete. A bare LF ends a line too: servers do that."""
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        if len(self._buffer) > MAX_LINE:
            raise Malformed(f"a line of more than {MAX_LINE} octets: {show(self._buffer[:80])}…")
        return [reply for line in lines if (reply := self._line(line.removesuffix(b"\r")))]

    def _line(self, line: bytes) -> Reply | None:
        found = _LINE.fullmatch(line) if len(line) <= MAX_LINE else None
        if not found:
            raise Malformed(f"not an SMTP reply: {show(line[:80])}")
        code, more, text = int(found[1]), found[2] == b"-", show(found[3] or b"")
        if self._lines and code != self._code:
            raise Malformed(f"a reply that begins with {self._code} goes on with {code}")
        self._code = code
        self._lines.append(text)
        if len(self._lines) > MAX_LINES:
            raise Malformed(f"a reply of more than {MAX_LINES} lines")
        return None if more else self._take()

    def _take(self) -> Reply:
        lines, self._lines = tuple(self._lines), []
        return Reply(self._code, lines)


def show(octets: bytes) -> str:
    """As text that can be stored and printed: UTF-8, everything else and control characters escaped."""
    return octets.decode("utf-8", "backslashreplace").translate(_CONTROL)
