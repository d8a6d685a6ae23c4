"""A finished message taken apart, for providers that do not take it as it is and put it together again."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import idna

OWN = frozenset(
    {
        *("from", "to", "subject", "reply-to", "mime-version", "date", "message-id", "return-path"),
        *("content-type", "content-transfer-encoding", "content-disposition", "content-language"),
        *("received", "dkim-signature", "cc", "bcc"),
    }
)
"""Headers that a provider writes itself, or has fields for."""


@dataclass(frozen=True, slots=True)
class Attached:
    """`content_id` without its angle brackets, "" for what is not shown inside the letter."""

    name: str
    kind: str
    content: str
    """In base64."""
    content_id: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of a message, decoded; `headers` are those that are not `OWN`."""

    sender: Address
    to: Address
    reply_to: Address | None
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    attached: Sequence[Attached]


def unpack(message: bytes) -> Letter:
    """Raises ValueError for a message that has no one sender and recipient, or no letter in it."""
    parsed = message_from_bytes(message, policy=policy.default)
    if not isinstance(parsed, EmailMessage):
        raise ValueError("the message cannot be read")
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    if text is None and html is None:
        raise ValueError("the message has neither text nor HTML")
    headers = {name: _value(value) for name, value in parsed.items() if name.lower() not in OWN}
    return Letter(
        sender=_address(parsed, "From"),
        to=_address(parsed, "To"),
        reply_to=_address(parsed, "Reply-To") if "Reply-To" in parsed else None,
        subject=_value(parsed.get("Subject", "")),
        text=_text(text),
        html=_text(html),
        headers=headers,
        attached=[_attached(part) for part in parsed.walk() if _is_attached(part, text, html)],
    )


def ascii_address(address: str) -> str:
    """With the domain as A-labels (RFC 5891). Raises ValueError."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return local + at + idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise ValueError(f"{domain!r} is no valid internationalised domain") from None


def _address(parsed: EmailMessage, name: str) -> Address:
    found: Sequence[Address] = parsed[name].addresses if name in parsed else ()
    if len(found) != 1:
        raise ValueError(f"the message has {len(found)} addresses in {name}")
    return found[0]


def _value(value: object) -> str:
    return " ".join(str(value).split("\r\n")).replace("\n", " ").strip()


def _text(part: Any) -> str:
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _is_attached(part: EmailMessage, *letters: Any) -> bool:
    return not part.is_multipart() and all(part is not letter for letter in letters)


def _attached(part: EmailMessage) -> Attached:
    content = part.get_payload(decode=True)
    octets = content if isinstance(content, bytes) else b""
    content_id = str(part.get("Content-ID", "")).strip("<> ")
    name = part.get_filename() or "attachment"
    return Attached(name, part.get_content_type(), base64.b64encode(octets).decode(), content_id)
