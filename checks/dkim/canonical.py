"""The two canonical forms of headers and bodies (RFC 6376 section 3.4), on bytes with CRLF line ends."""

import re

from checks.mail import Field

BLANKS = re.compile(rb"[ \t]+")
BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n|\Z)")
EMPTY_LINES_AT_END = re.compile(rb"(\r\n)*\Z")


def header(field: Field, form: str) -> bytes:
    """One field with its CRLF, in the form "simple" or "relaxed"."""
    if form == "simple":
        return field.raw
    name, _, value = field.raw.partition(b":")
    text = BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.strip(b" \t").lower() + b":" + text + b"\r\n"


def body(data: bytes, form: str) -> bytes:
    """The whole body; an empty one is CRLF when "simple" and nothing when "relaxed"."""
    if form == "relaxed":
        data = BLANKS.sub(b" ", BLANKS_AT_END.sub(b"", data))
    data = EMPTY_LINES_AT_END.sub(b"", data, count=1)
    if data or form == "simple":
        data += b"\r\n"
    return data


def without_signature(field: Field, tag: str = "b") -> Field:
    """The field with the value of `tag` deleted, as a signature covers itself (section 3.7)."""
    name, _, value = field.raw.partition(b":")
    parts = value.split(b";")
    for place, part in enumerate(parts):
        left, equals, right = part.partition(b"=")
        if equals and left.strip(b" \t\r\n") == tag.encode():
            ending = b"\r\n" if place == len(parts) - 1 and right.endswith(b"\r\n") else b""
            parts[place] = left + b"=" + ending
    return Field(name + b":" + b";".join(parts))
