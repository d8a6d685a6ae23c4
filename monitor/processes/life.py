"""What every process of ours does alike: stop when it is told to, say that it lives, end with its parent."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from data import heartbeats
from monitor.app import App, open_app
from monitor.processes.child import die_with_supervisor, log_to_stderr

BEAT_SECONDS = 5.0


class Life:
    """A running process: `stop` is set once it has been asked to end."""

    def __init__(self, name: str, app: App, stop: threading.Event | None = None) -> None:
        self.name = name
        self.app = app
        self.stop = stop or threading.Event()

    def beat(self, detail: Mapping[str, Any] | None = None) -> None:
        """Say that the loop goes round. Called from the loop itself, so that a hung loop is missed."""
        with self.app.store.write() as connection:
            heartbeats.beat(connection, self.name, os.getpid(), self.app.now(), detail or {})

    def gone(self) -> None:
        """Ended as it should: nobody is to miss it."""
        with self.app.store.write() as connection:
            heartbeats.forget(connection, self.name)

    def every(self, seconds: float, work: Callable[[], object]) -> None:
        """Call `work` until asked to end; what it raises is logged, and the loop goes on."""
        while not self.stop.is_set():
            try:
                work()
            except Exception:
                logging.getLogger(self.name).exception("%s: a round failed; the next one follows", self.name)
            self.stop.wait(seconds)


def metronome(seconds: float) -> Callable[[], bool]:
    """A function that is true at its first call, and then once every `seconds`."""
    due = 0.0

    def struck() -> bool:
        nonlocal due
        now = time.monotonic()
        if now < due:
            return False
        due = now + seconds
        return True

    return struck


@contextmanager
def living(name: str) -> Iterator[Life]:
    """Open the instance for a process, until SIGTERM or SIGINT. Raises Problem as `open_app` does."""
    log_to_stderr()
    die_with_supervisor()
    with open_app() as app:
        life = Life(name, app)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: life.stop.set())
        logging.getLogger(name).info("%s runs as process %d", name, os.getpid())
        life.beat()
        yield life
        life.gone()
        logging.getLogger(name).info("%s stopped", name)
