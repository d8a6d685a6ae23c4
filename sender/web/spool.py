"""Where hits wait, on disk before they are answered, until they are in the store.

The public endpoints must answer while the store is busy or locked by a worker, and an answered hit must
survive SIGKILL. So each hit is appended to a file and flushed to disk, many at once (group commit); the
file that is written to is locked, and whoever finds a file that nobody holds a lock on may store and remove
it: after a rotation, or after the process that wrote it has died.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import BinaryIO
from uuid import uuid4

SUFFIX = ".hits"


class OnDisk(asyncio.Future[None]):
    """What everybody waits for whose line is in one batch; one of them going away does not end it."""

    def cancel(self, msg: object = None) -> bool:
        del msg
        return False


@dataclass(slots=True)
class Batch:
    """Lines that are written together."""

    loop: asyncio.AbstractEventLoop
    done: OnDisk
    lines: list[bytes] = field(default_factory=list)


class Spool:
    """An open spool in a folder of its own, for one event loop; `close` ends its writer.

    While one batch is being flushed to disk the next one gathers, so that a flush is shared by as many hits
    as come in during one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._queue: SimpleQueue[Batch | None] = SimpleQueue()
        self._gathering: Batch | None = None
        self._flushing = False
        self._file: BinaryIO | None = None
        self._lock = Lock()
        self._writer = Thread(target=self._write, name="spool", daemon=True)
        self._writer.start()

    def append(self, line: bytes) -> OnDisk:
        """Done once the line is on disk; fails with OSError if it cannot be."""
        batch = self._gathering
        if batch is None:
            loop = asyncio.get_running_loop()
            self._gathering = batch = Batch(loop, OnDisk(loop=loop))
            if not self._flushing:
                loop.call_soon(self._hand_over)
        batch.lines.append(line)
        return batch.done

    def rotate(self) -> None:
        """Let go of the current file, so that it can be stored; the next hit begins another."""
        with self._lock:
            self._let_go()

    def close(self) -> None:
        self._queue.put(None)
        self._writer.join()
        self.rotate()

    def _hand_over(self) -> None:
        """In the loop: what has gathered goes to the writer, one batch at a time."""
        batch, self._gathering = self._gathering, None
        self._flushing = batch is not None
        if batch is not None:
            self._queue.put(batch)

    def _write(self) -> None:
        while (batch := self._queue.get()) is not None:
            error = self._append(b"".join(batch.lines))
            if not batch.loop.is_closed():
                batch.loop.call_soon_threadsafe(self._flushed, batch, error)

    def _flushed(self, batch: Batch, error: OSError | None) -> None:
        if error is None:
            batch.done.set_result(None)
        else:
            batch.done.set_exception(error)
        self._hand_over()

    def _append(self, lines: bytes) -> OSError | None:
        with self._lock:
            try:
                if self._file is None:
                    self._file = _new_file(self.folder)
                self._file.write(lines)
                self._file.flush()
                os.fdatasync(self._file.fileno())
            except OSError as error:
                self._let_go()  # its last line may be torn: nothing may be written behind it
                return error
        return None

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):  # what could not be flushed was never answered
                file.close()


def _new_file(folder: Path) -> BinaryIO:
    """Locked before it has a name that others look for, and its name flushed to disk too."""
    name = uuid4().hex
    file = (folder / f".{name}").open("ab")
    fcntl.flock(file, fcntl.LOCK_EX)
    (folder / f".{name}").rename(folder / f"{name}{SUFFIX}")
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return file


def free_files(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """The files that nobody writes to any more, each locked while it is handed out; the caller removes it."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if path.exists():  # somebody else may have stored and removed it meanwhile
                    yield path, file
        except (BlockingIOError, FileNotFoundError):
            continue
