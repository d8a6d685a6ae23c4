"""The tables in a ZIP, no further than a bomb's fuse: Mailchimp's export is one, a file for each status."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sender.audience.importing.columns import MappingError

SIGNATURE = b"PK\x03\x04"
TABLES = frozenset({".csv", ".tsv", ".txt"})
MEMBERS = 20
RATIO, FREE = 200, 1_000_000
"""Tables of people pack about 1:5; what grows more than RATIO times beyond FREE octets is a bomb."""
LONGEST = 4_000_000_000
CHUNK = 1 << 18


@contextmanager
def tables_in(path: Path) -> Iterator[Sequence[Path]]:
    """The file itself, or the tables in it if it is a ZIP, by name; those are gone at the end.

    They keep their names, which say what their people are (`unsubscribed_…`). Raises `MappingError`, OSError.
    """
    with path.open("rb") as file:
        packed = file.read(len(SIGNATURE)) == SIGNATURE
    if not packed:
        yield [path]
        return
    with TemporaryDirectory(prefix="homing-import-") as folder:
        try:
            yield _unpacked(path, Path(folder))
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            raise MappingError(f"{path.name} is a ZIP that cannot be read ({error}).") from error


def _unpacked(path: Path, folder: Path) -> Sequence[Path]:
    left = min(LONGEST, max(FREE, path.stat().st_size * RATIO))
    found: list[Path] = []
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MEMBERS:
            raise MappingError(f"{path.name} has {len(members)} files in it; {MEMBERS} are read at most.")
        for member in sorted(members, key=lambda each: each.filename):
            name = PurePosixPath(member.filename).name  # never where the archive says
            if member.is_dir() or Path(name).suffix.lower() not in TABLES or folder / name in found:
                continue
            left -= _copied(archive, member, folder / name, left)
            if left < 0:
                raise MappingError(f"{path.name} grows to more than a table of people when unpacked.")
            found.append(folder / name)
    if not found:
        raise MappingError(f"There is no table in {path.name}: no .csv, .tsv or .txt.")
    return found


def _copied(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, left: int) -> int:
    """How many octets, one more than are `left` at most; sizes that the archive tells are not believed."""
    written = 0
    with archive.open(member) as source, to.open("wb") as out:
        while written <= left and (chunk := source.read(min(CHUNK, left + 1 - written))):
            written += out.write(chunk)
    return written
