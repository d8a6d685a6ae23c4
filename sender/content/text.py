"""The plain text part, made from the HTML: what a person reads who does not see HTML.

Merge fields and conditions pass through as they stand. Links come out as `words (address)`.
"""

import re
import textwrap
from html.parser import HTMLParser

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
PARAGRAPHS = frozenset(["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul"])
HIDDEN = frozenset(["head", "style", "script", "title", "template", "noscript", "svg", "textarea", "select"])
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
INVISIBLE = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
SPACE = re.compile(r"[ \t\r\n\f\xa0\u200b\u200c\u034f\ufeff]+")
WIDTH = 76


def text_from_html(html: str) -> str:
    """A readable text; ends in one line end. Broken markup gives a plainer text, never an error."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return writer.text()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.hidden: list[str] = []
        """The open elements inside the outermost hidden one; nothing is written while there are any."""
        self.links: list[tuple[str, int]] = []
        self.lists: list[int | None] = []
        self.breaks = 0
        """Line ends that come before the next word; neighbouring blocks do not add up."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self.hidden or tag in HIDDEN or INVISIBLE.search(attributes.get("style", "")):
            if tag not in VOID:
                self.hidden.append(tag)
            return
        self._break(tag)
        match tag:
            case "br":
                self.breaks += 1
            case "hr":
                self._write("-" * 20)
            case "img":
                self._write(attributes.get("alt", ""))
            case "a":
                self.links.append((attributes.get("href", ""), len(self.out)))
            case "ul" | "ol":
                self.lists.append(0 if tag == "ol" else None)
            case "li":
                self._write(self._bullet())

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag in self.hidden:
                while self.hidden.pop() != tag:
                    pass
            return
        if tag == "a" and self.links:
            self._close_link(*self.links.pop())
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self._write(SPACE.sub(" ", data))

    def _write(self, words: str) -> None:
        if self.breaks and words.strip():
            self.out.append("\n" * self.breaks)
            self.breaks = 0
        self.out.append(words)

    def _break(self, tag: str) -> None:
        if tag in BLOCKS:
            self.breaks = max(self.breaks, 2 if tag in PARAGRAPHS and not self.lists else 1)

    def _bullet(self) -> str:
        if not self.lists or self.lists[-1] is None:
            return "- "
        self.lists[-1] += 1
        return f"{self.lists[-1]}. "

    def _close_link(self, href: str, since: int) -> None:
        words = "".join(self.out[since:]).strip()
        shown = href.removeprefix("mailto:")
        if href.startswith(("http://", "https://", "mailto:", "{{")) and shown.rstrip("/") != words.rstrip(
            "/"
        ):
            self._write(f" ({shown})" if words else shown)

    def text(self) -> str:
        lines = [" ".join(line.split(" ")).strip() for line in "".join(self.out).split("\n")]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(re.sub(r" {2,}", " ", line) for line in lines)).strip()
        return "\n".join(_wrapped(line) for line in text.split("\n")) + "\n"


def _wrapped(line: str) -> str:
    """Long lines are cut between words; addresses and merge tags are never cut."""
    if len(line) <= WIDTH or "{{" in line:
        return line
    return textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
