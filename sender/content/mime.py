"""The body of a message: parts, boundaries and attachments (RFC 2046), laid out once a campaign.

A body is a row of pieces: bytes that are the same for everybody, and merge nodes that are filled in for
each person and encoded on the way.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from sender.content.guard import check_value
from sender.content.merge import Branch, Condition, Field, Nodes, walk
from sender.content.transfer import base64_lines, normal_lines, quoted

PLAIN = "text/plain"
HTML = "text/html"
KIND = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+\Z", re.IGNORECASE)
CID = re.compile(r"[A-Za-z0-9._@-]{1,100}\Z")
NO_PATH = str.maketrans({'"': "'", "\\": "_", "/": "_"})
MOSTLY_FOREIGN = 0.2
"""From this share of non-ASCII bytes on, base64 is the shorter encoding."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with every copy; with `cid` it is shown inside the HTML as `src="cid:…"`."""

    name: str
    kind: str
    content: bytes
    cid: str = ""


@dataclass(frozen=True, slots=True)
class QuotedPart:
    """A text in quoted-printable: what is the same for everybody is encoded already."""

    nodes: "tuple[EncodedNode, ...]"
    html: bool

    def pieces(self, fields: Mapping[str, str]) -> Iterable[bytes]:
        return _encoded(self.nodes, fields, self.html, {})


@dataclass(frozen=True, slots=True)
class EncodedBranch:
    condition: Condition
    then: "tuple[EncodedNode, ...]"
    otherwise: "tuple[EncodedNode, ...]"


EncodedNode = bytes | Field | EncodedBranch


def _encoded(
    nodes: "tuple[EncodedNode, ...]", fields: Mapping[str, str], html: bool, known: dict[int, bytes]
) -> list[bytes]:
    """`known` keeps what was encoded already: one token stands in every link, and is one object."""
    pieces: list[bytes] = []
    for node in nodes:
        if type(node) is bytes:
            pieces.append(node)
        elif isinstance(node, Field):
            if (filled := known.get(id(node))) is None:
                filled = known[id(node)] = quoted(_filled(node, fields, html))
            pieces.append(filled)
        elif isinstance(node, EncodedBranch):
            chosen = node.then if node.condition.holds(fields) else node.otherwise
            pieces += _encoded(chosen, fields, html, known)
    return pieces


def _filled(field: Field, fields: Mapping[str, str], html: bool) -> str:
    """A person's value is escaped; a default is markup of the template's author, and stays as it is."""
    value = fields.get(field.name)
    if not value:
        return field.default or ""
    return escape(value) if html else value


def _encode_ahead(nodes: Nodes, fields: dict[Field, Field]) -> tuple[EncodedNode, ...]:
    """`fields` keeps one object of each that is equal."""
    encoded: list[EncodedNode] = []
    for node in nodes:
        if isinstance(node, str):
            encoded.append(quoted(node))
        elif isinstance(node, Branch):
            then, otherwise = _encode_ahead(node.then, fields), _encode_ahead(node.otherwise, fields)
            encoded.append(EncodedBranch(node.condition, then, otherwise))
        else:
            encoded.append(fields.setdefault(node, node))
    return tuple(encoded)


@dataclass(frozen=True, slots=True)
class Base64Part:
    """A text that is mostly not ASCII; encoded whole, for each person."""

    nodes: Nodes
    html: bool

    def pieces(self, fields: Mapping[str, str]) -> Iterator[bytes]:
        text = "".join(
            part if isinstance(part, str) else _filled(part, fields, self.html)
            for part in walk(self.nodes, fields)
        )
        yield base64_lines(normal_lines(text).replace("\n", "\r\n").encode())


Part = bytes | QuotedPart | Base64Part


def text_part(nodes: Nodes, kind: str) -> tuple[bytes, Part]:
    """The part's headers, and the part."""
    sample = "".join(node for node in nodes if isinstance(node, str))
    foreign = len(sample.encode()) - len(sample.encode("ascii", "ignore"))
    as_base64 = foreign > MOSTLY_FOREIGN * max(1, len(sample.encode()))
    encoding = "base64" if as_base64 else "quoted-printable"
    head = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n".encode()
    if as_base64:
        return head, Base64Part(nodes, kind == HTML)
    return head, QuotedPart(_encode_ahead(nodes, {}), kind == HTML)


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
        f"Content-Disposition: {disposition}; {_filename(attachment.name)}\r\n"
    )
    if attachment.cid:
        if not CID.match(attachment.cid):
            raise ValueError(f"{attachment.cid!r} is not a content id")
        head += f"Content-ID: <{attachment.cid}>\r\n"
    return head.encode(), [base64_lines(attachment.content)]


def _filename(name: str) -> str:
    """`filename="…"`, or the percent-encoded form beyond ASCII (RFC 2231 section 4)."""
    name = check_value("Content-Disposition", name).translate(NO_PATH)[:150]
    if name.isascii():
        return f'filename="{name}"'
    return f"filename*=utf-8''{quote(name, safe='')}"
