"""Read cases in both layouts of the corpora. An adapter sees a case's input and file, nothing else of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """What an adapter may know: the input, and the folder of the input's file (None in data suites)."""

    input: dict[str, Any]
    folder: Path | None = None

    def read(self) -> bytes:
        """The bytes of the input file, as they came."""
        if self.folder is None:
            raise ValueError("this suite has no files")
        return self.folder.joinpath(self.input["file"]).read_bytes()

    def dns(self, *, silent: str = "") -> ZoneDns:
        """The case's own zone behind the port."""
        return ZoneDns(self.input.get("zone") or {}, silent=silent)


def suites(root: Path) -> list[str]:
    """The names of the suites below `root`."""
    return sorted(path.parent.name for path in root.glob("*/suite.json"))


def cases(root: Path, suite: str) -> Iterator[tuple[str, Case]]:
    """(id, case) for each case of a suite; the id is for the caller alone."""
    folder = root / suite
    if (lines := folder / "cases.jsonl").exists():
        for line in lines.read_text(encoding="utf-8").splitlines():
            if line.strip():
                stored = json.loads(line)
                yield stored["id"], Case(stored["input"])
        return
    for expected in sorted(folder.glob("*/expected.json")):
        stored = json.loads(expected.read_text(encoding="utf-8"))
        yield stored["id"], Case(stored["input"], expected.parent)
