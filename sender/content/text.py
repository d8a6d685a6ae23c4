"""The plain text part, made from the HTML: what a person reads who does not see HTML.

Merge fields and conditions pass through as they stand. Links come out as `words (address)`, images as their
`alt`, a short row of a table as one line; lists and quotations keep their marks.
"""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from sender.content.markup import tokens
from sender.content.shield import unharmed

_BLOCKS = """address article aside blockquote center dd div dl dt figure figcaption footer form h1 h2 h3 h4
    h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul"""
BLOCKS = frozenset(_BLOCKS.split())
PARAGRAPHS = frozenset(["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"])
WORD = re.compile(r"h\d+m\d+z")
"""What stands for a merge tag (`sender.content.shield`)."""
FRAMES = frozenset(["ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th"])
"""What is put together when it ends."""
CLOSES = {"li": ("ul", "ol"), "tr": ("table",), "td": ("tr", "table")}
"""A new one ends the one before it, unless that lies beyond the element that holds both."""
HIDDEN = frozenset(["head", "style", "script", "title", "template", "noscript", "svg", "textarea", "select"])
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
INVISIBLE = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
SPACE = re.compile(r"[ \t\r\n\f\xa0\u200b\u200c\u034f\ufeff]+")
BLANKS = re.compile(r" {2,}")
EMPTY_LINES = re.compile(r"\n{3,}")
MARGIN = re.compile(r"((?:> )*)(\xa0*(?:- |\d+\. )?)")
WIDTH = 76
DEEPEST = 40
LINKED = ("http://", "https://", "mailto:", "tel:")


def text_from_html(html: str) -> str:
    """A readable text; ends in one line end. Broken markup gives a plainer text, never an error."""
    return unharmed(html, _text)


def _text(html: str) -> str:
    writer = _Writer()
    for token in tokens(html):
        if isinstance(token, str):
            writer.words(unescape(token))
        elif token.closing:
            writer.end(token.name)
        else:
            writer.start(token.name, {name: span.value for name, span in token.attributes.items()})
    return "\n".join(_wrapped(line) for line in writer.text().split("\n")).replace("\xa0", " ") + "\n"


@dataclass(slots=True)
class _Frame:
    kind: str
    out: list[str] = field(default_factory=list)
    breaks: int = 0
    """Line ends that come before the next word; neighbouring blocks do not add up."""
    number: int = 0
    cells: list[str] = field(default_factory=list)

    def write(self, words: str) -> None:
        if self.breaks and words.strip(" "):
            self.out.append("\n" * self.breaks)
            self.breaks = 0
        self.out.append(words)

    def write_block(self, text: str) -> None:
        """On lines of its own."""
        self.breaks = max(self.breaks, 1)
        self.write(text)
        self.breaks = 1

    def text(self) -> str:
        text = "".join(self.out).strip(" ")
        if "  " in text or " \n" in text or "\n " in text:
            text = "\n".join(BLANKS.sub(" ", line).strip(" ") for line in text.split("\n"))
        if "\n\n\n" in text:
            text = EMPTY_LINES.sub("\n\n", text)
        return text.strip("\n")


class _Writer:
    def __init__(self) -> None:
        self.frames = [_Frame("page")]
        self.hidden: list[str] = []
        """The open elements inside the outermost hidden one; nothing is written while there are any."""
        self.links: list[tuple[str, _Frame, int]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.hidden or tag in HIDDEN or INVISIBLE.search(attributes.get("style", "")):
            if tag not in VOID:
                self.hidden.append(tag)
            return
        self._break(tag)
        if tag in FRAMES:
            self._open(tag)
        elif tag == "br":
            self.frames[-1].breaks += 1
        elif tag == "hr":
            self.frames[-1].write("-" * 20)
        elif tag == "img":
            self.frames[-1].write(SPACE.sub(" ", attributes.get("alt", "")))
        elif tag == "a":
            if self.frames[-1].out[-1:] and self.frames[-1].out[-1].endswith(")"):
                self.frames[-1].write(" ")
            self.links.append((attributes.get("href", ""), self.frames[-1], len(self.frames[-1].out)))

    def end(self, tag: str) -> None:
        if self.hidden:
            if tag in self.hidden:
                while self.hidden.pop() != tag:
                    pass
            return
        if tag == "a" and self.links:
            self._close_link(*self.links.pop())
        elif tag in FRAMES:
            self._close(tag)
        self._break(tag)

    def words(self, data: str) -> None:
        if self.hidden or not data:
            return
        frame = self.frames[-1]
        if frame.kind == "pre":
            frame.write(data.expandtabs(4).replace(" ", "\xa0"))
        elif frame.kind not in ("ul", "ol", "table", "tr") or data.strip():
            frame.write(SPACE.sub(" ", data))

    def text(self) -> str:
        while len(self.frames) > 1:
            self._end(self.frames.pop())
        return self.frames[0].text()

    def _break(self, tag: str) -> None:
        if tag in BLOCKS:
            in_list = any(frame.kind in ("ul", "ol") for frame in self.frames)
            self.frames[-1].breaks = max(
                self.frames[-1].breaks, 2 if tag in PARAGRAPHS and not in_list else 1
            )

    def _open(self, tag: str) -> None:
        kind = _kind(tag)
        if kind in CLOSES:
            self._close(kind)
        if len(self.frames) < DEEPEST:
            self.frames.append(_Frame(kind))

    def _close(self, tag: str) -> None:
        """End the innermost open `tag` and what is open inside it, unless it lies beyond what holds both."""
        kind = _kind(tag)
        for frame in reversed(self.frames[1:]):
            if frame.kind == kind:
                break
            if frame.kind in CLOSES.get(kind, ()):
                return
        else:
            return
        ended = ""
        while ended != kind:
            ended = self.frames[-1].kind
            self._end(self.frames.pop())

    def _end(self, frame: _Frame) -> None:
        """Write a frame's text into the one around it."""
        outer = self.frames[-1]
        text = _row(frame.cells) if frame.kind == "tr" else frame.text()
        if not text:
            return
        if frame.kind == "td" and outer.kind == "tr":
            outer.cells.append(text)
        elif frame.kind == "li":
            outer.number += 1
            outer.write_block(_item("- " if outer.kind != "ol" else f"{outer.number}. ", text))
        elif frame.kind == "blockquote":
            outer.write_block("\n".join(f"> {line}".rstrip(" ") for line in text.split("\n")))
        else:
            outer.write_block(text)

    def _close_link(self, href: str, frame: _Frame, since: int) -> None:
        words = "".join(frame.out[since:]).strip()
        shown = href.strip().removeprefix("mailto:").removeprefix("tel:")
        if frame is self.frames[-1] and _leads_away(href) and shown.rstrip("/") != words.rstrip("/"):
            frame.write(f" ({shown})" if words else shown)


def _kind(tag: str) -> str:
    return "td" if tag == "th" else tag


def _leads_away(href: str) -> bool:
    """A web, mail or telephone address, or a merge tag that will be one."""
    return href.strip().lower().startswith(LINKED) or WORD.match(href.strip()) is not None


def _row(cells: Sequence[str]) -> str:
    """A table's row in one line if it fits, as in a table of figures or a bar of links; else cell by cell."""
    line = " | ".join(cells)
    return line if len(line) <= WIDTH and "\n" not in line else "\n".join(cells)


def _item(bullet: str, text: str) -> str:
    """Held in place by non-breaking spaces until the end, so that nothing takes it for mere layout."""
    margin = "\xa0" * len(bullet)
    first, *rest = text.split("\n")
    return "\n".join([bullet + first, *(margin + line if line else "" for line in rest)])


def _wrapped(line: str) -> str:
    """Long lines are cut between words; addresses, merge tags and verbatim text are never cut."""
    if len(line) <= WIDTH:
        return line
    match = MARGIN.match(line)
    quotes, margin = match.groups() if match else ("", "")
    rest = line[len(quotes) + len(margin) :]
    return textwrap.fill(
        rest,
        WIDTH,
        initial_indent=quotes + margin.replace(" ", "\xa0"),
        subsequent_indent=quotes + "\xa0" * len(margin),
        break_long_words=False,
        break_on_hyphens=False,
    )
