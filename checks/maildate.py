"""Dates as mail has them (RFC 5322 sections 3.3 and 4.3): weekday left out, comments ignored."""

import re
from datetime import UTC, datetime, timedelta, timezone

DATE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2}) +(?P<month>[A-Za-z]{3})[a-z]* +(?P<year>\d{4}|\d{2}) +"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"(?: +(?P<zone>[+-]\d{4}|[A-Z]{1,5}))?"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""RFC 5322 section 4.3; every other name means an unknown offset, which is read as UTC."""


def read_date(text: str) -> datetime | None:
    """The date in a text, aware; None when there is none that exists. It never raises."""
    found = DATE.search(text)
    if found is None or found["month"].lower() not in MONTHS:
        return None
    try:
        return datetime(
            _year(found["year"]),
            MONTHS.index(found["month"].lower()) + 1,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            min(int(found["second"] or 0), 59),  # a leap second
            tzinfo=_zone(found["zone"] or ""),
        )
    except ValueError:
        return None


def _year(text: str) -> int:
    """Two digits: RFC 5322 section 4.3."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _zone(text: str) -> timezone:
    if text[:1] in ("+", "-"):
        minutes = int(text[1:3]) * 60 + int(text[3:])
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes < 1440 else UTC
    return timezone(timedelta(hours=ZONES[text])) if text in ZONES else UTC
