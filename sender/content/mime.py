"""The body of a message: parts, boundaries and attachments (RFC 2046), laid out once a campaign.

A body is a row of pieces: bytes that are the same for everybody, and merge nodes that are filled in for
each person and encoded on the way.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from operator import itemgetter
from typing import Protocol
from urllib.parse import quote

from sender.content.guard import check_value
from sender.content.merge import MergeError
from sender.content.nodes import Branch, Condition, Field, Nodes
from sender.content.relaxed import relaxed
from sender.content.transfer import SOFT_BREAK, base64_lines, normal_lines, quoted

PLAIN = "text/plain"
HTML = "text/html"
KIND = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+\Z", re.IGNORECASE)
CID = re.compile(r"[A-Za-z0-9._@-]{1,100}\Z")
NO_PATH = str.maketrans({'"': "'", "\\": "_", "/": "_"})
SHORT = 70
AS_IT_IS = re.compile(r"[A-Za-z0-9_.:/@+?!,;-]+(?: [A-Za-z0-9_.:/@+?!,;-]+)*\Z")
"""What reads the same in text, HTML, quoted-printable and relaxed, if short: most names and all tokens."""
MOST_FILLED = 5_000_000
LONGEST_NAME = 150
STRETCH = 60
MOSTLY_FOREIGN = 0.2
"""From this share of non-ASCII bytes on, base64 is the shorter encoding."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with every copy; with `cid` it is shown inside the HTML as `src="cid:…"`."""

    name: str
    kind: str
    content: bytes
    cid: str = ""


Filled = tuple[bytes, bytes]
"""Encoded text for one person as it is sent, and as DKIM hashes it."""


class Hole(Protocol):
    """A place in a text that is filled in and encoded for each person."""

    def filled(self, fields: Mapping[str, str]) -> Filled: ...


@dataclass(frozen=True, slots=True)
class QuotedField:
    field: Field
    html: bool

    def filled(self, fields: Mapping[str, str]) -> Filled:
        value = self.field.value(fields)
        if value and len(value) <= SHORT and AS_IT_IS.match(value):
            encoded = value.encode() + SOFT_BREAK
            return encoded, encoded
        encoded = quoted(_filled(self.field, fields, self.html))
        return encoded, relaxed(encoded)


@dataclass(frozen=True, slots=True)
class RawField:
    field: Field
    html: bool

    def filled(self, fields: Mapping[str, str]) -> Filled:
        raw = _raw(_filled(self.field, fields, self.html))
        return raw, raw


def _raw(text: str) -> bytes:
    return normal_lines(text).replace("\n", "\r\n").encode()


@dataclass(frozen=True, slots=True)
class SplicedBranch:
    condition: Condition
    then: "Spliced"
    otherwise: "Spliced"

    def filled(self, fields: Mapping[str, str]) -> Filled:
        return (self.then if self.condition.holds(fields) else self.otherwise).filled(fields)


@dataclass(frozen=True, slots=True)
class Spliced:
    """A text of which all that is the same for everybody is encoded already.

    `pieces` takes turns: a stretch of encoded text, a gap, a stretch … One token stands in every link, so a
    hole is filled once, and `places` says which hole belongs into which gap.
    """

    pieces: list[bytes]
    relaxed: list[bytes]
    """The same as DKIM hashes it (`sender.content.relaxed`)."""
    holes: tuple[Hole, ...]
    places: Callable[[Sequence[bytes]], Sequence[bytes]]
    counts: tuple[int, ...]
    """How many gaps each hole fills."""

    def filled(self, fields: Mapping[str, str]) -> Filled:
        pieces, hashed = self.pieces.copy(), self.relaxed.copy()
        values = [hole.filled(fields) for hole in self.holes]
        _check_length(sum([len(value[0]) * count for value, count in zip(values, self.counts, strict=True)]))
        pieces[1::2] = self.places([encoded for encoded, _ in values])
        hashed[1::2] = self.places([calm for _, calm in values])
        return b"".join(pieces), b"".join(hashed)


def _check_length(length: int) -> None:
    """A long value in many places is more than memory holds."""
    if length > MOST_FILLED:
        raise MergeError(f"What is filled in has {length:,} bytes; {MOST_FILLED:,} is the most.")


def _filled(field: Field, fields: Mapping[str, str], html: bool) -> str:
    """A person's value is escaped; a default is markup of the template's author, and stays as it is."""
    value = field.value(fields)
    if not value:
        return field.default or ""
    return escape(value) if html else value


@dataclass(frozen=True, slots=True)
class Encoding:
    text: Callable[[str], bytes]
    hole: Callable[[Field, bool], Hole]


QUOTED = Encoding(quoted, QuotedField)
RAW = Encoding(_raw, RawField)


def _spliced(nodes: Nodes, html: bool, encoding: Encoding) -> Spliced:
    pieces, numbers, order = [b""], dict[Field | Branch, int](), list[int]()
    for node in nodes:
        if isinstance(node, str):
            pieces[-1] += encoding.text(node)
            continue
        order.append(numbers.setdefault(node, len(numbers)))
        pieces += [b"", b""]
    holes = tuple(_hole(node, html, encoding) for node in numbers)
    counts = tuple(map(order.count, range(len(holes))))
    return Spliced(pieces, [relaxed(piece) for piece in pieces], holes, _picker(order), counts)


def _hole(node: Field | Branch, html: bool, encoding: Encoding) -> Hole:
    if isinstance(node, Field):
        return encoding.hole(node, html)
    then, otherwise = (_spliced(nodes, html, encoding) for nodes in (node.then, node.otherwise))
    return SplicedBranch(node.condition, then, otherwise)


def _picker(order: Sequence[int]) -> Callable[[Sequence[bytes]], Sequence[bytes]]:
    """`itemgetter` as a function from sequence to sequence, also of one item or none."""
    match order:
        case []:
            return itemgetter(slice(0))
        case [one]:
            return itemgetter(slice(one, one + 1))
        case _:
            return itemgetter(*order)


@dataclass(frozen=True, slots=True)
class Base64Part:
    """A text that is mostly not ASCII; put together as it is, and encoded for each person."""

    text: Spliced

    def filled(self, fields: Mapping[str, str]) -> Filled:
        encoded = base64_lines(self.text.filled(fields)[0])
        return encoded, encoded


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is the same for everybody."""

    piece: bytes
    relaxed: bytes

    @classmethod
    def of(cls, piece: bytes) -> "Fixed":
        return cls(piece, relaxed(piece))

    def filled(self, fields: Mapping[str, str]) -> Filled:  # noqa: ARG002
        return self.piece, self.relaxed


Part = bytes | Spliced | Base64Part
Body = Fixed | Spliced | Base64Part


def text_part(nodes: Nodes, kind: str) -> tuple[bytes, Part]:
    """The part's headers, and the part."""
    sample = "".join(node for node in nodes if isinstance(node, str))
    foreign = len(sample.encode()) - len(sample.encode("ascii", "ignore"))
    as_base64 = foreign > MOSTLY_FOREIGN * max(1, len(sample.encode()))
    encoding = "base64" if as_base64 else "quoted-printable"
    head = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n".encode()
    if as_base64:
        return head, Base64Part(_spliced(nodes, kind == HTML, RAW))
    return head, _spliced(nodes, kind == HTML, QUOTED)


Entity = tuple[bytes, Sequence[Part]]
"""A MIME entity: its own headers, and its body in pieces."""


def multipart(kind: str, boundary: str, parts: Sequence[Entity]) -> Entity:
    """Parts joined under a boundary; the result is itself (headers, pieces) and nests."""
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n'.encode()
    pieces: list[Part] = []
    for part_head, body in parts:
        pieces += [f"--{boundary}\r\n".encode() + part_head + b"\r\n", *body, b"\r\n"]
    return head, [*pieces, f"--{boundary}--\r\n".encode()]


def attachment_part(attachment: Attachment) -> Entity:
    """An attachment or inline image, encoded once; raises `HeaderInjection` or ValueError on a bad name."""
    kind = check_value("Content-Type", attachment.kind)
    if not KIND.match(kind):
        raise ValueError(f"{kind!r} is not a media type")
    disposition = "inline" if attachment.cid else "attachment"
    head = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: {disposition};{_filename(attachment.name)}\r\n"
    )
    if attachment.cid:
        if not CID.match(attachment.cid):
            raise ValueError(f"{attachment.cid!r} is not a content id")
        head += f"Content-ID: <{attachment.cid}>\r\n"
    return head.encode(), [base64_lines(attachment.content)]


def _filename(name: str) -> str:
    """`filename="…"`, or percent-encoded and in stretches beyond ASCII (RFC 2231 sections 3 and 4)."""
    name = check_value("Content-Disposition", name).translate(NO_PATH)[:LONGEST_NAME]
    if name.isascii():
        return f'\r\n filename="{name}"'
    coded = ["utf-8''", *(quote(character, safe="") for character in name)]
    stretches = [""]
    for piece in coded:
        if len(stretches[-1]) + len(piece) > STRETCH:
            stretches.append("")
        stretches[-1] += piece
    if len(stretches) == 1:
        return f"\r\n filename*={stretches[0]}"
    return ";".join(f"\r\n filename*{number}*={text}" for number, text in enumerate(stretches))
