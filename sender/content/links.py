"""The links of a message: found once a campaign, rewritten to slots that each person's tracking URL fills.

Only http and https destinations are rewritten; `mailto:`, `tel:`, `#…` and Homing's own links never are.
A destination that holds a merge field is left alone, since a redirect goes only to what is stored.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from sender.content.markup import tags

LINKING = ("a", "area", "v:roundrect", "v:rect", "v:oval", "v:shape")
WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
IN_TEXT = re.compile(r"https?://[^\s<>\"{}|\\^`]{1,2000}", re.IGNORECASE)
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
