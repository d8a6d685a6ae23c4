"""Header fields as bytes: RFC 2047 encoded-words, folding, addresses (RFC 5322, RFC 6532)."""

import base64
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

import idna

from sender.content.guard import check_value

PLAIN = re.compile(r"[ -~]*\Z")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+\Z")
FOLD_AT = 76
WORD_PAYLOAD = 45
"""Bytes of UTF-8 in one encoded-word: 60 characters of base64 and 12 around them, under RFC 2047's 75."""


def text_header(name: str, value: str) -> bytes:
    """An unstructured header (Subject) with its CRLF; raises `HeaderInjection`."""
    value = check_value(name, value).replace("\t", " ")
    if PLAIN.match(value) and "=?" not in value and len(name) + 2 + len(value) <= FOLD_AT:
        return f"{name}: {value}\r\n".encode()
    if PLAIN.match(value) and "=?" not in value and _foldable(value):
        return _fold(f"{name}: {value}").encode() + b"\r\n"
    return f"{name}: ".encode() + encoded_words(value, len(name) + 2) + b"\r\n"


def raw_header(name: str, value: str) -> bytes:
    """A structured header whose syntax the caller answers for; ASCII only, folded at spaces."""
    check_value(name, value)
    return _fold(f"{name}: {value}").encode("ascii") + b"\r\n"


def address_header(name: str, display: str, address: str, *, angled: bool = False) -> bytes:
    """`From: "Display" <address>`; what is beyond ASCII in the address goes out as UTF-8 (RFC 6532).

    `angled` keeps the angle brackets where there is no display name.
    """
    address = _with_ascii_domain(check_value(name, address))
    if any(character in address for character in '<>,;: ()[]\\"'):
        raise ValueError(f"{address!r} cannot stand in {name}")
    if not display:
        return f"{name}: <{address}>\r\n".encode() if angled else f"{name}: {address}\r\n".encode()
    phrase = _phrase(check_value(name, display), len(name) + 2)
    separator = b"\r\n " if len(phrase) + len(address) + len(name) + 5 > FOLD_AT else b" "
    return f"{name}: ".encode() + phrase + separator + f"<{address}>\r\n".encode()


def _with_ascii_domain(address: str) -> str:
    """A domain beyond ASCII as its A-labels (RFC 5891), so that only a foreign local part needs SMTPUTF8."""
    if address.isascii():
        return address
    local, at, domain = address.rpartition("@")
    try:
        return local + at + idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise ValueError(f"{domain!r} is no valid internationalised domain") from None


def list_id_header(title: str, identifier: str) -> bytes:
    """`List-Id: Title <name.example.com>` (RFC 2919)."""
    return address_header("List-Id", title, identifier, angled=True)


def date_header(now: datetime) -> bytes:
    return _date_header(now.replace(microsecond=0))


@lru_cache(maxsize=16)
def _date_header(now: datetime) -> bytes:
    return f"Date: {format_datetime(now.astimezone(UTC))}\r\n".encode()


def encoded_words(value: str, before: int = 1) -> bytes:
    """RFC 2047 words in UTF-8 and base64, cut between characters, one a line.

    `before` is what stands on the first line already; no line with a word is longer than 76 (section 2).
    """
    words: list[str] = []
    chunk = b""
    for character in value:
        encoded = character.encode()
        if len(chunk) + len(encoded) > (WORD_PAYLOAD if words else (FOLD_AT - before - 12) // 4 * 3):
            words.append(base64.b64encode(chunk).decode())
            chunk = b""
        chunk += encoded
    words.append(base64.b64encode(chunk).decode())
    return "\r\n ".join(f"=?utf-8?B?{word}?=" for word in words).encode()


def _phrase(display: str, before: int) -> bytes:
    if PLAIN.match(display) and "=?" not in display:
        if ATOMS.match(display) and before + len(display) < FOLD_AT:
            return display.encode()
        escaped = display.replace("\\", "\\\\").replace('"', '\\"')
        if before + len(escaped) < FOLD_AT:
            return f'"{escaped}"'.encode()
    return encoded_words(display, before)


def _foldable(value: str) -> bool:
    """Folding at single spaces only loses nothing, and no line may pass 998 (RFC 5322 section 2.1.1)."""
    return "  " not in value and max(map(len, value.split(" "))) < FOLD_AT


def _fold(line: str) -> str:
    folded, current = [], ""
    for word in line.split(" "):
        if current and len(current) + 1 + len(word) > FOLD_AT and current.strip():
            folded.append(current)
            current = " " + word
        else:
            current = f"{current} {word}" if current else word
    folded.append(current)
    return "\r\n".join(folded)
