"""Where hits wait, on disk before they are answered, until they are in the store.

The public endpoints must answer while the store is busy or locked by a worker, and an answered hit must
survive SIGKILL. So each hit is appended to a file and flushed to disk, many at once (group commit); the
file that is written to is locked, and whoever finds a file that nobody holds a lock on may store and remove
it: after a rotation, or after the process that wrote it has died.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import BinaryIO
from uuid import uuid4

SUFFIX = ".hits"
MOST_AT_ONCE = 2_000

Waiting = tuple[bytes, asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class Spool:
    """An open spool in a folder of its own; `close` ends its writer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._file: BinaryIO | None = None
        self._lock = Lock()
        self._writer = Thread(target=self._write, name="spool", daemon=True)
        self._writer.start()

    async def append(self, line: bytes) -> None:
        """Returns once the line is on disk; raises OSError if it cannot be."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._queue.put((line, loop, done))
        await done

    def rotate(self) -> None:
        """Let go of the current file, so that it can be stored; the next hit begins another."""
        with self._lock:
            self._let_go()

    def close(self) -> None:
        self._queue.put(None)
        self._writer.join()
        self.rotate()

    def _write(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < MOST_AT_ONCE and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    self._commit(batch)
                    return
                batch.append(following)
            self._commit(batch)

    def _commit(self, batch: Sequence[Waiting]) -> None:
        error = self._append(b"".join(line for line, _, _ in batch))
        loops = {loop for _, loop, _ in batch}
        for loop in loops:
            mine = [done for _, its, done in batch if its is loop]
            if not loop.is_closed():
                loop.call_soon_threadsafe(_answer, mine, error)

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


def _answer(waiting: Sequence["asyncio.Future[None]"], error: OSError | None) -> None:
    for done in waiting:
        if not done.done():  # the client may have gone away
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)


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
