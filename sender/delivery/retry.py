"""When to try a deferred message again, and when to stop trying. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

STEPS = tuple(timedelta(minutes=minutes) for minutes in (10, 20, 40, 80, 120))
"""Half of them within an hour and a quarter; greylisting servers want the first one sooner."""
GREYLISTED = timedelta(minutes=5)
JITTER = 0.2

GIVE_UP: Mapping[str, timedelta] = {
    "campaign": timedelta(hours=24),  # an offer of today that comes the day after tomorrow earns complaints
    "automation": timedelta(hours=24),
    "confirmation": timedelta(hours=24),
    "transactional": timedelta(hours=72),
    "seed": timedelta(hours=2),
    "test": timedelta(hours=2),
    "alert": timedelta(hours=24),
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """How patient a sender is; the last step repeats."""

    steps: Sequence[timedelta] = STEPS
    greylisted: timedelta = GREYLISTED

    def delay(self, attempts: int, recipient_id: int, *, greylisted: bool = False) -> timedelta:
        """From the `attempts`-th try to the next one; spread by ±20 %, always the same for the same row."""
        first = greylisted and attempts <= 1
        base = self.greylisted if first else self.steps[min(max(attempts, 1), len(self.steps)) - 1]
        spread = crc32(f"{recipient_id}/{attempts}".encode()) / 0xFFFFFFFF
        return base * (1 - JITTER + 2 * JITTER * spread)

    def next_try(
        self,
        attempts: int,
        recipient_id: int,
        first_at: datetime,
        now: datetime,
        message_class: str,
        *,
        greylisted: bool = False,
    ) -> datetime | None:
        """When to try again; None when that would be later than the class of message is worth."""
        again = now + self.delay(attempts, recipient_id, greylisted=greylisted)
        return again if again <= first_at + GIVE_UP[message_class] else None
