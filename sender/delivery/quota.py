"""Quotas of a sending server, per second, hour and day. The rule; `data.quotas` keeps the count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from sqlalchemy import Connection

from data import quotas

BURST = timedelta(milliseconds=250)
"""What was not used for so long may be claimed at once: in no second more than a quarter above the quota."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages; None: no such limit."""

    per_second: float | None = None
    per_hour: int | None = None
    per_day: int | None = None

    @property
    def any(self) -> bool:
        return any((self.per_second, self.per_hour, self.per_day))


@dataclass(frozen=True, slots=True)
class Grant:
    """How many may be claimed now; if fewer than wanted, `next_at` is when more may be, and `why` not now.

    `tat` is the arrival time that was locked with it.
    """

    count: int
    tat: datetime | None = None
    next_at: datetime | None = None
    why: str = ""


def grant(connection: Connection, server_id: int, quota: Quota, now: datetime, wanted: int) -> Grant:
    """How many messages the quotas have room for; the server stays locked until the transaction ends."""
    if not quota.any:
        return Grant(wanted)
    tat = quotas.lock(connection, server_id)
    found = _by_second(quota, tat, now, wanted)
    for limit, window, name in ((quota.per_hour, HOUR, "hour"), (quota.per_day, DAY, "day")):
        if limit is None:
            continue
        since = now - window
        room = limit - quotas.used(connection, server_id, since)
        if room < found.count:
            first = quotas.oldest(connection, server_id, since) or quotas.minute_of(now)
            later = first + window + MINUTE
            found = Grant(max(room, 0), tat, later, f"the quota of {limit} messages in one {name} is used up")
    return found


def credit(connection: Connection, server_id: int, quota: Quota, now: datetime, count: int) -> None:
    """So many were given back unsent; the pace of a second that is over is not."""
    if count and (quota.per_hour or quota.per_day):
        quotas.debit(connection, server_id, now, -count)


def _by_second(quota: Quota, tat: datetime | None, now: datetime, wanted: int) -> Grant:
    if not quota.per_second:
        return Grant(wanted, tat)
    due = max(tat, now - BURST) if tat else now
    interval = timedelta(seconds=1 / quota.per_second)
    count = 0 if due > now else min(wanted, floor((now - due) / interval) + 1)
    return Grant(count, tat, None if count == wanted else max(due + count * interval, now))


def debit(
    connection: Connection, server_id: int, quota: Quota, granted: Grant, now: datetime, count: int
) -> None:
    """So many of what was granted were claimed."""
    if not quota.any or not count:
        return
    if quota.per_hour or quota.per_day:
        quotas.debit(connection, server_id, now, count)
    if quota.per_second:
        due = max(granted.tat, now - BURST) if granted.tat else now
        quotas.keep_pace(connection, server_id, due + count * timedelta(seconds=1 / quota.per_second))
