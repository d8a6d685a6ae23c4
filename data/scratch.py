"""Sets that are too large for memory and too short-lived for the store: a file that deletes itself."""

import sqlite3
from collections.abc import Iterable, Mapping
from types import TracebackType


class Seen:
    """Remembers at which line each text was met first."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # "": on disk, gone when closed
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("CREATE TABLE seen (text TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")

    def __enter__(self) -> "Seen":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def lines(self, texts: Iterable[str]) -> Mapping[str, int]:
        """Those texts that were met before, with their first line."""
        found = {}
        for text in texts:
            row = self._database.execute("SELECT line FROM seen WHERE text = ?", (text,)).fetchone()
            if row:
                found[text] = int(row[0])
        return found

    def add(self, lines: Iterable[tuple[str, int]]) -> None:
        """Remember; a text that is known keeps its line."""
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", lines)
        self._database.execute("COMMIT")
