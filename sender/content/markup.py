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
ENDS = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in SKIPPED}
MARK = re.compile(r"[\"'>]")
START = re.compile(r"<(?:(!--|[!?])|(/?)([A-Za-z][A-Za-z0-9:-]{0,60}))")
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
    """Every tag in order, also inside Outlook's conditional comments. Linear in the source."""
    return (token for token in tokens(source, outlook=True) if isinstance(token, Tag))


def tokens(source: str, *, outlook: bool = False) -> Iterator[Tag | str]:
    """The tags, and the text between them as it is written; no comments.

    `outlook` reads on inside its conditional comments, as only Outlook does.
    """
    written, at, text_from = source, 0, 0
    source = MERGE.sub(lambda match: match[0].translate(INERT), source)
    while match := START.search(source, at):
        if match[1]:
            after = _after_comment if match[1] == "!--" else _after_declaration
            at = after(source, match.end(), outlook)
            yield written[text_from : match.start()]
            text_from = at
            continue
        end = _end_of_tag(source, match.end())
        if end < 0:
            at = match.end() + LONGEST_TAG  # it is no tag; nor is what a reader would take for its attributes
            continue
        yield written[text_from : match.start()]
        name, closing = match[3].lower(), bool(match[2])
        found = {} if closing else _attributes(source, written, match.end(), end)
        yield Tag(name, match.start(), end, closing, found)
        at = end if closing or name not in SKIPPED else _after_element(source, name, end)
        text_from = at
    yield written[text_from:]


def _after_comment(source: str, at: int, outlook: bool) -> int:
    """The conditional comments of Outlook hold markup that Outlook shows: their insides are read on."""
    if outlook and source.startswith("[if", at):
        return at
    if source.startswith((">", "->"), at):  # an empty comment, as HTML has it
        return source.index(">", at) + 1
    end = source.find("-->", at)
    return len(source) if end < 0 else end + 3


def _after_declaration(source: str, at: int, outlook: bool) -> int:  # noqa: ARG001
    """`<!doctype …>`, `<![if …]>`, `<?xml …>`."""
    end = source.find(">", at)
    return len(source) if end < 0 else end + 1


def _after_element(source: str, name: str, at: int) -> int:
    match = ENDS[name].search(source, at)
    return len(source) if match is None else match.start()


def _end_of_tag(source: str, at: int) -> int:
    """Past the > that closes the tag; -1 if it is never closed. A > inside quotes closes nothing."""
    limit = min(len(source), at + LONGEST_TAG)
    while match := MARK.search(source, at, limit):
        if match[0] == ">":
            return match.end()
        at = match.end()
        if source[match.start() - 1] in "= \t\r\n":
            at = source.find(match[0], at, limit) + 1
            if not at:
                return -1
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
