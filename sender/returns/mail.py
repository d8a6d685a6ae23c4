"""Reads a message from outside into headers and parts; bounded in everything, and it never raises.

The standard library's parser dies of some messages and takes seconds over others (spec of hostile mail:
nested brackets in Message-ID, twenty thousand addresses, encoded-words with line breaks). A report needs
little: headers as text, the tree of parts flattened, text decoded as well as it can be.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

LONGEST_MAIL = 2_000_000
LONGEST_HEADER = 20_000
MOST_HEADERS = 500
MOST_PARTS = 60
LONGEST_HTML = 200_000
DEEPEST = 8
BINARY = ("application/", "image/", "audio/", "video/", "font/")

FIELD_LINE = re.compile(r"([!-9;-~]{1,76})[ \t]*:[ \t]?(.*)")
PARAMETER = re.compile(r";\s*([A-Za-z0-9_*-]{1,40})\s*=\s*(?:\"((?:[^\"\\]|\\.){0,500})\"|([^\s;\"]{1,500}))")
ENCODED_WORD = re.compile(r"=\?([A-Za-z0-9_.:-]{1,40})(?:\*[A-Za-z-]{1,20})?\?([bBqQ])\?([^?\s]{0,2000})\?=")

CHARSET = re.compile(
    r"utf-?(?:8|16|32)(?:[bl]e)?|us-ascii|(?:x-)?(?:iso|windows|cp|koi8|gb|big5|euc|shift|sjis|ks_c|mac|tis)[a-z0-9_-]*"
)
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the message, or a whole message inside it (message/rfc822), or its headers alone.

    `data`: the octets of an attachment, which has no text.
    """

    kind: str
    text: str
    headers: Headers = ()
    inner: "Mail | None" = None
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Mail:
    """Headers with lower-case names in order, unfolded; `parts` in order of appearance, multiparts opened."""

    headers: Headers
    kind: str = "text/plain"
    parameters: Mapping[str, str] = field(default_factory=dict)
    parts: Sequence[Part] = ()

    def header(self, name: str) -> str:
        """The first of that name with its encoded-words decoded; "" if there is none."""
        return next((decoded(value) for key, value in self.headers if key == name), "")

    def all(self, name: str) -> Iterator[str]:
        return (decoded(value) for key, value in self.headers if key == name)

    def part(self, *kinds: str) -> Part | None:
        return next((part for part in self.parts if part.kind in kinds), None)

    @property
    def text(self) -> str:
        """Everything in it that a person would read, without messages inside."""
        shown = [part for part in self.parts if part.kind in ("text/plain", "text/html")]
        plain = [part.text for part in shown if part.kind == "text/plain" and part.text.strip()]
        return "\n".join(plain) if plain else "\n".join(without_tags(part.text) for part in shown)


def read_mail(raw: bytes, depth: int = 0, longest: int = LONGEST_MAIL) -> Mail:
    """Read a message; whatever is too long (`longest`, in octets), too many or too deep is left out."""
    lines = raw[:longest].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head, body = _split(lines)
    headers = list(read_fields(_guess(head)))
    first = dict(reversed(headers))
    kind, parameters = content_type(first.get("content-type", ""))
    parts = list(_parts(kind, parameters, first, body, depth))
    return Mail(headers, kind, parameters, parts[:MOST_PARTS])


def _split(lines: bytes) -> tuple[bytes, bytes]:
    """Headers and body; a mailbox's "From " line is no header."""
    if lines.startswith(b"From "):
        lines = lines.partition(b"\n")[2]
    if lines.startswith(b"\n"):
        return b"", lines[1:]
    head, _, body = lines.partition(b"\n\n")
    return head, body


def read_fields(text: str) -> Iterator[tuple[str, str]]:
    """Header-like lines, unfolded: of a message, or of a group in a delivery status (RFC 3464)."""
    name, value, count = "", "", 0
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and name:
            value = f"{value} {line.strip()}"[:LONGEST_HEADER]
            continue
        match = FIELD_LINE.match(line)
        if match is None:
            continue
        if name:
            yield name, value
        count += 1
        if count > MOST_HEADERS:
            return
        name, value = match[1].lower(), match[2].strip()[:LONGEST_HEADER]
    if name:
        yield name, value


def content_type(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=utf-8` -> ("text/plain", {"charset": "utf-8"}); "text/plain" for nonsense."""
    kind = value.partition(";")[0].strip().lower()
    found = PARAMETER.finditer(value[:2000])
    parameters = {match[1].lower(): match[2] if match[2] is not None else match[3] for match in found}
    return (kind if re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", kind) else "text/plain"), parameters


def _parts(
    kind: str, parameters: Mapping[str, str], headers: Mapping[str, str], body: bytes, depth: int
) -> Iterator[Part]:
    if kind.startswith("multipart/") and parameters.get("boundary") and depth < DEEPEST:
        pieces = _pieces(body, parameters["boundary"])
        if pieces:
            for piece in pieces[:MOST_PARTS]:
                yield from _piece(piece, depth)
            return
    yield _leaf(kind, parameters, headers, body, depth)


def _piece(piece: bytes, depth: int) -> Iterator[Part]:
    head, body = _split(piece)
    headers = dict(reversed(list(read_fields(_guess(head)))))
    kind, parameters = content_type(headers.get("content-type", ""))
    yield from _parts(kind, parameters, headers, body, depth + 1)


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    """Between the delimiters (RFC 2046 section 5.1.1); a preamble that names an address is a piece too."""
    mark = b"--" + boundary.strip().encode("latin-1", "replace")
    found = re.split(rb"(?:^|\n)" + re.escape(mark) + rb"(?:--)?[ \t]*(?=\n|\Z)", body, maxsplit=MOST_PARTS)
    preamble, pieces = found[0], [piece[1:] if piece[:1] == b"\n" else piece for piece in found[1:]]
    if not pieces:
        return []
    if b"@" in preamble:
        pieces.insert(0, b"\n" + preamble)
    return [piece for piece in pieces if piece.strip()]


def _leaf(
    kind: str, parameters: Mapping[str, str], headers: Mapping[str, str], body: bytes, depth: int
) -> Part:
    data = _transferred(body, headers.get("content-transfer-encoding", "").strip().lower())
    if kind in ("message/rfc822", "message/global") and depth < DEEPEST:
        return Part(kind, _guess(data), list(headers.items()), read_mail(data, depth + 1))
    if kind.startswith("multipart/"):
        kind = "text/plain"  # its boundary is missing or never used: what is there is text
    if kind.startswith(BINARY):
        return Part(kind, "", list(headers.items()), data=data)
    return Part(kind, _text(data, parameters.get("charset", "")), list(headers.items()))


def _transferred(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        try:
            return base64.b64decode(letters + b"=" * (-len(letters) % 4))
        except (binascii.Error, ValueError):
            return body
    return body


def _text(data: bytes, charset: str) -> str:
    """Only character sets are decoded: `idna` and `punycode` are codecs too, and slow ones."""
    name = charset.strip().lower()
    try:
        text = data.decode(name, "replace") if CHARSET.fullmatch(name) else _guess(data)
    except (LookupError, UnicodeError):
        text = _guess(data)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guess(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def decoded(value: str) -> str:
    """Encoded-words as text (RFC 2047); controls become spaces, and what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    joined = re.sub(r"(\?=)\s+(=\?)", r"\1\2", value)
    return re.sub(r"[\x00-\x1f\x7f]", " ", ENCODED_WORD.sub(_word, joined))


def _word(match: re.Match[str]) -> str:
    charset, how, payload = match.groups()
    try:
        if how in "qQ":
            raw = quopri.decodestring(payload.encode(), header=True)
        else:
            raw = base64.b64decode(payload + "==")
    except (ValueError, binascii.Error):
        return match[0]
    return _text(raw, charset)


def without_tags(html: str) -> str:
    """A rough reading of HTML: good enough to find a code and an address in it."""
    text = "".join(_outside(html[:LONGEST_HTML]))
    text = re.sub(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>", "\n", text)
    return unescape(re.sub(r"<[^<>@]{0,2000}>", " ", text))


def _outside(html: str) -> Iterator[str]:
    """Everything but scripts and styles."""
    at = 0
    for match in re.finditer(r"(?i)<(script|style)\b", html):
        if match.start() < at:
            continue
        yield html[at : match.start()]
        end = re.compile(f"(?i)</{match[1]}").search(html, match.end())
        if end is None:
            return
        at = end.start()
    yield html[at:]
