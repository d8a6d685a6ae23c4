"""How risky a list looks before anything was sent to it, with the reasons: an estimate, never a verdict.

The expected share of bounces is the sum over classes of (share of the rows) times (a usual bounce rate of
the class). Green is below 2 %, red above 5 %, where Amazon SES puts an account under review.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

BASE = 0.003
AMBER = 0.02
RED = 0.05


class Level(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Class:
    """`rate`: how many of them bounce; `from_share`: from which share of the rows on it is worth a word."""

    rate: float
    from_share: float
    words: str
    at_least: Level = Level.GREEN
    """The level from that share on, whatever the sum."""


CLASSES: Mapping[str, Class] = {
    "typo": Class(0.6, 0.001, "look mistyped"),
    "disposable": Class(0.4, 0.01, "are throw-away addresses", Level.AMBER),
    "role": Class(0.03, 0.05, "are offices such as info@, which did not sign up", Level.AMBER),
    "unknown_domain": Class(0.02, 0.05, "are at domains of which nothing could be told"),
    "bad_address": Class(0.03, 0.02, "were no addresses: nobody has cleaned this list", Level.AMBER),
    "no_mail": Class(0.05, 0.02, "were at domains that take no mail: the list is old", Level.AMBER),
    "suppressed": Class(0.03, 0.05, "are suppressed here already", Level.AMBER),
    "consent_1y": Class(0.03, 0.1, "agreed more than a year ago"),
    "consent_2y": Class(0.08, 0.05, "agreed more than two years ago", Level.AMBER),
}


@dataclass(frozen=True, slots=True)
class Risk:
    """`expected_bounces` as a share, 0 to 1."""

    level: Level
    expected_bounces: float
    reasons: tuple[str, ...]


def judge_risk(counts: Mapping[str, int]) -> Risk:
    """`counts` by the names of CLASSES, and `rows`."""
    rows = counts.get("rows", 0)
    if rows == 0:
        return Risk(Level.GREEN, 0.0, ())
    shares = {name: counts.get(name, 0) / rows for name in CLASSES}
    expected = BASE + sum(CLASSES[name].rate * share for name, share in shares.items())
    telling = sorted((n for n in shares if shares[n] >= CLASSES[n].from_share), key=lambda n: -shares[n])
    levels = [_level(expected), *(CLASSES[name].at_least for name in telling)]
    order = list(Level)
    reasons = tuple(f"{100 * shares[name]:.1f} % {CLASSES[name].words}" for name in telling)
    return Risk(max(levels, key=order.index), round(expected, 4), reasons)


def _level(expected: float) -> Level:
    if expected > RED:
        return Level.RED
    return Level.AMBER if expected >= AMBER else Level.GREEN
