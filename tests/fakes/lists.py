"""Blocklists as literal zones: all healthy, and nobody on them unless said."""

from collections.abc import Iterable, Mapping
from typing import Any

from checks.blocklists.table import BY_NAME, DEFAULT
from checks.blocklists.zone import Zone

Names = dict[str, Any]


def healthy(zones: Iterable[Zone] = DEFAULT) -> Names:
    """The test entries of RFC 5782: what must be there is, what must not be is not."""
    return {f"{zone.positive[0]}.{zone.apex}": {"A": [point(zone)]} for zone in zones if zone.positive}


def listing(zone: str | Zone, subject: str, *answers: str, reason: str = "") -> Names:
    """`subject` on a list; the first documented answer unless others are given."""
    known = BY_NAME[zone] if isinstance(zone, str) else zone
    txt: Mapping[str, Any] = {"TXT": [[reason]]} if reason else {}
    return {known.entry(subject): {"A": list(answers or (point(known),)), **txt}}


def point(zone: Zone) -> str:
    """An answer that the list documents."""
    if zone.codes:
        return ".".join(part.partition("-")[0].replace("*", "2") for part in zone.codes[0].pattern.split("."))
    return f"127.0.0.{zone.bits[1][0]}"
