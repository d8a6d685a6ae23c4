"""The file of rejected rows: where each stood, why it was not taken, and the row as it was, made harmless."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from sender.audience.importing.rows import Broken, Row
from sender.audience.neutral import BOM, csv_line


class Rejects:
    """Written before the chunk it belongs to is stored; what a killed run wrote too much is cut off again."""

    def __init__(self, path: Path, headings: Sequence[str], kept: int) -> None:
        """`kept`: how many bytes belong to chunks that are stored. Raises OSError."""
        known = kept > 0 and path.exists()
        self._file = path.open("r+b" if known else "w+b")
        if known:
            self._file.truncate(kept)
            self._file.seek(kept)
        else:
            self._file.write((BOM + csv_line(["line", "reason", *headings])).encode())

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, line: int, why: str, row: Row | Broken) -> None:
        cells = row.cells if isinstance(row, Row) else [row.start]
        self._file.write(csv_line([str(line), why, *cells]).encode("utf-8", "replace"))

    def size(self) -> int:
        """How many bytes there are, all of them handed to the system."""
        self._file.flush()
        return self._file.tell()
