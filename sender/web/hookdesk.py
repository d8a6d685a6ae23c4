"""What the web process has at hand for webhooks: secrets, certificates, and a count of who was refused."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from checks.ports import Web
from data.hook_tally import Tally, tally
from data.store import Store
from sender.returns.hooks.book import Book
from sender.returns.hooks.sns import Certificates

MOST_COUNTED = 500
"""Kinds of refusals between two writes: names in the URL are anybody's to choose."""


class HookDesk:
    """One for the process; safe in several threads."""

    def __init__(self, book: Book, web: Web) -> None:
        self.book = book
        self.web = web
        self.certificates = Certificates(web)
        self._refused: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    def refused(self, hook: str, why: str) -> None:
        with self._lock:
            key = (hook[:60], why)
            if key in self._refused or len(self._refused) < MOST_COUNTED:
                self._refused[key] += 1

    def write_down(self, store: Store, now: Callable[[], datetime]) -> None:
        """Add what was refused to the store's counts; kept for the next time if that fails."""
        with self._lock:
            counted, self._refused = self._refused, Counter()
        if not counted:
            return
        try:
            with store.write() as connection:
                for (hook, why), count in counted.items():
                    tally(connection, Tally(hook, "refused", why, count, now()))
        except Exception:
            with self._lock:
                self._refused += counted
            raise
