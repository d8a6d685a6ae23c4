"""Where the tags of an HTML template are. One linear pass; the text between them is never changed.

Not a parser of HTML's tree: it finds start tags and their attributes as they are written, and leaves out
what is no markup (comments, but not Outlook's conditional ones; the insides of style and script). Quotes and
angle brackets inside a merge tag are the tag's own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

LONGEST_TAG = 20_000
SKIPPED = ("style", "script", "title", "textarea", "xmp")
ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s"'<>/=]{1,100})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]+)))?""",
)
START = re.compile(r"<(?:(!--)|(/?)([A-Za-z][A-Za-z0-9:-]{0,60}))")
MERGE = re.compile(r"\{\{[^{}]{0,300}\}\}")
INERT = str.maketrans(dict.fromkeys("\"'<>=/ \t\r\n", "_"))


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the source, from `start` up to `end`, and what it says with its entities resolved."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag (or, with `closing`, an end tag) as it stands in the source."""

    name: str
    start: int
    end: int
    closing: bool
    attributes: Mapping[str, Span]


def tags(source: str) -> Iterator[Tag]:
    """Every tag in order, also inside Outlook's conditional comments."""
    written, at = source, 0
    source = MERGE.sub(lambda match: match[0].translate(INERT), source)
    while match := START.search(source, at):
        if match[1]:
            at = _after_comment(source, match.end())
            continue
        end = _end_of_tag(source, match.end())
        if end < 0:
            at = match.end()
            continue
        name, closing = match[3].lower(), bool(match[2])
        found = {} if closing else _attributes(source, written, match.end(), end)
        yield Tag(name, match.start(), end, closing, found)
        at = end if closing or name not in SKIPPED else _after_element(source, name, end)


def _after_comment(source: str, at: int) -> int:
    """The conditional comments of Outlook hold markup that Outlook shows: their insides are read on."""
    if source.startswith("[if", at):
        return at
    end = source.find("-->", at)
    return len(source) if end < 0 else end + 3


def _after_element(source: str, name: str, at: int) -> int:
    match = re.compile(rf"</{name}", re.IGNORECASE).search(source, at)
    return len(source) if match is None else match.start()


def _end_of_tag(source: str, at: int) -> int:
    """Past the > that closes the tag; -1 if it is never closed. A > inside quotes closes nothing."""
    quote = ""
    for position in range(at, min(len(source), at + LONGEST_TAG)):
        character = source[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and source[position - 1] in "= \t\r\n":
            quote = character
        elif character == ">":
            return position + 1
    return -1


def _attributes(source: str, written: str, at: int, end: int) -> dict[str, Span]:
    found: dict[str, Span] = {}
    while (match := ATTRIBUTE.match(source, at, end - 1)) and match.end() > at:
        group = next((index for index in (2, 3, 4) if match[index] is not None), 0)
        start, stop = match.span(group)
        span = Span(start, stop, unescape(written[start:stop]) if group else "")
        found.setdefault(match[1].lower(), span)
        at = match.end()
    return found
