"""A template as its author writes it (HTML, MJML, Markdown, plain text), and as campaigns use it.

Everything is made here once, when the template is stored: what is kept is HTML and text with merge tags.
"""

import functools
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape

from sender.content.apart import apart
from sender.content.markup import tags
from sender.content.merge import parse
from sender.content.problem import ContentError


class Format(StrEnum):
    """What a template is written in."""

    HTML = "html"
    MJML = "mjml"
    MARKDOWN = "markdown"
    TEXT = "text"


SUFFIXES = {
    "html": Format.HTML,
    "htm": Format.HTML,
    "mjml": Format.MJML,
    "md": Format.MARKDOWN,
    "markdown": Format.MARKDOWN,
    "txt": Format.TEXT,
}
FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
TITLES = ("title", "mj-title")
FRONT_KEYS = ("subject", "preheader")


@dataclass(frozen=True, slots=True)
class Written:
    """What the author gave. An empty `subject` is taken from the front matter or the title."""

    source: str
    format: Format
    subject: str = ""
    preheader: str = ""
    text: str = ""
    inline: bool = True
    """Whether the rules of <style> go into style attributes."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What campaigns use; an empty `text` is made from the HTML."""

    subject: str
    preheader: str
    html: str
    text: str


def format_of(name: str, source: str) -> Format:
    """By the file's suffix; else by what the source begins with."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    start = FRONT.sub("", source).lstrip()[:200].lower()
    if "<mjml" in start:
        return Format.MJML
    return Format.HTML if start.startswith("<") else Format.TEXT


def ready(written: Written) -> Ready:
    """Raises `ContentError` or `MergeError` with a sentence for the author."""
    written = _without_front(replace(written, source=_lines(written.source), text=_lines(written.text)))
    if not written.source.strip():
        raise ContentError("The template is empty.")
    for part in (written.subject, written.preheader, written.source, written.text):
        parse(part)
    subject = written.subject or _title(written)
    if not subject:
        raise ContentError('The template has no subject. Give one: --subject "…"')
    if written.format is Format.TEXT:
        return Ready(subject, "", "", written.source.lstrip("\n"))
    html = html_of(written.source, written.format, written.inline).lstrip("\n")
    parse(html)
    return Ready(subject, written.preheader, html, written.text)


def html_of(source: str, format: Format, inline: bool) -> str:  # noqa: A002
    """The HTML that goes out; made in a child process, and its time and memory are bounded."""
    if format is Format.HTML and not inline:
        return source
    return apart(functools.partial(_html, format, inline), source)


def _html(format: Format, inline: bool, source: str) -> str:  # noqa: A002
    from sender.content.inline import inline_css

    if format is Format.MJML:
        from sender.content.mjml import html_of_mjml

        return html_of_mjml(source)
    if format is Format.MARKDOWN:
        from sender.content.markdown import html_of_markdown

        source = html_of_markdown(source)
    return inline_css(source) if inline else source


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _title(written: Written) -> str:
    if written.format not in (Format.HTML, Format.MJML):
        return ""
    tag = next((tag for tag in tags(written.source) if tag.name in TITLES and not tag.closing), None)
    end = written.source.find("</", tag.end) if tag else -1
    return " ".join(unescape(written.source[tag.end : end]).split()) if tag and end > 0 else ""


def _without_front(written: Written) -> Written:
    """`---`, lines of `subject: …` and `preheader: …`, `---` before the template."""
    front = FRONT.match(written.source)
    if not front:
        return written
    given: dict[str, str] = {}
    for number, line in enumerate(front[1].splitlines(), start=2):
        key, colon, value = line.partition(":")
        if not colon or key.strip().lower() not in FRONT_KEYS:
            raise ContentError(
                f"Line {number}: between the --- lines stand subject: … and preheader: … and nothing else."
            )
        given[key.strip().lower()] = value.strip().strip('"')
    return replace(
        written,
        source="\n" * front[0].count("\n") + written.source[front.end() :],  # lines keep their numbers
        subject=written.subject or given.get("subject", ""),
        preheader=written.preheader or given.get("preheader", ""),
    )
