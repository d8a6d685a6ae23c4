"""A hit: one request that must not be forgotten, as one line of the spool."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_TEXT = 200
MICROSECOND = timedelta(microseconds=1)
_row = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


class Hit(StrEnum):
    OPEN = "open"
    CLICK = "click"
    UNSUBSCRIBE = "unsubscribe"
    RESUBSCRIBE = "resubscribe"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Line:
    """What the spool keeps. `numbers` are those of the token; `client` is "" where nobody may be known."""

    hit: Hit
    numbers: tuple[int, ...]
    at: datetime
    position: int = 0
    machine: bool = False
    evidence: str = ""
    method: str = ""
    client: str = ""
    agent: str = ""


def encode(line: Line) -> bytes:
    """One line with its line end; never more than a few hundred bytes."""
    at = (line.at - EPOCH) // MICROSECOND
    row = (
        *(line.hit.value, line.numbers, at, line.position, line.machine, line.evidence[:LONGEST_TEXT]),
        *(line.method, line.client, line.agent[:LONGEST_TEXT]),
    )
    return _row(row).encode() + b"\n"


def decode(raw: bytes) -> Line | None:
    """The line; None for one that was torn off by a crash (it was never answered)."""
    try:
        hit, numbers, at, *rest = json.loads(raw)
        return Line(Hit(hit), tuple(numbers), EPOCH + at * MICROSECOND, *rest)
    except (ValueError, TypeError):
        return None
