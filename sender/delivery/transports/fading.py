"""What is remembered for a while only, and never more than so much of it."""

from datetime import datetime
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Fading(Generic[Key, Value]):
    """A dictionary whose entries end. When it is full, the oldest entry goes."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._entries: dict[Key, tuple[datetime, Value]] = {}

    def get(self, key: Key, now: datetime) -> Value | None:
        until, value = self._entries.get(key, (now, None))
        return value if until > now else None

    def put(self, key: Key, value: Value, until: datetime) -> None:
        self._entries.pop(key, None)
        if len(self._entries) >= self._most:
            self._entries.pop(next(iter(self._entries)))
        self._entries[key] = (until, value)
