"""The links of a message: found once a campaign, rewritten to slots that each person's tracking URL fills.

Only http and https destinations are rewritten; `mailto:`, `tel:`, `#…` and Homing's own links never are.
A destination that holds a merge field is left alone, since a redirect goes only to what is stored.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from sender.content.markup import tags
from sender.content.merge import IN_LINK

LINKING = ("a", "area", "v:roundrect", "v:rect", "v:oval", "v:shape")
WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
IN_TEXT = re.compile(r"https?://[^\s<>\"{}|\\^`]{1,2000}", re.IGNORECASE)
WITH_FIELDS = re.compile(r"https?://(?:[^\s<>\"{}|\\^`]|\{\{[^{}]{0,300}\}\}){1,2000}", re.IGNORECASE)
FIELD_TAG = re.compile(r"\{\{\s*(?!else\b)([A-Za-z_])")
TRAILING = ".,;:!?)'\"]"
MOST_LINKS = 2_000


@dataclass(slots=True)
class LinkTable:
    """The destinations of one campaign by position, and those that could not be tracked."""

    urls: list[str] = field(default_factory=list)
    untracked: list[str] = field(default_factory=list)
    excluded: set[str] = field(default_factory=set)
    """What the author marked with `data-no-track`."""

    def place(self, url: str) -> int | None:
        """Where the link is stored; None if it is not to be tracked."""
        if not WEB.match(url):
            return None
        if "{{" in url or len(self.urls) >= MOST_LINKS:
            self.untracked.append(url)
            return None
        self.urls.append(url)
        return len(self.urls) - 1

    def find_or_place(self, url: str) -> int | None:
        """The text part says the same as the HTML: a click on either is a click on the same link."""
        if url in self.urls:
            return self.urls.index(url)
        return None if url in self.excluded else self.place(url)


def rewrite_html(source: str, table: LinkTable, link: Callable[[int], str]) -> str:
    """Replace each tracked `href` by `link(position)`."""
    pieces, at = [], 0
    for tag in tags(source):
        href = tag.attributes.get("href") if tag.name in LINKING else None
        if href is None:
            continue
        if "data-no-track" in tag.attributes:
            table.excluded.add(href.value.strip())
            continue
        position = table.place(href.value.strip())
        if position is not None:
            pieces += [source[at : href.start], escape(link(position))]
            at = href.end
    return "".join([*pieces, source[at:]])


def mark_fields(source: str) -> str:
    """Fields inside a link are percent-encoded, so that nobody's value adds to the link or breaks it.

    One that the link begins with is the link, and stays as it is.
    """
    pieces, at = [], 0
    for tag in tags(source):
        for name in ("href", "src", "background"):
            span = tag.attributes.get(name)
            if span and span.start >= at and "{{" in span.value:
                pieces += [source[at : span.start], _marked(source[span.start : span.end])]
                at = span.end
    return "".join([*pieces, source[at:]])


def mark_fields_in_text(source: str) -> str:
    """The same for a plain text."""
    return WITH_FIELDS.sub(lambda match: _marked(match[0]), source)


def _marked(url: str) -> str:
    return url[:1] + FIELD_TAG.sub(lambda match: "{{" + IN_LINK + match[1], url[1:])


def rewrite_text(source: str, table: LinkTable, link: Callable[[int], str]) -> str:
    """The same for a plain text: every address that reads as a web link."""

    def replaced(match: re.Match[str]) -> str:
        url = match[0].rstrip(TRAILING)
        if source.startswith("{{", match.end()):
            table.untracked.append(match[0] + "{{…}}")
            return match[0]
        position = table.find_or_place(url)
        return match[0] if position is None else link(position) + match[0][len(url) :]

    return IN_TEXT.sub(replaced, source)
