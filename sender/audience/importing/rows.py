"""The rows of a file, one after another in bounded memory, whatever is in it.

A quote that is never closed would swallow the rest of the file. Here a row ends after so many lines and
signs; its first line is rejected, and reading goes on with the line after it.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sender.audience.importing.shape import Shape

LONGEST_LINE = 64_000
LONGEST_ROW = 100_000
"""Signs; the csv module refuses cells of 131,072."""
MOST_LINES = 50
"""That one row may take: notes with line breaks in them."""


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where it begins, from 1."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row. `start` is its beginning."""

    line: int
    why: str
    start: str


class _Unreadable(Exception):
    """Thrown through the csv reader, which asks for more lines than a row may have."""


class Rows:
    """Iterates over `Row` and `Broken`; blank lines are passed over. `done` is how many bytes were read."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self._raw = io.FileIO(path)
        buffered = io.BufferedReader(self._raw, 1 << 18)
        self._file = io.TextIOWrapper(buffered, shape.encoding, errors="replace", newline="")
        self._shape = shape
        self._lines = _Lines(self._file)

    def __enter__(self) -> "Rows":
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    @property
    def done(self) -> int:
        return self._raw.tell()

    def __iter__(self) -> Iterator[Row | Broken]:
        for _ in range(self._shape.skip):
            next(self._lines, None)
        self._lines.begin()
        header = self._shape.header
        for row in self._all():
            if header and isinstance(row, Row):
                header = False
            else:
                yield row

    def _all(self) -> Iterator[Row | Broken]:
        lines = self._lines
        reader = self._reader()
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _Unreadable as error:
                yield Broken(lines.first, str(error), lines.again())
                reader = self._reader()
                continue
            except csv.Error as error:
                yield Broken(lines.first, f"cannot be read: {error}", lines.again())
                reader = self._reader()
                continue
            if any(cells):
                yield _checked(lines, cells, self._shape.encoding)

    def _reader(self) -> Iterator[list[str]]:
        shape = self._shape
        return csv.reader(
            self._lines,
            delimiter=shape.delimiter,
            quotechar=shape.quote,
            escapechar=shape.escape,
            doublequote=shape.escape is None,
        )


class _Lines:
    """The lines of a file with the numbers they have, and a way back to the line after a row's first."""

    def __init__(self, file: io.TextIOBase) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self._signs = 0
        self._number = 0
        self.first = 1

    def begin(self) -> None:
        """A row begins with the next line."""
        self.taken.clear()
        self._signs = 0
        self.first = self._number + 1

    def again(self) -> str:
        """Give back all lines of this row but the first, of which the beginning is returned."""
        start = self.taken[0][:200] if self.taken else ""
        rest = self.taken[1:]
        self._number -= len(rest)
        self._back.extendleft(reversed(rest))
        return start

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._file.readline(LONGEST_LINE + 1)
        if not line:
            if self.taken:
                raise _Unreadable("a quote is opened here and never closed")
            raise StopIteration
        self._number += 1
        self.taken.append(line)
        self._signs += len(line)
        if len(line) > LONGEST_LINE:
            self._too_long(line)
        if len(self.taken) > MOST_LINES or self._signs > LONGEST_ROW:
            raise _Unreadable(f"a quote is opened here and not closed within {MOST_LINES} lines")
        return line

    def _too_long(self, line: str) -> None:
        """Pass over the rest of the line; if it began inside a row, that row is broken first."""
        part = line
        while part and not part.endswith(("\n", "\r")):
            part = self._file.readline(LONGEST_LINE)
        self.taken[-1] = line.rstrip("\r\n") + "\n"
        if len(self.taken) == 1:
            raise _Unreadable(f"the line is longer than {LONGEST_LINE} signs")
        raise _Unreadable("a quote is opened here, and a line that is too long follows")


def _checked(lines: _Lines, cells: list[str], encoding: str) -> Row | Broken:
    text = lines.taken[0] if len(lines.taken) == 1 else "".join(lines.taken)
    if "\x00" in text:
        return Broken(lines.first, "there is a NUL in it", text[:200])
    if "�" in text:
        return Broken(lines.first, f"there are bytes in it that are no {encoding}", text[:200])
    return Row(lines.first, cells)
