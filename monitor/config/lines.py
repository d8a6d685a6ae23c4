"""Which line of a TOML file says a key: tomllib does not tell, and a complaint needs its line."""

import re
from collections import Counter

Path = tuple[str | int, ...]

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=""")


def line_of(text: str, path: Path) -> int | None:
    """The 1-based line of `path` (("web", "port"), ("targets", 0, "ips")), or of its nearest parent."""
    lines = _index(text)
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _index(text: str) -> dict[Path, int]:
    table: Path = ()
    seen: Counter[Path] = Counter()
    lines: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            table = _names(header[2])
            if header[1] == "[[":
                lines.setdefault(table, number)
                seen[table] += 1
                table = (*table, seen[table] - 1)
            lines.setdefault(table, number)
        elif key := KEY.match(line):
            lines.setdefault((*table, *_names(key[1])), number)
    return lines


def _names(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
