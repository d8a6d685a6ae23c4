"""The `Mailbox` port: look for one message in a mailbox of our own. It reads and never changes anything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from checks.model import Again
from data.placement import Verdict

LONGEST_HEAD = 100_000
"""Octets of a message's head that are looked at."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One copy of the message: the folder it lies in, its header fields, and when it arrived."""

    folder: str
    head: bytes
    arrived: datetime
    verdict: Verdict | None = None
    """Where the mailbox itself knows what the folder is (its special use)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The mailbox could not be read. `again` NEVER: a person must mend the account."""

    why: str
    again: Again


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which message: its Message-ID without the angle brackets, sent at or after `since`."""

    message_id: str
    since: datetime


class Mailbox(Protocol):
    """A mailbox at any provider, or a Maildir on one's own server."""

    def find(self, wanted: Wanted) -> tuple[Letter, ...] | Fault:
        """All copies, in any folder; () when there is none."""
        ...
