"""What the delivery engine is given: the finished message, or why there is none, and who may not get it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from data.recipients import Recipient, Refusal


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished message: CRLF line ends, every header but DKIM-Signature and Received.

    `signing_domain` names the sending domain whose keys sign it; "" leaves it unsigned, for a transport
    that signs by itself.
    """

    message: bytes
    envelope_from: str
    rcpt: str
    message_id: str
    signing_domain: str
    body_hash: bytes = b""
    """DKIM's hash of the body, from a renderer that makes messages of canonical pieces (see `dkim`)."""
    token: str = ""
    """The recipient's token, for providers that report by webhook and not to a return path."""


@dataclass(frozen=True, slots=True)
class RenderFailed:
    """The message could not be made. Trying again cannot help: the row fails as the sender's fault."""

    reason: str


class Renderer(Protocol):
    """Makes one recipient's message; deterministic for a recipient, and asks no store for the contact."""

    def render(self, recipient: Recipient) -> Rendered | RenderFailed: ...


class Consent(Protocol):
    """Who of these may not be written to (any more): {recipient id: why}.

    Asked at the claim and again just before MAIL FROM (design, section 7 rule 5). It takes many at once,
    so that a batch costs a handful of queries; several connections' questions are put together.
    """

    def __call__(self, connection: Connection, recipients: Sequence[Recipient]) -> Mapping[int, Refusal]: ...
