"""One person's message made from a template alone, to look at: no campaign, no tracking."""

import email
import email.policy
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage

from sender.content.compile import UNSUBSCRIBE, Letterhead, Person, Source, Tracking, compile_campaign

ADDRESS = "reader@example.com"
LEAVE = "https://example.com/unsubscribe"
LETTERHEAD = Letterhead(
    "Sender", "sender@example.com", "https://example.com", Tracking.OFF, list_id="list.example.com"
)
GIVEN = frozenset(["email", "list_name", UNSUBSCRIBE])
"""The fields that Homing fills in for everybody."""


def sample(source: Source, fields: Mapping[str, str], now: datetime, to: str = ADDRESS) -> bytes:
    """The message; raises ValueError with a sentence for the author where the template cannot be used."""
    return compile_campaign(source, LETTERHEAD).message(_person(fields, to), now)


def failures(
    source: Source, people: Iterable[tuple[str, Mapping[str, str]]], now: datetime
) -> Sequence[tuple[str, str]]:
    """(address, sentence) of each of these people for whom no message can be made; raises as `sample`."""
    compiled = compile_campaign(source, LETTERHEAD)
    failed: list[tuple[str, str]] = []
    for address, fields in people:
        try:
            compiled.message(_person(fields, address), now)
        except ValueError as error:
            failed.append((address, str(error)))
    return failed


def _person(fields: Mapping[str, str], to: str) -> Person:
    given = {"email": to, "list_name": "Example list", UNSUBSCRIBE: LEAVE}
    return Person(to, "preview@example.com", given | dict(fields), LEAVE, "unsubscribe@example.com")


def part_of(message: bytes, kind: str) -> str:
    """The `html` or `plain` part of a message of ours as text; "" if it has none."""
    read = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    part = read.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")
