"""Instants and spans as people read them, in the time zone of the browser that looks."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def now() -> datetime:
    """The moment of this look at the page."""
    return datetime.now(UTC)


def zone() -> tzinfo:
    """The browser's time zone; UTC where it says none that is known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def span(length: timedelta) -> str:
    """ "40 s", "12 min", "3 h 5 min", "2 d 4 h": the two largest units, rounded down."""
    length = max(length, timedelta())
    if length < MINUTE:
        return f"{int(length.total_seconds())} s"
    if length < HOUR:
        return f"{length // MINUTE} min"
    if length < DAY:
        return _two(length, HOUR, "h", MINUTE, "min")
    return _two(length, DAY, "d", HOUR, "h") if length < 14 * DAY else f"{length // DAY} d"


def _two(length: timedelta, large: timedelta, large_name: str, small: timedelta, small_name: str) -> str:
    rest = (length % large) // small
    tail = f" {rest} {small_name}" if rest else ""
    return f"{length // large} {large_name}{tail}"


def ago(instant: datetime, moment: datetime) -> str:
    """ "3 h 5 min ago", "just now", "in 12 min"."""
    if instant - moment > timedelta(seconds=1):
        return f"in {span(instant - moment)}"
    return "just now" if moment - instant < timedelta(seconds=2) else f"{span(moment - instant)} ago"


def at(instant: datetime, moment: datetime, place: tzinfo) -> str:
    """The clock time; with the day where it is not within twelve hours, with the year where it differs."""
    local = instant.astimezone(place)
    if abs(moment - instant) < 12 * HOUR:
        return f"{local:%H:%M}"
    if local.year == moment.astimezone(place).year:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.day} {local:%b %Y}"


def since(instant: datetime, moment: datetime, place: tzinfo) -> str:
    """ "since 14:05 (3 h)": for conditions that last."""
    return f"since {at(instant, moment, place)} ({span(moment - instant)})"
