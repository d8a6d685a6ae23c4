"""The real clock; tests wind their own."""

import time
from datetime import UTC, datetime

from checks.net.fibres import sleep


class SystemClock:
    """`checks.ports.Clock` on the machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        sleep(seconds)
