"""The policy file and how an MX host matches it (RFC 8461 sections 3.2, 3.3 and 4.1)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from checks.names import flaw

MAX_AGE = 31_557_600
"""Seconds; one year (section 3.2)."""
KEYS = frozenset({"version", "mode", "max_age", "mx"})
_EXTENSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")


class Mode(StrEnum):
    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says; `faults` make it void, `oddities` are ignored by senders."""

    mode: Mode | None
    max_age: int | None
    mx: tuple[str, ...]
    faults: tuple[str, ...]
    oddities: tuple[str, ...] = ()


def parse_policy(text: str) -> Policy:
    """Judge a policy document: "key: value" lines ending in LF or CRLF.

    Of repeated keys other than mx the first one counts (section 3.2). A key that the RFC does not know is an
    extension, which senders skip.
    """
    values: dict[str, str] = {}
    patterns: list[str] = []
    faults: list[str] = []
    oddities: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            continue
        key, colon, value = (piece.strip(" \t") for piece in line.partition(":"))
        if not colon or not _EXTENSION.fullmatch(key):
            faults.append(f"the line '{line.strip()[:60]}' is not of the form key: value")
        elif key == "mx":
            patterns.append(value.lower().rstrip("."))
        elif key in KEYS:
            values.setdefault(key, value)
        else:
            oddities.append(key)
    mode = _mode(values.get("mode"), faults)
    _judge_version(values.get("version"), faults)
    age = _max_age(values.get("max_age"), faults)
    _judge_patterns(patterns, mode, faults)
    return Policy(mode, age, tuple(patterns), tuple(faults), tuple(oddities))


def _judge_version(version: str | None, faults: list[str]) -> None:
    if version is None:
        faults.append("the version is missing")
    elif version != "STSv1":
        faults.append(f"the version is '{version[:20]}', not STSv1")


def _mode(value: str | None, faults: list[str]) -> Mode | None:
    if value is None:
        faults.append("the mode is missing")
        return None
    try:
        return Mode(value)
    except ValueError:
        faults.append(f"the mode '{value[:20]}' is not enforce, testing or none")
        return None


def _max_age(value: str | None, faults: list[str]) -> int | None:
    if value is None:
        faults.append("max_age is missing")
        return None
    if not re.fullmatch(r"[0-9]{1,10}", value) or int(value) > MAX_AGE:
        faults.append(f"max_age '{value[:20]}' is not a number of seconds from 0 to {MAX_AGE}")
        return None
    return int(value)


def _judge_patterns(patterns: list[str], mode: Mode | None, faults: list[str]) -> None:
    if not patterns and mode is not Mode.NONE:
        faults.append("there is no mx line")
    bad = [p for p in patterns if flaw(p.removeprefix("*.")) or "*" in p.removeprefix("*.")]
    faults += [f"the mx pattern '{p[:60]}' is neither a host name nor *. before one" for p in bad]


def mx_matches(host: str, patterns: tuple[str, ...]) -> bool:
    """Whether an MX host is allowed: equal, or one label under a "*." pattern (section 4.1)."""
    name = host.lower().rstrip(".")
    return any(
        name.partition(".")[2] == pattern[2:] if pattern.startswith("*.") else name == pattern
        for pattern in (p.lower().rstrip(".") for p in patterns)
    )
