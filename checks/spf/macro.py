"""SPF macros: parse a macro-string, expand it (RFC 7208 section 7). No DNS: values come from the caller."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from checks.spf.flaws import Fault, Flaw

LETTERS = frozenset("slodiphcrtv")
ONLY_IN_EXPLANATIONS = frozenset("crt")
_ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}
_EXPAND = re.compile(r"%\{([A-Za-z])(\d*)([rR]?)([.\-+,/_=]*)\}")
_LIKE_A_MACRO = re.compile(r"%\{[^}]{0,40}\}|%.?")


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands for itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Escape:
    """`%%`, `%_` or `%-`: grammatically a macro, with a fixed value."""

    text: str


@dataclass(frozen=True, slots=True)
class Expand:
    """`%{letter digits r delimiters}`; an upper-case letter asks for URL escaping (section 7.3)."""

    letter: str
    labels: int | None = None
    reverse: bool = False
    delimiters: str = "."
    escape: bool = False


Part = Literal | Escape | Expand


@dataclass(frozen=True, slots=True)
class MacroString:
    """A parsed macro-string: the text as published and its parts, in order."""

    text: str
    parts: tuple[Part, ...]

    @property
    def letters(self) -> frozenset[str]:
        """The macro letters it needs, in lower case."""
        return frozenset(part.letter for part in self.parts if isinstance(part, Expand))

    def expand(self, value_of: Callable[[str], str]) -> str:
        """The text with every macro replaced; `value_of` gives the raw value of a lower-case letter."""
        return "".join(_expanded(part, value_of) for part in self.parts)


def parse(text: str, at: int = 0, *, explanation: bool = False) -> tuple[MacroString, tuple[Fault, ...]]:
    """Parse a macro-string that begins at character `at` of its record; all faults are returned."""
    parts: list[Part] = []
    faults: list[Fault] = []
    place = 0
    while place < len(text):
        sign = text.find("%", place)
        end = len(text) if sign < 0 else sign
        if end > place:
            parts.append(Literal(text[place:end]))
        place = end
        if sign >= 0:
            part, place = _macro(text, sign)
            outcome = _fault(part, text[sign:place], at + sign, explanation)
            faults += outcome
            parts += [part] if isinstance(part, Escape | Expand) else [Literal(text[sign:place])]
    return MacroString(text, tuple(parts)), tuple(faults)


def _macro(text: str, sign: int) -> tuple[Part | Flaw, int]:
    if (pair := text[sign : sign + 2]) in _ESCAPES:
        return Escape(_ESCAPES[pair]), sign + 2
    if match := _EXPAND.match(text, sign):
        letter, digits, reverse, delimiters = match.groups()
        # Names have at most 127 labels, so more than four digits mean "all" (and int() stays cheap).
        labels = min(int(digits.lstrip("0")[:5] or "0"), 9999) if digits else None
        return Expand(letter.lower(), labels, bool(reverse), delimiters or ".", letter.isupper()), match.end()
    match = _LIKE_A_MACRO.match(text, sign)
    return Flaw.MACRO, match.end() if match else sign + 1


def _fault(part: Part | Flaw, text: str, at: int, explanation: bool) -> list[Fault]:
    if isinstance(part, Flaw):
        return [Fault(part, at, text)]
    if not isinstance(part, Expand):
        return []
    if part.letter not in LETTERS:
        return [Fault(Flaw.MACRO_LETTER, at, text)]
    if part.letter in ONLY_IN_EXPLANATIONS and not explanation:
        return [Fault(Flaw.MACRO_PLACE, at, text)]
    return [Fault(Flaw.MACRO_ZERO, at, text)] if part.labels == 0 else []


def _expanded(part: Part, value_of: Callable[[str], str]) -> str:
    if not isinstance(part, Expand):
        return part.text
    value = value_of(part.letter)
    if part.labels is not None or part.reverse or part.delimiters != ".":
        value = _transformed(value, part)
    return quote(value, safe="") if part.escape else value


def _transformed(value: str, part: Expand) -> str:
    pieces = re.split("[" + re.escape(part.delimiters) + "]", value)
    if part.reverse:
        pieces.reverse()
    if part.labels is not None:
        pieces = pieces[-part.labels :]
    return ".".join(pieces)
