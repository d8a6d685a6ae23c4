"""A DNS message taken apart (RFC 1035 section 4). Pure.

dnspython reads every record of a message into objects, which takes three quarters of the time that a question
costs. Here a record stays where it is until it is wanted, and dnspython reads only what it knows best: the
rarer types. It stays the oracle of the tests.
"""

import re
import struct
from dataclasses import dataclass

_HEADER = struct.Struct("!HHHHHH")
_FIXED = struct.Struct("!HHIH")
_USUAL = re.compile(rb"[A-Za-z0-9_-]*")
_SPECIAL = b'"().;\\@$'
_POINTER, _LONGEST_LABEL, _LONGEST_NAME = 0xC0, 63, 255
_TO_THE_QUESTION = b"\xc0\x0c"
"""A pointer to the octet after the header, where the question's name stands."""
OPT = 41


class MalformedError(ValueError):
    """The bytes are no message; says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Rr:
    """One resource record; its data lies in the message from `start` to `end`."""

    name: str
    rdtype: int
    rdclass: int
    ttl: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Packet:
    """A message. `rcode` is the extended one where there is an OPT record (RFC 6891 section 6.1.3)."""

    data: bytes
    flags: int
    rcode: int
    answer: tuple[Rr, ...]
    authority: tuple[Rr, ...]
    opt: Rr | None


def take_apart(data: bytes) -> Packet:
    """Raises MalformedError when the bytes are cut off or point nowhere. Bytes behind the end are ignored."""
    try:
        return _take_apart(data)
    except (IndexError, struct.error) as error:
        raise MalformedError("it is cut off") from error


def _take_apart(data: bytes) -> Packet:
    _, flags, questions, answers, authorities, additionals = _HEADER.unpack_from(data)
    at = _HEADER.size
    asked = ""
    for _ in range(questions):
        name, at = name_at(data, at)
        asked, at = asked or name, at + 4
    answer, at = _records(data, at, answers, asked)
    authority, at = _records(data, at, authorities, asked)
    additional, at = _records(data, at, additionals, asked)
    opt = next((rr for rr in additional if rr.rdtype == OPT), None)
    rcode = flags & 0xF | (opt.ttl >> 24 << 4 if opt else 0)
    return Packet(data, flags, rcode, answer, authority, opt)


def _records(data: bytes, at: int, count: int, asked: str) -> tuple[tuple[Rr, ...], int]:
    """The records of a section; nearly all answers point to the question's name (`asked`) for theirs."""
    found = []
    for _ in range(count):
        if asked and data[at : at + 2] == _TO_THE_QUESTION:
            name, at = asked, at + 2
        else:
            name, at = name_at(data, at)
        rdtype, rdclass, ttl, size = _FIXED.unpack_from(data, at)
        start = at + _FIXED.size
        at = start + size
        if at > len(data):
            raise MalformedError("it is cut off in a record")
        found.append(Rr(name, rdtype, rdclass, ttl, start, at))
    return tuple(found), at


def name_at(data: bytes, at: int) -> tuple[str, int]:
    """The name that begins at `at`, as the house writes it, and where the bytes after it begin.

    Characters that are not of host names come as escapes (RFC 1035 section 5.1). A pointer must lead
    backwards, so that a name always ends. Raises MalformedError or IndexError.
    """
    labels: list[str] = []
    after, lowest, size = -1, at, 0
    while length := data[at]:
        if length >= _POINTER:
            after = at + 2 if after < 0 else after
            at = (length & 0x3F) << 8 | data[at + 1]
            if at >= lowest:
                raise MalformedError("a name points forward")
            lowest = at
            continue
        if length > _LONGEST_LABEL:
            raise MalformedError("a label is of a kind that does not exist")
        label = data[at + 1 : at + 1 + length]
        at += 1 + length
        size += 1 + length
        labels.append(label.decode().lower() if _USUAL.fullmatch(label) else escaped(label))
    if size >= _LONGEST_NAME:
        raise MalformedError("a name is longer than 255 octets")
    return ".".join(labels), after if after >= 0 else at + 1


def escaped(label: bytes) -> str:
    """A label in presentation form, lower-case."""
    return "".join(_character(octet) for octet in label.lower())


def _character(octet: int) -> str:
    if octet in _SPECIAL:
        return "\\" + chr(octet)
    return chr(octet) if 0x20 < octet < 0x7F else f"\\{octet:03d}"
