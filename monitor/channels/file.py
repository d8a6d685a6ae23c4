"""Alerts into two files: one JSON document a line for programs, and the same for people."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from checks.model import Again
from monitor.channels.contract import ARRIVED, Notice, Told
from monitor.config.schema import FileChannel
from monitor.home import Home
from monitor.senses import Senses


@dataclass(frozen=True, slots=True)
class FileOutput:
    """`path` takes JSON lines; the readable text goes beside it, with the suffix .txt."""

    path: Path

    def tell(self, notice: Notice, now: datetime) -> Told:
        try:
            _append(self.path, json_line(notice, now))
            _append(self.path.with_suffix(".txt"), readable(notice, now))
        except OSError as error:
            return Told(Again.LATER, f"cannot write {self.path}: {error.strerror or error}")
        return ARRIVED


def json_line(notice: Notice, now: datetime) -> str:
    document = {"id": notice.key, "written": now.isoformat(), **notice.payload}
    return json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n"


def readable(notice: Notice, now: datetime) -> str:
    """A line that says what happened; below it, indented, what to do."""
    payload = notice.payload
    head = f"{now:%Y-%m-%d %H:%M:%S} {str(payload['type']).partition('.')[2].upper():9} {payload['text']}\n"
    cause = next(iter(payload.get("causes") or ()), None)
    likely = f"    Likely: {cause['why']}, {cause['sentence']}\n" if cause else ""
    fix = payload.get("fix")
    return head + likely + (f"    {fix}\n" if fix else "")


def _append(path: Path, text: str) -> None:
    """On disk when it returns: a notice counts as told only then."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_channel(settings: FileChannel, home: Home, senses: Senses) -> FileOutput:
    del senses
    return FileOutput(Path(settings.path) if settings.path else home.path / "alerts.jsonl")
