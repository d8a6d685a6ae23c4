"""One scheduler leads; another that is started on the same home stands by and takes over when it ends."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

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
