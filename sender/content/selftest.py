"""Tries the guard on this installation before anything is sent: on any Python, no value adds a header.

Each attack is put where people's and authors' values go; a message may be refused, or it has exactly the
headers of a harmless one, by our strict reading and by that of Python's own parser.
"""

import email
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sender.content.compile import Letterhead, Person, Source, compile_campaign
from sender.content.guard import header_names
from sender.content.mime import Attachment

ATTACKS = (
    "hi\r\nBcc: evil@example.org",
    "hi\nBcc: evil@example.org",
    "hi\rBcc: evil@example.org",
    "hi\r\n\r\n<p>body",
    "hi\x00there",
    "hi\u2028Bcc: evil@example.org",
    "hi\x85Bcc: evil@example.org",
    "=?utf-8?q?hi=0D=0ABcc:_evil=40example.org?=",
    "=?utf-8?b?aGkNCkJjYzogZXZpbEBleGFtcGxlLm9yZw==?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3Fhi=3D0D=3D0ABcc:=3F=3D?=",
)
HARMLESS = "hi"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = Source("Hi {{name}}", "<p>{{name}}</p>")
LETTERHEAD = Letterhead("Sender", "sender@example.com", "https://example.com", list_id="list.example.com")
LEAVE = "https://example.com/u/1"
PERSON = Person("reader@example.com", "1@example.com", {}, LEAVE, "leave@example.com", "token")


class UnsafePlatform(RuntimeError):
    """The start-up self-test failed: this installation would send messages with forged headers."""


def _made(source: Source = SOURCE, letterhead: Letterhead = LETTERHEAD, person: Person = PERSON) -> bytes:
    return compile_campaign(source, letterhead).message(person, NOW)


def _with_file(name: str) -> bytes:
    return _made(replace(SOURCE, attachments=(Attachment(name, "text/plain", b""),)))


PLACES: Mapping[str, Callable[[str], bytes]] = {
    "a person's value": lambda value: _made(person=replace(PERSON, fields={"name": value})),
    "a recipient's address": lambda value: _made(person=replace(PERSON, to=f"{value}@example.com")),
    "a Message-ID": lambda value: _made(person=replace(PERSON, message_id=value)),
    "an unsubscribe link": lambda value: _made(person=replace(PERSON, unsubscribe_url=LEAVE + value)),
    "an unsubscribe address": lambda value: _made(person=replace(PERSON, unsubscribe_mailto=value)),
    "a subject": lambda value: _made(replace(SOURCE, subject=value)),
    "a preheader": lambda value: _made(replace(SOURCE, preheader=value)),
    "a file's name": _with_file,
    "a sender's name": lambda value: _made(letterhead=replace(LETTERHEAD, from_name=value)),
    "a sender's address": lambda value: _made(letterhead=replace(LETTERHEAD, from_address=f"{value}@a.test")),
    "a reply address": lambda value: _made(letterhead=replace(LETTERHEAD, reply_to=f"{value}@a.test")),
    "a list's title": lambda value: _made(letterhead=replace(LETTERHEAD, list_title=value)),
    "a list's name": lambda value: _made(letterhead=replace(LETTERHEAD, list_id=f"{value}.a.test")),
    "a feedback id": lambda value: _made(letterhead=replace(LETTERHEAD, feedback_id=value)),
}
"""Where the values of people and authors go, and a message with one of them."""


def self_test() -> None:
    """Raises `UnsafePlatform`."""
    for place, make in PLACES.items():
        expected = header_names(make(HARMLESS))
        for attack in ATTACKS:
            if _lets_in(make, attack, expected):
                raise UnsafePlatform(f"A forged header would be sent from {place}. Nothing will be sent.")


def _lets_in(make: Callable[[str], bytes], attack: str, expected: list[str]) -> bool:
    try:
        message = make(attack)
        return header_names(message) != expected or email.message_from_bytes(message).keys() != expected
    except ValueError:  # refused, which is what should happen
        return False
