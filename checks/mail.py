"""A message as it travels: header fields in their raw bytes and order, and the body (RFC 5322 section 2).

Nothing is decoded here: signatures are over bytes.
"""

import re
from dataclasses import dataclass

BARE_LF = re.compile(rb"(?<!\r)\n")
FIELD_END = re.compile(rb"(?<=\n)(?![ \t])")
MBOX = b"From "
"""The first line of a message in a mailbox file; not part of the message."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: `raw` with its folding and the CRLF at its end."""

    raw: bytes

    @property
    def name(self) -> str:
        """In lower case; "" for a line that is no field."""
        name, colon, _ = self.raw.partition(b":")
        return name.strip(b" \t\r\n").decode("ascii", "replace").lower() if colon else ""

    @property
    def value(self) -> str:
        """Unfolded, as text; bytes that are not UTF-8 are replaced."""
        text = self.raw.partition(b":")[2].replace(b"\r\n", b"").strip(b" \t")
        return text.decode("utf-8", "replace")

    @property
    def body(self) -> str:
        """Everything after the colon with its folding, one character a byte."""
        return self.raw.partition(b":")[2].decode("latin-1")


@dataclass(frozen=True, slots=True)
class Mail:
    """A message. `fields` from top to bottom."""

    fields: tuple[Field, ...]
    body: bytes

    def all(self, name: str) -> tuple[Field, ...]:
        """The fields of that name (lower case), from top to bottom."""
        return tuple(field for field in self.fields if field.name == name)

    def first(self, name: str) -> str:
        """The value of the topmost field of that name; "" when there is none."""
        return next((field.value for field in self.fields if field.name == name), "")


def read_mail(data: bytes) -> Mail:
    """Take a message apart. Bare LFs become CRLFs, as on the wire; never raises."""
    data = BARE_LF.sub(b"\r\n", data)
    if data.startswith(MBOX):
        data = data.partition(b"\r\n")[2]
    if not data or data.startswith(b"\r\n"):
        return Mail((), data[2:])
    head, found, body = data.partition(b"\r\n\r\n")
    head += b"\r\n" if found or not head.endswith(b"\r\n") else b""
    return Mail(tuple(Field(raw) for raw in FIELD_END.split(head) if raw), body)
