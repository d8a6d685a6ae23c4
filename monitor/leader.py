"""One scheduler leads; another on the same home, or on the same database, stands by until it ends."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from data.advisory import SCHEDULER, AdvisoryLock
from data.store import Store
from monitor.holding import HeldError, holding
from monitor.home import Home

RETRY_SECONDS = 1.0
log = logging.getLogger(__name__)


@contextmanager
def leading(home: Home, stop: threading.Event) -> Iterator[bool]:
    """Wait until this process leads (True), or until it was asked to stop (False)."""
    with ExitStack() as held:
        yield _wait(held, home, stop)


def _wait(held: ExitStack, home: Home, stop: threading.Event) -> bool:
    told = False
    while not stop.is_set():
        try:
            held.enter_context(holding(home.run_dir / "scheduler.lock"))
        except HeldError as other:
            if not told:
                log.info("process %s leads; standing by", other.holder)
            told = True
            stop.wait(RETRY_SECONDS)
        else:
            return True
    return False


@contextmanager
def leading_database(store: Store, stop: threading.Event) -> Iterator[Callable[[], bool]]:
    """Wait until this process leads among all machines on the database, or was asked to stop.

    Yields what tells whether it (still) does; a database that is restarted takes the lead from everybody. An
    SQLite file has one home, and nobody else to ask.
    """
    if store.engine.dialect.name != "postgresql":
        yield lambda: True
        return
    lock = AdvisoryLock(store, SCHEDULER)
    try:
        while not stop.is_set() and not lock.take():
            stop.wait(RETRY_SECONDS)
        yield lock.held
    finally:
        lock.release()
