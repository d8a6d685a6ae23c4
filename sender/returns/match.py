"""Whose mail is it about? Found by what we wrote into the message, never by what anybody can write.

In this order: the return path's token, the CFBL-Feedback-ID, the Message-ID of the original, the
tokens of its unsubscribe link.
"""

import re
from collections.abc import Iterator

from sqlalchemy import Connection

from data.events import Whose, whose, whose_step
from sender.returns.mail import Mail
from sender.returns.understand import Returned
from sender.tokens import Purpose, Tokens

TOKEN_ADDRESS = re.compile(r"\b(b|unsub)\+([a-z2-7]{10,80})@", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<([a-z2-7]{10,80})@[^<>\s]{1,255}>", re.IGNORECASE)
LINK = re.compile(r"/u/([A-Za-z0-9_-]{10,80})")
WELCOME = frozenset({"fbl", "abuse", "postmaster"})
"""Local parts without a token: feedback loops were told of one, RFC 2142 and RFC 5321 ask for the others."""


def recipient_of(
    connection: Connection, tokens: Tokens, mail: Mail, returned: Returned, envelope_to: str
) -> Whose | None:
    """The recipient that a notice speaks of; None if nothing in it was made by us."""
    for recipient_id in _by_return_path(tokens, [envelope_to, *_addressed(mail), *_paths(returned.original)]):
        if found := whose(connection, [recipient_id]).get(recipient_id):
            return found
    for recipient_id in _by_feedback_id(tokens, returned.original):
        if found := whose(connection, [recipient_id]).get(recipient_id):
            return found
    for campaign, contact, step in _by_message_id(tokens, mail, returned.original):
        if found := whose_step(connection, campaign, contact, step):
            return found
    for recipient_id in _by_link(tokens, returned.original):
        if found := whose(connection, [recipient_id]).get(recipient_id):
            return found
    return None


def unsubscribing(tokens: Tokens, mail: Mail, envelope_to: str) -> tuple[int, ...] | None:
    """(contact, list, recipient) if the mail was sent to an unsubscribe address of ours."""
    for address in (envelope_to, *_addressed(mail)):
        for kind, token in TOKEN_ADDRESS.findall(address):
            numbers = tokens.read_mail(Purpose.UNSUBSCRIBE, token) if kind.lower() == "unsub" else None
            if numbers:
                return numbers
    return None


def _addressed(mail: Mail) -> Iterator[str]:
    for name in ("delivered-to", "x-original-to", "to"):
        yield from mail.all(name)


def _paths(original: Mail | None) -> Iterator[str]:
    if original is not None:
        yield from original.all("return-path")


def _by_return_path(tokens: Tokens, addresses: list[str]) -> Iterator[int]:
    for address in addresses:
        for kind, token in TOKEN_ADDRESS.findall(address[:2_000]):
            numbers = tokens.read_mail(Purpose.BOUNCE, token) if kind.lower() == "b" else None
            if numbers:
                yield numbers[0]


def _by_feedback_id(tokens: Tokens, original: Mail | None) -> Iterator[int]:
    """RFC 9477 section 3.3: a report may hold nothing else of the message."""
    for value in original.all("cfbl-feedback-id") if original else ():
        if numbers := tokens.read_mail(Purpose.BOUNCE, value.strip()):
            yield numbers[0]


def _by_message_id(tokens: Tokens, mail: Mail, original: Mail | None) -> Iterator[tuple[int, int, int]]:
    values = [] if original is None else list(original.all("message-id"))
    values += [value for name in ("in-reply-to", "references") for value in mail.all(name)]
    for value in values:
        for token in MESSAGE_ID.findall(value[:5_000]):
            numbers = tokens.read_mail(Purpose.MESSAGE, token)
            if numbers and len(numbers) == 3:
                yield numbers[0], numbers[1], numbers[2]


def _by_link(tokens: Tokens, original: Mail | None) -> Iterator[int]:
    """Complaints come with the addresses blacked out, but with our headers (RFC 9477 section 3.1.3)."""
    for value in original.all("cfbl-feedback-id") if original else ():
        numbers = tokens.read_mail(Purpose.BOUNCE, value.strip())
        if numbers:
            yield numbers[0]
    for value in original.all("list-unsubscribe") if original else ():
        for token in LINK.findall(value[:2_000]):
            numbers = tokens.read_url(Purpose.UNSUBSCRIBE, token)
            if numbers and len(numbers) == 3:
                yield numbers[2]


def is_ours(tokens: Tokens, address: str) -> bool:
    """Whether mail to this address is for us: its token was made by us, or it needs none."""
    if address.partition("@")[0].lower() in WELCOME:
        return True
    match = TOKEN_ADDRESS.match(address)
    if match is None:
        return False
    purpose = Purpose.BOUNCE if match[1].lower() == "b" else Purpose.UNSUBSCRIBE
    return tokens.read_mail(purpose, match[2]) is not None
