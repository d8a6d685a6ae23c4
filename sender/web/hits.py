"""A hit: one request that must not be forgotten, as one line of the spool."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_TEXT = 200
MICROSECOND = timedelta(microseconds=1)


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
    values = {name: getattr(line, name) for name in line.__dataclass_fields__}
    values |= {"hit": line.hit.value, "at": (line.at - EPOCH) // MICROSECOND}
    values["evidence"] = line.evidence[:LONGEST_TEXT]
    values["agent"] = line.agent[:LONGEST_TEXT]
    return json.dumps(values).encode() + b"\n"


def decode(raw: bytes) -> Line | None:
    """The line; None for one that was torn off by a crash (it was never answered)."""
    try:
        values: dict[str, Any] = json.loads(raw)
        values["hit"] = Hit(values["hit"])
        values["at"] = EPOCH + values["at"] * MICROSECOND
        values["numbers"] = tuple(values["numbers"])
        return Line(**values)
    except (ValueError, KeyError, TypeError):
        return None
