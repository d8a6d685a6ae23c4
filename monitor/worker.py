"""Does what is due: claims slots, runs each in a thread, and says how it went."""

import logging
import os
import socket
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from data import slots
from data.slots import Slot, SlotState
from monitor.app import App

Work = Callable[[Slot], str]
"""Does what a slot asks for and returns a note for its row; what it raises makes the slot failed."""

LEASE = timedelta(seconds=90)
AT_ONCE = 4
log = logging.getLogger(__name__)


class Worker:
    """One round at a time (`round`); the work itself runs in threads of its own."""

    def __init__(self, app: App, kinds: Mapping[str, Work], at_once: int = AT_ONCE) -> None:
        self._app = app
        self._kinds = kinds
        self._at_once = at_once
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="look")
        self._running: set[Future[None]] = set()
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    def round(self) -> None:
        """Claim as many due slots as there are free threads."""
        self._running = {future for future in self._running if not future.done()}
        while len(self._running) < self._at_once and (slot := self._claim()):
            self._running.add(self._pool.submit(self._do, slot))

    def renew(self) -> None:
        """Keep the slots that are being worked on; call it well within a lease."""
        with self._app.store.write() as connection:
            slots.renew(connection, self.owner, self._app.now(), LEASE)

    def finish(self) -> None:
        """Wait for what runs."""
        self._pool.shutdown(wait=True)

    def _claim(self) -> Slot | None:
        now = self._app.now()
        with self._app.store.read() as connection:  # an idle worker takes no write lock
            if not slots.is_work(connection, now):
                return None
        with self._app.store.write() as connection:
            return slots.claim(connection, self.owner, now, LEASE)

    def _do(self, slot: Slot) -> None:
        state, note = self._outcome(slot)
        with self._app.store.write() as connection:
            slots.settle(connection, slot, state, self._app.now(), note)

    def _outcome(self, slot: Slot) -> tuple[SlotState, str]:
        work = self._kinds.get(slot.kind)
        if work is None:
            return SlotState.FAILED, f"this version does not know the kind {slot.kind}"
        try:
            return SlotState.RAN, work(slot)
        except Exception as error:  # the loop lives; the row says what happened
            log.exception("%s of %s failed", slot.kind, slot.subject)
            return SlotState.FAILED, f"{type(error).__name__}: {error}"[:500]
