"""The tag lists of DKIM and ARC (RFC 6376 section 3.2): strict about form, exact about where it breaks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FWS = " \t\r\n"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a tag list, and at which character (from 0) of its text."""

    what: str
    at: int

    def __str__(self) -> str:
        return f"{self.what} at character {self.at + 1}"


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags in order of appearance, as written (names are case-sensitive); white space outside cut off."""

    values: Mapping[str, str]
    starts: Mapping[str, int]
    """tag -> where its value begins in the text."""
    flaws: tuple[Flaw, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    @property
    def first(self) -> str:
        """The name of the first tag; "" when there is none."""
        return next(iter(self.values), "")

    def words(self, name: str, default: str = "") -> tuple[str, ...]:
        """A colon-separated value, white space removed."""
        return tuple(word.strip(FWS) for word in self.get(name, default).split(":"))


def parse_tags(text: str) -> Tags:
    """Parse "a=b; c=d". A flawed part is reported and left out; a repeated tag keeps its first value."""
    values: dict[str, str] = {}
    starts: dict[str, int] = {}
    flaws: list[Flaw] = []
    at = 0
    parts = text.split(";")
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        flaw = _take(part, at, values, starts)
        if flaw and not (last and not part.strip(FWS)):
            flaws.append(flaw)
        at += len(part) + 1
    return Tags(values, starts, tuple(flaws))


def _take(part: str, at: int, values: dict[str, str], starts: dict[str, int]) -> Flaw | None:
    """Add one "name=value" that begins at `at`; returns what is wrong with it."""
    lead = len(part) - len(part.lstrip(FWS))
    if not part.strip(FWS):
        return Flaw("nothing between two semicolons", at)
    name, equals, value = part.partition("=")
    bare = name.strip(FWS)
    if not equals:
        return Flaw(f"“{part.strip(FWS)[:40]}” is not of the form tag=value", at + lead)
    if not NAME.fullmatch(bare):
        return Flaw(f"“{bare[:40]}” is no tag name", at + lead)
    if bare in values:
        return Flaw(f"the tag {bare}= appears twice", at + lead)
    values[bare] = value.strip(FWS)
    starts[bare] = at + len(name) + 1 + (len(value) - len(value.lstrip(FWS)))
    return None
