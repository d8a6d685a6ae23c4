"""The SVG Tiny Portable/Secure profile of BIMI logos (draft-svg-tiny-ps-abrotman)."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

SVG = "{http://www.w3.org/2000/svg}"
HREFS = ("{http://www.w3.org/1999/xlink}href", "href")
MAX_BYTES = 32_768
MAX_TITLE = 64
FORBIDDEN = frozenset(
    {"animate", "animatecolor", "animatemotion", "animatetransform", "audio", "discard", "foreignobject",
     "handler", "iframe", "listener", "prefetch", "script", "set", "video"}
)  # fmt: skip
"""What moves, runs, or embeds."""
PLACEHOLDERS = frozenset({"", "untitled", "title", "logo", "svg", "layer 1", "artboard 1"})


def svg_faults(document: bytes) -> tuple[str, ...]:
    """Why a mailbox provider would not show this logo; empty when it would. Never raises."""
    root = _root(document)
    if root is None:
        return ("it is not well-formed XML that is safe to read",)
    if root.tag not in (f"{SVG}svg", "svg"):
        return ("its root is not an svg element",)
    return (*_root_faults(root), *_element_faults(root))


def svg_oddities(document: bytes) -> tuple[str, ...]:
    """What providers ask for beyond the profile: size, a square, a title that names the brand."""
    root = _root(document)
    return () if root is None else tuple(_oddities(document, root))


def _root(document: bytes) -> Element | None:
    try:
        root: Element = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    return root


def _root_faults(root: Element) -> Iterator[str]:
    if root.get("baseProfile") != "tiny-ps":
        yield f'baseProfile is "{(root.get("baseProfile") or "")[:20]}", not "tiny-ps"'
    if root.get("version") not in (None, "1.2"):
        yield f'version is "{(root.get("version") or "")[:20]}", not "1.2"'
    for attribute in ("x", "y"):
        if attribute in root.attrib:
            yield f"the root has an {attribute} attribute"
    if _title(root) is None:
        yield "it has no title element"


def _title(root: Element) -> str | None:
    titles = (child for child in root if child.tag in (f"{SVG}title", "title"))
    return next(("".join(title.itertext()) for title in titles), None)


def _element_faults(root: Element) -> Iterator[str]:
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name.lower() in FORBIDDEN:
            yield f"it has a {name} element"
        for attribute in HREFS:
            reference = element.get(attribute, "").strip()
            if reference and not reference.startswith("#"):
                yield f"its {name} element refers to '{reference[:60]}', outside the document"


def _oddities(document: bytes, root: Element) -> Iterator[str]:
    if len(document) > MAX_BYTES:
        yield f"it is {len(document)} bytes; {MAX_BYTES} is the most that providers take"
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4 and box[2] != box[3]:
        yield f"it is {box[2]} by {box[3]}; providers crop to a square"
    title = (_title(root) or "").strip()
    if title.lower() in PLACEHOLDERS or len(title) > MAX_TITLE:
        yield "its title does not name the brand in 64 characters or fewer"
