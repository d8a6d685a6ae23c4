"""Character-strings that were split in the wrong place: the space between two terms got lost."""

import re
from dataclasses import dataclass

from checks.ports import Txt
from checks.spf.record import parse

_BEGINS_A_TERM = re.compile(
    r"[+?~-]?(?:include:|ip4:|ip6:|exists:|redirect=|exp=)|[+?~-]all(?: |$)", re.IGNORECASE
)
_LONGEST = 80
MOST = 32
"""Strings that are looked at; a record of more is broken in other ways."""


@dataclass(frozen=True, slots=True)
class BadJoint:
    """Where two strings meet without the space that their author thought was there."""

    left: str
    right: str
    joined: str
    """The text around the joint as receivers see it."""
    mended: str
    """The whole record with the space put in, at every such joint."""


def badly_joined(record: Txt) -> BadJoint | None:
    """The first bad joint, or None. A joint within a term that is right when joined is a legal split."""
    strings = [string.decode("latin-1") for string in record.strings]
    bad = [place for place in range(1, min(len(strings), MOST)) if _is_bad(strings, place)]
    if not bad:
        return None
    first = bad[0]
    left, right = strings[first - 1][-_LONGEST:], strings[first][:_LONGEST]
    mended = "".join(" " + string if place in bad else string for place, string in enumerate(strings))
    joined = left.rpartition(" ")[2] + right.partition(" ")[0]
    return BadJoint(left, right, joined, mended)


def _is_bad(strings: list[str], place: int) -> bool:
    before, after = "".join(strings[:place]), "".join(strings[place:])
    if not before or not after or before.endswith(" ") or after.startswith(" "):
        return False
    if _BEGINS_A_TERM.match(after):
        return True
    as_seen = len(parse(before + after).faults)
    return as_seen > len(parse(f"{before} {after}").faults)
