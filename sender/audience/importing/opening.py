"""Look at a file and find out how to read it: encoding, delimiter, headings, and what each column means."""

import codecs
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from sender.audience.importing.columns import MappingError, map_columns
from sender.audience.importing.encoding import Looked, look_at
from sender.audience.importing.job import File
from sender.audience.importing.rows import Row, Rows
from sender.audience.importing.shape import Shape, shape_of


def open_file(path: Path, wishes: Mapping[str, str], *, encoding: str = "", delimiter: str = "") -> File:
    """`encoding` and `delimiter` override what would be found. Raises `MappingError`, OSError."""
    looked, shape, first = look(path, encoding=encoding, delimiter=delimiter)
    return File(path, looked, shape, map_columns(shape.names, wishes, file_name=path.name, first=first))


def look(path: Path, *, encoding: str = "", delimiter: str = "") -> tuple[Looked, Shape, Sequence[str]]:
    """How the file is written, and the cells of its first row. Raises `MappingError`, OSError."""
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        names = "utf-8, cp1252, utf-16 or cp949"
        raise MappingError(f"There is no encoding “{encoding}”. Try {names}.") from None
    if len(delimiter) > 1:
        raise MappingError("The delimiter is one sign.")
    looked = look_at(path)
    shape = shape_of(path, encoding or looked.encoding, delimiter=delimiter)
    if not shape.names:
        raise MappingError(f"There is no table in {path.name}.")
    with Rows(path, shape) as rows:
        first = next((row.cells for row in islice(rows, 20) if isinstance(row, Row)), [])
    return looked, shape, first
