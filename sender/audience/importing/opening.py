"""Look at a file and find out how to read it: encoding, delimiter, headings, and what each column means."""

import codecs
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from sender.audience.importing.columns import MappingError, map_columns
from sender.audience.importing.encoding import look_at
from sender.audience.importing.job import File
from sender.audience.importing.rows import Row, Rows
from sender.audience.importing.shape import shape_of


def open_file(path: Path, wishes: Mapping[str, str], *, encoding: str = "", delimiter: str = "") -> File:
    """`encoding` and `delimiter` override what would be found. Raises `MappingError`, OSError."""
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        raise MappingError(
            f"There is no encoding “{encoding}”. Try utf-8, cp1252, utf-16 or cp949."
        ) from None
    if len(delimiter) > 1:
        raise MappingError("The delimiter is one sign.")
    looked = look_at(path)
    shape = shape_of(path, encoding or looked.encoding, delimiter=delimiter)
    if not shape.names:
        raise MappingError(f"There is no table in {path.name}.")
    with Rows(path, shape) as rows:
        first = next((row.cells for row in islice(rows, 20) if isinstance(row, Row)), [])
    mapped = map_columns(shape.names, wishes, file_name=path.name, first=first)
    return File(path, looked, shape, mapped)
