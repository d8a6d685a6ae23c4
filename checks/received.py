"""One hop of a message: the Received field (RFC 5321 section 4.4), as the world's servers write it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

LONGEST = 8_000
DATE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2}) +(?P<month>[A-Za-z]{3})[a-z]* +(?P<year>\d{4}|\d{2}) +"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"(?: +(?P<zone>[+-]\d{4}|[A-Z]{1,5}))?"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""RFC 5322 section 4.3; every other name means an unknown offset, which is read as UTC."""
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
        at=_date(text.rpartition(";")[2]) if ";" in text else None,
    )


def _split(text: str) -> tuple[list[str], list[str]]:
    """The words outside of comments and before the date, and the outermost comments. Comments nest.

    A comment leaves "()" among the words: what stands between `from` and a comment is nothing.
    """
    outside, comments, depth, begun = [], [], 0, 0
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


def _date(text: str) -> datetime | None:
    found = DATE.search(text)
    if found is None or found["month"].lower() not in MONTHS:
        return None
    try:
        return datetime(
            _year(found["year"]),
            MONTHS.index(found["month"].lower()) + 1,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            min(int(found["second"] or 0), 59),  # a leap second
            tzinfo=_zone(found["zone"] or ""),
        )
    except ValueError:
        return None


def _year(text: str) -> int:
    """Two digits: RFC 5322 section 4.3."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _zone(text: str) -> timezone:
    if text[:1] in ("+", "-"):
        minutes = int(text[1:3]) * 60 + int(text[3:])
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes < 1440 else UTC
    return timezone(timedelta(hours=ZONES[text])) if text in ZONES else UTC
