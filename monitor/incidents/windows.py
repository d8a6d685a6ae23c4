"""Maintenance windows: by the wall clock of a place, over both days on which that clock jumps. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.config.schema import WEEK, Maintenance


def in_window(window: Maintenance, now: datetime) -> bool:
    """Whether the window is open at `now`. One that ends before it begins ends on the next day."""
    local = now.astimezone(ZoneInfo(window.zone))
    return any(_open(window, local - timedelta(days=back), now) for back in (0, 1))


def _open(window: Maintenance, day: datetime, now: datetime) -> bool:
    """The window that begins on this day; compared as instants, so that an hour that comes twice counts
    once.
    """
    if WEEK[day.weekday()] not in window.days:
        return False
    zone = ZoneInfo(window.zone)
    begins = datetime.combine(day.date(), window.begins, zone)
    over_night = timedelta(days=window.ends <= window.begins)
    ends = datetime.combine(day.date() + over_night, window.ends, zone)
    return begins.timestamp() <= now.timestamp() < ends.timestamp()


def open_windows(windows: Iterable[Maintenance], now: datetime) -> list[Mapping[str, str]]:
    """The patterns of those that are open, as silences have them."""
    return [
        {"domain": each.domain, "code": each.code, "subject": each.subject}
        for each in windows
        if in_window(each, now)
    ]
