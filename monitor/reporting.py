"""Takes reports in from files: each in a transaction of its own, so that a kill loses and doubles nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from checks.reports import Report, Unreadable, read_document
from data.reports import save_report
from monitor.app import App
from sender.returns.reports import LONGEST, NO_REPORT, report_in


class Taken(StrEnum):
    """What became of a file."""

    NEW = "new"
    KNOWN = "known"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Entry:
    """`why` it could not be read; "" when it could."""

    path: Path
    taken: Taken
    why: str = ""


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files, and those in the folders (a Maildir too), in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                each
                for each in path.rglob("*")
                if each.is_file() and not each.name.startswith(".") and each.parent.name != "tmp"
            )
        else:
            yield path


def read_file(path: Path) -> Report | Unreadable:
    """A report as a file, plain or packed, or the mail that brought it. Raises OSError."""
    return _read(_octets(path))


def _octets(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST + 1)


def _read(data: bytes) -> Report | Unreadable:
    found = read_document(data)
    if not isinstance(found, Unreadable):
        return found
    mailed = report_in(data)
    return found if mailed == NO_REPORT else mailed


def take_in(app: App, paths: Iterable[Path]) -> Iterator[Entry]:
    """Keep the reports of these files; the files stay as they are. An OSError is an entry like any other."""
    for path in files(paths):
        name = ""
        try:
            data = _octets(path)
            found, name = _read(data), sha256(data).hexdigest()
        except OSError as error:
            found = Unreadable(error.strerror or str(error))
        if isinstance(found, Unreadable):
            yield Entry(path, Taken.UNREADABLE, found.why)
            continue
        with app.store.write() as connection:
            new = save_report(connection, found, name, app.now())
        yield Entry(path, Taken.NEW if new else Taken.KNOWN)
