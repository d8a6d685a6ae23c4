"""One hop of a message: the Received field (RFC 5321 section 4.4), as the world's servers write it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from checks.maildate import read_date

LONGEST = 8_000
ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F.:]{3,45})\]|(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.])")
FROM_INSIDE = re.compile(r"\bfrom\s+([^\s;,()]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Received:
    """Each is "" when it is not told. `from_name` is what the client called itself: never proof."""

    from_name: str
    from_ip: str
    by: str
    for_address: str
    at: datetime | None


def parse(value: str) -> Received:
    """The field's value, folded or not. It never raises."""
    text = " ".join(value[:LONGEST].split())
    words, comments = _split(text)
    name = _after(words, "from")
    if not name:
        inside = next((found for comment in comments if (found := FROM_INSIDE.search(comment))), None)
        name = _clean(inside[1]) if inside and "from" not in [word.lower() for word in words] else ""
    before = " ".join(words[: _position(words, "by")])
    return Received(
        from_name=name,
        from_ip=_ip(comments[:3], before, name),
        by=_after(words, "by", last=True),
        for_address=_after(words, "for", last=True),
        at=read_date(text.rpartition(";")[2]) if ";" in text else None,
    )


def _split(text: str) -> tuple[list[str], list[str]]:
    """The words outside of comments and before the date, and the outermost comments. Comments nest.

    A comment leaves "()" among the words: what stands between `from` and a comment is nothing.
    """
    outside: list[str] = []
    comments: list[str] = []
    depth, begun = 0, 0
    for at, char in enumerate(text):
        if char == "(":
            begun = at + 1 if depth == 0 else begun
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            if depth == 0:
                comments.append(text[begun:at])
                outside.append(" () ")
        elif depth == 0:
            outside.append(" ; " if char == ";" else char)
    return "".join(outside).split(), comments


def _position(words: Sequence[str], keyword: str) -> int:
    lower = [word.lower() for word in words]
    return lower.index(keyword) if keyword in lower else len(words)


def _after(words: Sequence[str], keyword: str, *, last: bool = False) -> str:
    """The word after a keyword: the first `from` is the client's, the last `by` is this server's."""
    found = [
        _clean(words[at + 1])
        for at, word in enumerate(words[:-1])
        if word.lower() == keyword and words[at + 1] not in ("()", ";")
    ]
    return (found[-1] if last else found[0]) if found else ""


def _clean(word: str) -> str:
    return word.strip("<>,").removeprefix("[").removesuffix("]").partition("/")[0]


def _ip(comments: Sequence[str], before: str, name: str) -> str:
    """In the comment after the name, where servers write what they saw; never the name itself."""
    for text in (*comments, before.replace(name, "", 1) if name else before):
        if found := ADDRESS.search(text):
            return found[1] or found[2]
    return ""
