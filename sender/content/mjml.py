"""MJML (mjml.io) to HTML, by the Rust port MRML: no Node, no network, no includes, no web fonts."""

import re
from collections.abc import Iterator

from mjml import mjml2html

from sender.content.inline import inline_css
from sender.content.problem import ContentError
from sender.content.shield import Shielded, shield

WORDS_ONLY = "title|preview|style|button|accordion-title|accordion-text|navbar-link|social-element"
KEPT_AS_WORDS = re.compile(rf"<!--.*?-->|<mj-({WORDS_ONLY})\b[^>]*>.*?</mj-\1\s*>|<[a-z/][^>]*>", re.DOTALL)
INLINE = re.compile(r"""<mj-style\b[^>]*\binline\s*=\s*["']inline["'][^>]*>(.*?)</mj-style\s*>""", re.DOTALL)
_ELEMENTS = """mjml mj-head mj-attributes mj-all mj-class mj-breakpoint mj-font mj-html-attributes mj-selector
    mj-html-attribute mj-preview mj-style mj-title mj-body mj-include mj-accordion mj-accordion-element
    mj-accordion-text mj-accordion-title mj-button mj-carousel mj-carousel-image mj-column mj-divider mj-group
    mj-hero mj-image mj-navbar mj-navbar-link mj-raw mj-section mj-social mj-social-element mj-spacer mj-table
    mj-text mj-wrapper"""
ELEMENTS = frozenset(_ELEMENTS.split())
OPENING = re.compile(r"<(mj-[a-z-]+)")
POSITION = re.compile(r" at position (\d+):\d+$")


def html_of_mjml(source: str) -> str:
    """Merge tags come through untouched; raises `ContentError` with the line.

    Deep nesting can end the process (MRML recurses), so call it through `sender.content.apart`.
    """
    shielded = shield(source)
    _check_elements(source)
    inline = "\n".join(INLINE.findall(shielded.text))
    try:
        html = mjml2html(_with_comments(INLINE.sub("", shielded.text), shielded), fonts={})
    except ValueError as error:
        raise ContentError(_sentence(str(error), shielded.text)) from None
    if lost := shielded.lost(html + inline):
        tag = shielded.tags[lost[0]]
        raise ContentError(
            f"Line {_line(source, source.index(tag))}: MJML leaves out {tag} here. Put it into an mj-text or "
            "mj-raw, around a whole element, or into an attribute that takes text."
        )
    html = shielded.restored(html, "<!--{}-->")
    return inline_css(html, shielded.restored(inline)) if inline.strip() else html


def _with_comments(text: str, shielded: Shielded) -> str:
    """Words between elements become comments, which MJML and tables leave where they are."""
    return "".join(_pieces(text, shielded))


def _pieces(text: str, shielded: Shielded) -> Iterator[str]:
    at = 0
    for kept in KEPT_AS_WORDS.finditer(text):
        yield _commented(text[at : kept.start()], shielded)
        yield kept[0]
        at = kept.end()
    yield _commented(text[at:], shielded)


def _commented(text: str, shielded: Shielded) -> str:
    return re.sub(rf"{shielded.mark}\d+z", lambda match: f"<!--{match[0]}-->", text)


def _check_elements(source: str) -> None:
    """MRML leaves out silently what it does not know."""
    for match in OPENING.finditer(re.sub(r"<!--.*?-->", _blank, source, flags=re.DOTALL)):
        if match[1] not in ELEMENTS:
            raise ContentError(f"Line {_line(source, match.start())}: <{match[1]}> is no element of MJML.")


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _sentence(said: str, text: str) -> str:
    """MRML's words, with the line in place of its offset."""
    where = POSITION.search(said)
    what = POSITION.sub("", said).removesuffix(" in root template")
    if "include" in what:
        what = "mj-include is not supported; put the parts into one file"
    line = f"Line {_line(text, int(where[1]))}: " if where else ""
    return f"{line}MJML cannot be read: {what}."


def _line(source: str, offset: int) -> int:
    return source.count("\n", 0, offset) + 1
