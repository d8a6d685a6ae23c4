"""What a webhook call is, and the one form that every provider's words are brought into."""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

from sender.returns.categories import Category

LONGEST_BODY = 2_000_000
MOST_EVENTS = 2_000
TOKEN_FIELD = "homing"  # noqa: S105 - the name of a field, not a secret
"""Under this name our recipient token travels as the provider's metadata, and comes back."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a webhook. Header names in lower case; `url` as the provider was told it, without user."""

    headers: Mapping[str, str]
    body: bytes
    url: str = ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a provider's calls are checked by. `logins` are "user:password"; `header` is "Name: value";
    `key` the provider's own kind: a signing key (Mailgun, Mandrill) or a public key in base64 (SendGrid);
    `topics` are SNS topics.
    """

    logins: Sequence[str] = field(default=(), repr=False)
    key: str = field(default="", repr=False)
    topics: Sequence[str] = ()
    header: str = field(default="", repr=False)


class Trust(StrEnum):
    """Whether a call is the provider's. `UNCHECKED`: nothing is configured to check it by; `UNKNOWN`: what
    it must be checked by could not be had just now.
    """

    GENUINE = "genuine"
    REFUSED = "refused"
    UNCHECKED = "unchecked"
    UNKNOWN = "unknown"


class Deed(StrEnum):
    """What a provider says that happened, in the words that most of them share."""

    QUEUED = "queued"
    SENT = "sent"
    REJECTED = "rejected"
    FAILED = "failed"
    BOUNCED = "bounced"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    AUTORESPONDED = "autoresponded"
    OPENED = "opened"
    CLICKED = "clicked"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    SUBSCRIBED = "subscribed"
    INBOUND = "inbound"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a provider reports of one recipient; what it did not say is None or ""."""

    deed: Deed
    recipient: str | None
    at: datetime | None = None
    event_id: str | None = None
    message_id: str | None = None
    token: str = ""
    reason: str | None = None
    """invalid, bounced, timed_out, blocked, spam, unsubscribed, other: why it was not delivered."""
    said: str = ""
    status: str = ""
    url: str = ""
    agent: str = ""
    machine: bool = False
    word: str = ""
    """The provider's own name for what happened."""
    hint: Category | None = None
    """What the provider's own class of failure means, where its words say nothing."""


def by_login(call: Call, secrets: Secrets) -> Trust:
    """HTTP basic authentication (RFC 7617), each login compared in constant time."""
    if not secrets.logins:
        return Trust.UNCHECKED
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    try:
        login = base64.b64decode(given, validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        login = b""
    known = [hmac.compare_digest(login, each.encode()) for each in secrets.logins]
    return Trust.GENUINE if any(known) else Trust.REFUSED


def by_header(call: Call, secrets: Secrets) -> Trust:
    """A header of one's own choice, where a provider can be told to send one."""
    if not secrets.header:
        return Trust.UNCHECKED
    name, _, wanted = secrets.header.partition(":")
    given = call.headers.get(name.strip().lower(), "")
    same = hmac.compare_digest(given.encode(), wanted.strip().encode())
    return Trust.GENUINE if same else Trust.REFUSED


def together(*trusts: Trust) -> Trust:
    """Everything that is configured must hold, and something must be."""
    if Trust.REFUSED in trusts:
        return Trust.REFUSED
    return Trust.GENUINE if Trust.GENUINE in trusts else Trust.UNCHECKED


def json_of(body: bytes | str) -> Any:
    """The body as JSON; None for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def record(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one: a provider may leave out what it likes."""
    return value if isinstance(value, dict) else {}


def records(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; anything else is none."""
    if not isinstance(value, list):
        return []
    return [record(each) for each in value[:MOST_EVENTS] if isinstance(each, dict)]


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def token_in(*places: Any) -> str:
    """Our recipient token, from whichever metadata holds it."""
    for place in places:
        value = record(place).get(TOKEN_FIELD)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and len(value) <= 100:
            return value
    return ""


def moment(value: Any) -> datetime | None:
    """A Unix time or an ISO 8601 text; None for anything else."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value):
            return datetime.fromtimestamp(float(value), UTC)
        if isinstance(value, str):
            # Postmark writes seven digits of a second, which Python's parser takes from 3.11 on
            parsed = datetime.fromisoformat(value)
            return parsed.replace(tzinfo=parsed.tzinfo or UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def form_of(call: Call) -> dict[str, list[str]]:
    """The fields of a form in either encoding; files are left out."""
    kind = call.headers.get("content-type", "")
    found: dict[str, list[str]] = {}
    for name, value in _multipart(call.body, kind) if "multipart/" in kind else _urlencoded(call.body):
        found.setdefault(name, []).append(value)
    return found


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=500)
    except ValueError:
        return []


def _multipart(body: bytes, kind: str) -> list[tuple[str, str]]:
    match = re.search(r"boundary=\"?([^\s\";]{1,100})", kind)
    if match is None:
        return []
    fields = []
    for piece in body.split(b"--" + match[1].encode())[1:500]:
        head, separator, value = piece.partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"\r\n]{1,200})"', head)
        if separator and name and b"filename=" not in head:
            fields.append(
                (name[1].decode("utf-8", "replace"), value.removesuffix(b"\r\n").decode("utf-8", "replace"))
            )
    return fields
