"""The words that a segment is made of: a typed tree, which `data.segments` turns into a condition.

Every leaf is true or false of a person, never unknown: an attribute that is absent is not equal to anything.
Letters A to Z compare without regard to case, all others as they are.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from data.lists import Member

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
LONGEST_NUMBER = 15
"""Signs; a text that reads as a longer number is taken as a text (both stores compare doubles)."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Match(StrEnum):
    IS = "is"
    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    SET = "is set"


class Order(StrEnum):
    BELOW = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    ABOVE = ">"


class Deed(StrEnum):
    RECEIVED = "received"
    OPENED = "opened"
    CLICKED = "clicked"


@dataclass(frozen=True, slots=True)
class Text:
    """An attribute compared as a text; `value` says nothing where `match` is SET."""

    attribute: str
    match: Match
    value: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """True where the attribute reads as a number (NUMBER, at most LONGEST_NUMBER signs) in that order."""

    attribute: str
    order: Order
    value: float


@dataclass(frozen=True, slots=True)
class Day:
    """True where the attribute begins with an ISO date in that order."""

    attribute: str
    order: Order
    day: date


@dataclass(frozen=True, slots=True)
class DayWithin:
    """True where the attribute begins with an ISO date of the last `days` days, today included (UTC)."""

    attribute: str
    days: int


@dataclass(frozen=True, slots=True)
class Tagged:
    tag: str


@dataclass(frozen=True, slots=True)
class OnList:
    """By the list's name."""

    name: str
    state: Member = Member.SUBSCRIBED


@dataclass(frozen=True, slots=True)
class AtDomain:
    """Whose address is at this very domain."""

    domain: str


@dataclass(frozen=True, slots=True)
class Added:
    """Whom we have known since then: from midnight UTC of the day."""

    order: Order
    day: date


@dataclass(frozen=True, slots=True)
class AddedWithin:
    days: int


@dataclass(frozen=True, slots=True)
class Behaved:
    """What a person did, never a machine. `campaign` "" is any, `days` None is ever."""

    deed: Deed
    campaign: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


@dataclass(frozen=True, slots=True)
class AllOf:
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    rules: tuple["Rule", ...]


Leaf: TypeAlias = Text | Number | Day | DayWithin | Tagged | OnList | AtDomain | Added | AddedWithin | Behaved
Rule: TypeAlias = Leaf | Not | AllOf | AnyOf


def leaves(rule: Rule) -> tuple[Leaf, ...]:
    """Every condition of a rule, from left to right."""
    match rule:
        case Not(inner):
            return leaves(inner)
        case AllOf(rules) | AnyOf(rules):
            return tuple(leaf for each in rules for leaf in leaves(each))
        case _:
            return (rule,)


_FOLDING = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(text: str) -> str:
    """A to Z in lower case, all else as it is: what both stores can do alike."""
    return text.translate(_FOLDING)
