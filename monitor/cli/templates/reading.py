"""A template and its files from disk or stdin."""

import sys
from collections.abc import Sequence
from pathlib import Path

from data.files import File
from monitor.problem import Problem
from sender.content.files import MOST_BYTES, attachments_of
from sender.content.formats import Format, Written, format_of
from sender.content.merge import LONGEST_TEMPLATE


def read_template(file: Path, given: Format | None, text: Path | None) -> Written:
    """The words of the file; raises Problem when it cannot be read or is no UTF-8 text."""
    source = _words(file)
    kind = given or format_of("" if str(file) == "-" else file.name, source)
    return Written(source, kind, text=_words(text) if text else "")


def _words(file: Path) -> str:
    raw = (
        sys.stdin.buffer.read(4 * LONGEST_TEMPLATE)
        if str(file) == "-"
        else _bytes(file, 4 * LONGEST_TEMPLATE)
    )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(f"{file} is no UTF-8 text (byte {error.start}). Save it as UTF-8.") from None


def read_files(paths: Sequence[Path], html: str) -> list[File]:
    """Raises Problem, and `ContentError` when they are too many or too large."""
    if twice := [
        path.name for index, path in enumerate(paths) if path.name in {p.name for p in paths[:index]}
    ]:
        raise Problem(f"two files are called {twice[0]}. Give one of them another name.")
    files = {path.name: _bytes(path, MOST_BYTES + 1) for path in paths}
    return [File(each.name, each.kind, each.content, each.cid) for each in attachments_of(files, html)]


def _bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None
