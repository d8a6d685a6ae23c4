"""A question as bytes for the wire, and whether bytes that came back belong to it. Pure."""

import struct
from dataclasses import dataclass
from functools import lru_cache

import dns.exception
import dns.name
import dns.rdatatype

from checks.names import flaw

RD, AD, TC, QR = 0x0100, 0x0020, 0x0200, 0x8000
OPCODE = 0x7800
PAYLOAD = 1232
"""The EDNS buffer size that passes every common path without fragments (DNS flag day 2020)."""

_HEADER = struct.Struct("!HHHHHH")
_OPT = b"\x00" + struct.pack("!HHIH", 41, PAYLOAD, 0, 0)  # RFC 6891 section 6.1.2, DO not set
_TYPE_AND_CLASS = 4
_HEADER_SIZE = 12
_LONGEST_TYPE = 16


@dataclass(frozen=True, slots=True)
class Query:
    """The question section, and how it is asked. One object serves every try of a question."""

    section: bytes
    recurse: bool = True
    edns: bool = True

    def packet(self, ident: int) -> bytes:
        """The whole message. AD asks the resolver to tell whether it validated (RFC 6840 section 5.7)."""
        flags = RD | AD if self.recurse else 0
        header = _HEADER.pack(ident, flags, 1, 0, 0, 1 if self.edns else 0)
        return header + self.section + _OPT if self.edns else header + self.section

    def owns(self, reply: bytes) -> bool:
        """Whether a message with our id is a reply to this question.

        A server may leave the question out of an error, and some do of a truncated reply: neither brings
        records, and over TCP the question is looked at again.
        """
        if len(reply) < _HEADER_SIZE:
            return False
        _, flags, questions, *_ = _HEADER.unpack_from(reply)
        if not flags & QR or flags & OPCODE:
            return False
        if questions == 0:
            return bool(flags & TC) or flags & 0xF not in (0, 3)
        end = _HEADER_SIZE + len(self.section)
        name_end = end - _TYPE_AND_CLASS
        return (
            questions == 1
            and reply[name_end:end] == self.section[-_TYPE_AND_CLASS:]
            and reply[_HEADER_SIZE:name_end].lower() == self.section[:-_TYPE_AND_CLASS].lower()
        )


def truncated(reply: bytes) -> bool:
    return bool(reply[2] & (TC >> 8))


@lru_cache(maxsize=256)
def rdtype_number(rdtype: str) -> int | None:
    """The number of a type's mnemonic ("TXT", "TYPE65280"); None when there is no such type."""
    try:
        return int(dns.rdatatype.from_text(rdtype))
    except (dns.exception.DNSException, ValueError):
        return None


def section(name: str, rdtype: str) -> bytes:
    """The question section (RFC 1035 section 4.1.2).

    Raises ValueError with a sentence when the question cannot be asked. A backslash is the escape of a name
    that came out of a message (RFC 1035 section 5.1).
    """
    if bad := flaw(name):
        raise ValueError(bad)
    number = rdtype_number(rdtype) if len(rdtype) <= _LONGEST_TYPE else None
    if number is None:
        raise ValueError(f"{rdtype!r} is not a record type")
    return _wire_name(name) + struct.pack("!HH", number, 1)


def _wire_name(name: str) -> bytes:
    if "\\" in name:
        try:
            return dns.name.from_text(name).to_wire() or b"\0"
        except dns.exception.DNSException as error:
            raise ValueError(f"{name!r}: {error}") from error
    labels = name.encode("ascii").split(b".") if name else []
    return b"".join([bytes((len(label),)) + label for label in labels]) + b"\0"
