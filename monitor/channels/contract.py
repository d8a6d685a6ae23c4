"""What a channel is: it is told a notice, and reports. Retrying is decided by the notifier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from checks.model import Again


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. `key` is the same at every attempt, so that a receiver can drop a repetition.

    `payload` is JSON; its "type" is "incident.fired", "incident.recovered" …, its "text" the line to read.
    """

    key: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `again` is None when the notice has arrived; `why` is for people."""

    again: Again | None = None
    why: str = ""

    @property
    def arrived(self) -> bool:
        return self.again is None


ARRIVED = Told()


class Channel(Protocol):
    """A way to reach a person or a program."""

    def tell(self, notice: Notice, now: datetime) -> Told: ...
