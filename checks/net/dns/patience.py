"""Reminders: when a try has waited long enough.

Nearly all wait equally long, so they fall due in the order in which they were set: one timer of the loop
serves the queue, where a timer for each question would cost as much as its datagram.
"""

import asyncio
from collections import deque
from typing import NamedTuple, Protocol


class Waiter(Protocol):
    """Who wants to be reminded; `number` is what it said when it asked."""

    def overdue(self, number: int) -> None: ...


class _Reminder(NamedTuple):
    due: float
    waiter: Waiter
    number: int


class Patience:
    """The reminders of one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: deque[_Reminder] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def remind(self, waiter: Waiter, number: int, due: float) -> None:
        """Call `waiter.overdue(number)` when the loop's clock reads `due`."""
        if self._queue and due < self._queue[-1].due:
            self._loop.call_at(due, waiter.overdue, number)
            return
        self._queue.append(_Reminder(due, waiter, number))
        if self._timer is None:
            self._timer = self._loop.call_at(due, self._ring)

    def _ring(self) -> None:
        now = self._loop.time()
        while self._queue and self._queue[0].due <= now:
            reminder = self._queue.popleft()
            reminder.waiter.overdue(reminder.number)
        self._timer = self._loop.call_at(self._queue[0].due, self._ring) if self._queue else None
