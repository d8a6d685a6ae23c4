"""How a table is written in a text: what separates cells, what quotes them, whether the first row names them.

Judged from the first lines, by reading them in every way and keeping the one in which most rows have as many
cells as the first.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_SIGNS = 64_000
SAMPLE_ROWS = 50
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """`skip`: lines before the table. `names`: the header's cells, or column1 … where there is none."""

    encoding: str
    delimiter: str
    quote: str
    escape: str | None
    skip: int
    header: bool
    names: tuple[str, ...]


def shape_of(path: Path, encoding: str, *, delimiter: str = "") -> Shape:
    """Judge a file whose encoding is known; `delimiter` overrides. Raises OSError."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        text = file.read(SAMPLE_SIGNS)
    skip = 0
    declared = re.match(r'"?sep=(.)"?\r?\n', text)  # Excel's own way to say it
    if declared:
        text, skip, delimiter = text[declared.end() :], 1, delimiter or declared[1]
    if len(text) >= SAMPLE_SIGNS - 100:
        text = text[: text.rfind("\n") + 1] or text  # not half a row
    quote, escape = _quoting(text)
    best = delimiter or max(DELIMITERS, key=lambda each: _fitness(_rows(text, each, quote, escape)))
    first = next(iter(_rows(text, best, quote, escape)), [])
    header = not any(ADDRESS.search(cell) for cell in first)
    names = [cell.strip() for cell in first] if header else [f"column{n + 1}" for n in range(len(first))]
    return Shape(encoding, best, quote, escape, skip, header, tuple(names))


def _quoting(text: str) -> tuple[str, str | None]:
    """Double quotes unless single ones frame the cells; a backslash escapes where doubling never does."""
    framed = re.findall(r"(?:^|[,;\t|])'[^'\r\n]*'(?=[,;\t|\r\n])", text[:SAMPLE_SIGNS], re.MULTILINE)
    quote = "'" if framed and '"' not in text else '"'
    backslashed = re.search(r'[^\\,;\t|\r\n]\\"[^,;\t|\r\n]', text)
    return quote, "\\" if backslashed and '""' not in text.replace(',""', "") else None


def _rows(text: str, delimiter: str, quote: str, escape: str | None) -> Sequence[Sequence[str]]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote,
        escapechar=escape,
        doublequote=escape is None,
    )
    rows: list[Sequence[str]] = []
    try:
        rows.extend(row for row in islice(reader, SAMPLE_ROWS) if any(cell.strip() for cell in row))
    except csv.Error:
        return rows
    return rows


def _fitness(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """How alike the rows are in width, then how wide; one column only is no sign of anything."""
    if not rows or len(rows[0]) < 2:
        return 0.0, 0
    width = len(rows[0])
    return sum(len(row) == width for row in rows) / len(rows), width
