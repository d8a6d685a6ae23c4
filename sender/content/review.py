"""What an experienced eye sees in a template before it is sent: sizes, links, images, ways to leave.

Each rule yields remarks; the thresholds and lists are data. Nothing is fetched.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from urllib.parse import urlsplit

from sender.content.compile import UNSUBSCRIBE, Source, nodes_of
from sender.content.links import LINKING
from sender.content.markup import Span, Tag, tags
from sender.content.nodes import without_default
from sender.content.sample import GIVEN, part_of, sample

GMAIL_CLIPS_AT = 102 * 1024
"""Bytes of HTML that Gmail shows; the rest, with the pixel and the footer, is behind a link."""
TRACKED_LINK = 90
"""Characters of a link through the tracking host, about."""
HEAVY = 5_000_000
FEWEST_WORDS = 20
NEAR = 20
"""Tags in which a link ends that is one."""
SHORTENERS = frozenset(
    ["bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "buff.ly", "is.gd", "rb.gy", "cutt.ly", "t.ly"]
)
_REFUSED_FILES = """ade adp apk appx bat cab chm cmd com cpl dll dmg exe hta ins iso isp jar js jse lib lnk
    mde msc msi msp mst pif ps1 scr sct shb sys vb vbe vbs vxd wsc wsf wsh"""
REFUSED_FILES = frozenset(_REFUSED_FILES.split())
"""Suffixes of attachments that Gmail and others refuse (support.google.com/mail/answer/6590)."""
NOT_SHOWN = frozenset(["script", "iframe", "object", "embed", "form", "video", "audio"])
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
HOST = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*\Z|\[[0-9a-f:.]+\]\Z|\d+(?:\.\d+){3}\Z", re.IGNORECASE
)
SHOWN_HOST = re.compile(r"\s*(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#]\S*)?\s*\Z", re.IGNORECASE)


class Level(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Remark:
    """`code` is stable; `sentence` is for people."""

    level: Level
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The template and what was found in it once for all rules."""

    source: Source
    tags: Sequence[Tag]
    text: str
    line_ends: Sequence[int]
    first_line: int | None

    def at(self, tag: Tag, what: str) -> str:
        """A sentence about a tag, with its line where that is a line of the author's."""
        if self.first_line is None:
            return what[0].upper() + what[1:]
        return f"Line {bisect(self.line_ends, tag.start) + self.first_line}: {what}"


def review(
    source: Source, fields: Mapping[str, str], now: datetime, *, first_line: int | None = 1
) -> Sequence[Remark]:
    """The worst first; `fields` are sample values. Raises ValueError where no message can be made at all.

    `first_line` is the HTML's in what the author wrote; None if the HTML was made from something else.
    """
    line_ends = [match.start() for match in re.finditer("\n", source.html)]
    text = part_of(sample(source, fields, now), "plain")
    letter = Letter(source, [*tags(source.html)], text, line_ends, first_line)
    remarks = [remark for rule in RULES for remark in rule(letter)]
    return sorted(remarks, key=lambda remark: [*Level].index(remark.level))


def _size(letter: Letter) -> Iterator[Remark]:
    links = sum(1 for tag in letter.tags if tag.name in LINKING and not tag.closing)
    size = len(letter.source.html.encode()) + links * TRACKED_LINK
    if size > GMAIL_CLIPS_AT:
        yield Remark(
            Level.WARN,
            "html-too-large",
            f"The HTML has {size:,} bytes with tracked links. Gmail cuts at {GMAIL_CLIPS_AT:,} and hides the "
            "footer and the pixel. Make it shorter.",
        )


def _leaving(letter: Letter) -> Iterator[Remark]:
    if UNSUBSCRIBE not in (letter.source.html or letter.source.text).lower():
        yield Remark(
            Level.NOTE,
            "no-unsubscribe-link",
            "The template has no {{unsubscribe_url}}. Homing adds a line at the end of each message.",
        )


def _words(letter: Letter) -> Iterator[Remark]:
    images = sum(1 for tag in letter.tags if tag.name == "img")
    if images and len(letter.text.split()) < FEWEST_WORDS:
        yield Remark(
            Level.WARN,
            "only-images",
            "The message is images with hardly any text. Filters distrust that, and many see no images.",
        )
    if letter.source.html and not letter.source.preheader and "max-height:0" not in letter.source.html:
        yield Remark(
            Level.NOTE, "no-preheader", "There is no preheader, so inboxes show whatever comes first."
        )


def _not_shown(letter: Letter) -> Iterator[Remark]:
    for tag in letter.tags:
        sheet = tag.name == "link" and "stylesheet" in (_value(tag, "rel") or "").lower()
        if not tag.closing and (tag.name in NOT_SHOWN or sheet):
            what = "<link rel=stylesheet>" if sheet else f"<{tag.name}>"
            yield Remark(Level.WARN, "not-shown", letter.at(tag, f"most mail readers drop {what}."))


def _images(letter: Letter) -> Iterator[Remark]:
    known = {file.cid for file in letter.source.attachments if file.cid}
    for tag in letter.tags:
        if tag.name != "img" or tag.closing:
            continue
        src = (_value(tag, "src") or "").strip()
        if "alt" not in tag.attributes:
            yield Remark(
                Level.WARN,
                "image-without-alt",
                letter.at(tag, f'the image {src!r} has no alt. Say what it shows; alt="" for decoration.'),
            )
        if wrong := _image_source(src, known):
            level, what = wrong
            yield Remark(level, "image-source", letter.at(tag, what))


def _image_source(src: str, known: set[str]) -> tuple[Level, str] | None:
    if src.startswith("cid:") and src[4:] not in known:
        return Level.BLOCK, f"there is no inline image {src[4:]!r}. Attach the file: --attach {src[4:]}"
    if src.startswith("data:"):
        return Level.WARN, 'Gmail and Outlook show no data: images. Attach the file and use src="cid:NAME".'
    if src.startswith("http://"):
        return Level.WARN, f"the image {src} is fetched without TLS, and some readers refuse it. Use https."
    if not src.startswith(("https://", "cid:", "{{")):
        return Level.BLOCK, f"the image {src!r} cannot be found from a mailbox. Give a whole https address."
    return None


def _links(letter: Letter) -> Iterator[Remark]:
    for index, tag in enumerate(letter.tags):
        href = tag.attributes.get("href") if tag.name in LINKING and not tag.closing else None
        if href is None:
            continue
        if wrong := _broken(href.value.strip()):
            yield Remark(Level.BLOCK, "broken-link", letter.at(tag, wrong))
            continue
        host = _host(href.value)
        if host in SHORTENERS:
            yield Remark(
                Level.WARN,
                "shortened-link",
                letter.at(tag, f"the shortener {host} hides where it leads. Filters mind."),
            )
        shown = _shown_host(letter, index)
        if shown and host and not _same_site(shown, host):
            yield Remark(
                Level.WARN,
                "link-text-differs",
                letter.at(tag, f"the link reads {shown} but leads to {host}. Phishing looks like that."),
            )


def _broken(url: str) -> str:
    """Why nobody can follow it; "" if that cannot be said."""
    if not url or "{{" in url or url.startswith("#"):
        return "" if url else "a link that leads nowhere."
    if not SCHEME.match(url):
        return f"the link {url!r} cannot be found from a mailbox. Give a whole https address."
    scheme = url.partition(":")[0].lower()
    if scheme in ("javascript", "data", "vbscript", "file"):
        return f"mail readers do not follow {scheme}: links."
    if scheme in ("http", "https") and (" " in url or not HOST.match(_host(url))):
        return f"{url!r} is no web address."
    return ""


def _host(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".")
    return f"[{host}]" if ":" in host else host


def _shown_host(letter: Letter, index: int) -> str:
    """The host that the words of a link name; "" where they name none."""
    tag = letter.tags[index]
    after = next(
        (
            each
            for each in islice(letter.tags, index + 1, index + NEAR)
            if each.name == tag.name and each.closing
        ),
        None,
    )
    match = SHOWN_HOST.match(letter.source.html[tag.end : after.start]) if after else None
    return match[1].lower() if match else ""


def _same_site(one: str, other: str) -> bool:
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _untracked(letter: Letter) -> Iterator[Remark]:
    for tag in letter.tags:
        href = (_value(tag, "href") or "").strip()
        if tag.name in LINKING and "{{" in href and UNSUBSCRIBE not in href.lower():
            yield Remark(
                Level.NOTE,
                "untracked-link",
                letter.at(tag, f"the link {href} differs from person to person; its clicks are not counted."),
            )


def _defaults(letter: Letter) -> Iterator[Remark]:
    fields = frozenset().union(*map(without_default, nodes_of(letter.source))) - GIVEN
    for name in sorted(fields):
        yield Remark(
            Level.NOTE,
            "no-default",
            f"{{{{{name}}}}} has no default; where somebody has no value, nothing stands there.",
        )


def _files(letter: Letter) -> Iterator[Remark]:
    total = sum(len(file.content) for file in letter.source.attachments)
    if total > HEAVY:
        yield Remark(
            Level.WARN,
            "heavy",
            f"The files have {total:,} bytes, which goes to everybody. A link is lighter.",
        )
    for file in letter.source.attachments:
        if file.name.rpartition(".")[2].lower() in REFUSED_FILES:
            yield Remark(Level.BLOCK, "refused-file", f"Gmail and others refuse mail with {file.name}.")


def _value(tag: Tag, name: str) -> str | None:
    span: Span | None = tag.attributes.get(name)
    return span.value if span else None


RULES: Sequence[Callable[[Letter], Iterator[Remark]]] = (
    _size, _links, _images, _not_shown, _words, _files, _leaving, _untracked, _defaults,
)  # fmt: skip
