"""Seeds on one's own server: a Maildir with its folders beside it (Maildir++). Files are only read."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from checks.model import Again
from monitor.placement.mailbox import LONGEST_HEAD, Fault, Letter, Wanted

INBOX = "INBOX"
SKEW = timedelta(minutes=5)
"""A file system's clock may go behind ours."""


@dataclass(frozen=True, slots=True)
class MaildirMailbox:
    """`path` holds cur, new and tmp, and a folder `.Name` for each folder but the inbox."""

    path: Path

    def find(self, wanted: Wanted) -> tuple[Letter, ...] | Fault:
        try:
            if not self.path.is_dir():
                return Fault(f"there is no Maildir at {self.path}", Again.NEVER)
            return tuple(self._letters(wanted))
        except PermissionError as error:
            return Fault(f"{error.filename} may not be read by this user", Again.NEVER)
        except OSError as error:
            return Fault(f"{self.path} cannot be read: {error.strerror or error}", Again.LATER)

    def _letters(self, wanted: Wanted) -> Iterator[Letter]:
        oldest = (wanted.since - SKEW).timestamp()
        for name, folder in self._folders():
            for path, arrived in _files(folder):
                if arrived >= oldest and message_id(head := _head(path)) == wanted.message_id:
                    yield Letter(name, head, datetime.fromtimestamp(arrived, UTC))

    def _folders(self) -> Iterator[tuple[str, Path]]:
        yield INBOX, self.path
        for folder in sorted(self.path.glob(".*")):
            if folder.is_dir():
                yield folder.name[1:].replace(".", "/"), folder


def _files(folder: Path) -> Iterator[tuple[Path, float]]:
    """Each message's file and the second it was written."""
    for part in ("new", "cur"):
        if (folder / part).is_dir():
            with os.scandir(folder / part) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):  # read by its owner meanwhile, and so in cur
                        if entry.is_file(follow_symlinks=False):
                            yield Path(entry.path), entry.stat(follow_symlinks=False).st_mtime


def _head(path: Path) -> bytes:
    """The header fields, whichever line ends the server writes; b"" for a file that was moved."""
    try:
        with path.open("rb") as file:
            start = file.read(LONGEST_HEAD)
    except FileNotFoundError:
        return b""
    return start.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"


def message_id(head: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(head).get("Message-ID", "")).strip().strip("<>")


def open_mailbox(location: Mapping[str, Any]) -> MaildirMailbox:
    return MaildirMailbox(Path(str(location["path"])))
