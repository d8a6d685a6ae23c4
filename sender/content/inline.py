"""CSS from <style> into style attributes, for the mail readers that drop <style> (css-inline does the rules).

Only `style` attributes are written into the author's source; every other byte stays as it was, so that merge
tags, Outlook's conditional comments and markup that spans a condition are not touched. The <style> elements
stay too: media queries, :hover and classes that a condition sets work only there. Nothing is fetched.
"""

import re
from collections.abc import Iterator

from css_inline import CSSInliner

from sender.content.markup import Tag, tags
from sender.content.shield import Shielded, shield

MARK = "data-homing-mark"
UNSEEN = frozenset(["html", "head", "meta", "title", "link", "style", "script", "base"])
STYLES = re.compile(r"<style\b", re.IGNORECASE)


def inline_css(html: str, extra: str = "") -> str:
    """The HTML with the rules of its <style> elements, or only those of `extra`, in style attributes.

    Deep nesting can end the process (css-inline recurses), so call it through `sender.content.apart`.
    """
    if not extra and not STYLES.search(html):
        return html
    shielded = shield(html)
    found = [tag for tag in tags(shielded.text) if not tag.closing and tag.name not in UNSEEN]
    inliner = CSSInliner(
        inline_style_tags=not extra,
        extra_css=extra or None,
        keep_style_tags=True,
        load_remote_stylesheets=False,
    )
    styled = inliner.inline("".join(_marked(shielded, found)))
    return shielded.restored("".join(_spliced(shielded, found, _styles(styled))))


def _marked(shielded: Shielded, found: list[Tag]) -> Iterator[str]:
    """The source with a number on each tag; a style that holds merge tags is kept from the CSS parser."""
    at = 0
    for number, tag in enumerate(found):
        name_end = tag.start + 1 + len(tag.name)
        yield f'{shielded.text[at:name_end]} {MARK}="{number}"'
        at = name_end
        style = tag.attributes.get("style")
        if style and any(shielded.words(style.value)):
            yield shielded.text[at : style.start]
            at = style.end
    yield shielded.text[at:]


def _styles(styled: str) -> dict[int, str]:
    """number -> the style that css-inline gave to the tag of that number."""
    given: dict[int, str] = {}
    for tag in tags(styled):
        number = tag.attributes.get(MARK)
        style = tag.attributes.get("style")
        if number and style and number.value.isdecimal():
            given.setdefault(int(number.value), style.value)
    return given


def _spliced(shielded: Shielded, found: list[Tag], given: dict[int, str]) -> Iterator[str]:
    source, at = shielded.text, 0
    for number, tag in enumerate(found):
        style = tag.attributes.get("style")
        value = given.get(number, "").strip()
        if not value or (style and value == style.value):
            continue
        if style is None:
            name_end = tag.start + 1 + len(tag.name)
            yield f'{source[at:name_end]} style="{_escaped(value)}"'
            at = name_end
        elif source[style.start - 1 : style.start] in ('"', "'"):
            own = style.value if any(shielded.words(style.value)) else ""
            yield source[at : style.start] + _escaped(f"{value.rstrip(';')};{own}" if own else value)
            at = style.end
    yield source[at:]


def _escaped(value: str) -> str:
    """For either kind of quotes."""
    table = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
    return "".join(table.get(character, character) for character in value)
