"""One lock for many processes: an flock on a file beside the store, which ends with its holder's process."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NotMyTurn(TimeoutError):
    """Somebody else has held the lock for all of the time that we were ready to wait."""


class FileLock:
    """Held by one thread of one process at a time; that thread may take it again while it has it."""

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._mine = threading.local()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raises `NotMyTurn` after `patience` seconds."""
        depth = getattr(self._mine, "depth", 0)
        file = None if depth else self._take()
        self._mine.depth = depth + 1
        try:
            yield
        finally:
            self._mine.depth = depth
            if file is not None:
                os.close(file)

    def _take(self) -> int:
        """A description of its own each time, so that threads exclude one another as processes do."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline, wait = time.monotonic() + self._patience, 0.0005
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(file)
                    raise NotMyTurn(f"{self._path} was held for {self._patience:g} s") from None
                time.sleep(wait)
                wait = min(wait * 1.5, 0.02)
            else:
                return file
