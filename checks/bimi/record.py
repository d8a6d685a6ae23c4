"""The BIMI assertion record (draft-brand-indicators-for-message-identification section 4.2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.tags import TagList, parse_tags

KNOWN = frozenset({"v", "l", "a", "lps", "avp", "s"})
AVATARS = frozenset({"brand", "personal"})
_PREFIX = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BimiRecord:
    """`declined`: the domain deliberately shows no logo (an empty l tag, section 4.2.1)."""

    text: str
    location: str
    authority: str
    declined: bool
    faults: tuple[str, ...]
    oddities: tuple[str, ...]


def is_bimi(text: str) -> bool:
    """Whether a TXT record is meant for BIMI; the version is compared without regard to case."""
    return re.match(r"v[ \t]*=[ \t]*BIMI[0-9]", text, re.IGNORECASE) is not None


def parse_bimi(text: str) -> BimiRecord:
    """Judge one record."""
    listed = parse_tags(text)
    location, authority = listed.get("l"), listed.get("a")
    oddities = tuple(f"no provider knows the tag {tag}" for tag, _ in listed.tags if tag not in KNOWN)
    declined = location == "" and not authority
    return BimiRecord(text, location or "", authority or "", declined, tuple(_faults(listed)), oddities)


def _faults(listed: TagList) -> Iterator[str]:
    yield from listed.faults
    location, authority = listed.get("l"), listed.get("a")
    if not listed.tags or listed.tags[0][0] != "v" or listed.tags[0][1].upper() != "BIMI1":
        yield "it does not start with v=BIMI1"
    if location is None:
        yield "the l tag, where the logo is, is missing"
    if authority == "" and location:
        yield "the a tag is empty"
    for what, uri in (("logo", location), ("certificate", authority)):
        if uri and not _is_https(uri):
            yield f"the {what} '{uri[:80]}' is not at an https: address"
    yield from _preference_faults(listed)


def _is_https(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.netloc)


def _preference_faults(listed: TagList) -> Iterator[str]:
    for prefix in (part.strip() for part in (listed.get("lps") or "").split(",")):
        if prefix and not _PREFIX.fullmatch(prefix):
            yield f"'{prefix[:40]}' in lps is no local-part prefix"
    avatar = listed.get("avp")
    if avatar is not None and avatar.lower() not in AVATARS:
        yield f"avp is '{avatar[:20]}', not brand or personal"
