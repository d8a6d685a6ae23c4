"""The Author Domain: what the From header of a message says (RFC 9989 section 3.2), however it is written."""

import re

MAX_UNCLOSED = 20
"""Openings without an end after which the rest is taken as it stands: the work stays bounded."""
_PREFIX = re.compile(r"^\s*from\s*:", re.IGNORECASE)
_ANGLE = re.compile(r"<([^<>]*)>")
_COMMA = re.compile(r",(?![^<>]*>)")
"""A comma that is not inside angle brackets."""
_DOMAIN = re.compile(r"@\s*([A-Za-z0-9\u0080-\U0010ffff_-]+(?:\.[A-Za-z0-9\u0080-\U0010ffff_-]+)*)\.?")


def author_domain(header: str) -> str | None:
    """The domain of the first address in a From header's value (or whole line), lower case; None without one.

    Comments and quoted display names may hold anything, addresses too: they are set aside first. An address
    in angle brackets wins over a bare one in the same mailbox, the last hop over a source route before it.
    """
    bare = _without_asides(_PREFIX.sub("", header))
    for mailbox in _COMMA.split(bare):
        for piece in (*(found.rpartition(":")[2] for found in _ANGLE.findall(mailbox)), mailbox):
            if found := _DOMAIN.search(piece):
                return found.group(1).lower()
    return None


def _without_asides(text: str) -> str:
    """Without (comments), which nest, and "quoted strings"; a backslash takes the next character with it.

    A quoted local part loses its text and keeps its "@domain", which is all that is asked for. What is never
    closed is put back as it stands: it was no aside.
    """
    kept: list[str] = []
    place = unclosed = 0
    while place < len(text):
        opens = text[place] in '("' and unclosed < MAX_UNCLOSED
        end = _aside_end(text, place) if opens else 0
        unclosed += opens and not end
        if not end:
            kept.append(text[place])
        place = end or place + 1
    return "".join(kept)


def _aside_end(text: str, start: int) -> int:
    """Where the comment or quoted string that begins at `start` ends; 0 when it never does."""
    depth = 0
    place = start
    while place < len(text):
        char = text[place]
        if char == "\\":
            place += 2
            continue
        if text[start] == '"':
            if char == '"' and place > start:
                return place + 1
        elif char in "()":
            depth += 1 if char == "(" else -1
            if not depth:
                return place + 1
        place += 1
    return 0
