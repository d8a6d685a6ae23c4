"""The heartbeat out: a call to another service, which alarms when it does not come (a dead man's switch)."""

import logging
from datetime import datetime

from checks.net.addresses import is_public
from checks.net.web import GuardedWeb
from data import heartbeats
from monitor.app import App
from monitor.notifier.watch import MISSED_AFTER, PROCESSES
from monitor.senses import Senses

log = logging.getLogger(__name__)
TIMEOUT = 10.0


class DeadMan:
    """Calls while the processes that matter are alive: a notifier that lives alone must not vouch for
    them.
    """

    def __init__(self, app: App, senses: Senses) -> None:
        self._app = app
        settings = app.config.heartbeat
        self._url = settings.url.get_secret_value()
        self._every = settings.every
        self._plain = settings.allow_private
        allowed = (lambda _: True) if settings.allow_private else is_public
        self._web = GuardedWeb(senses.dns, timeout=TIMEOUT, allowed=allowed)
        self._next: datetime | None = None

    def call(self) -> str:
        """What came of it: "" when nothing was due, "called", or why not."""
        now = self._app.now()
        if not self._url or (self._next and now < self._next):
            return ""
        self._next = now + self._every
        if missing := self._missing(now):
            return f"not called, since {', '.join(missing)} gave no sign of life"
        got = self._web.post(self._url, b"", {}, plain=self._plain)
        if got.status is not None and 200 <= got.status < 300:
            return "called"
        why = f"the receiver answered {got.status}" if got.status else got.note
        log.warning("the heartbeat was not taken: %s", why)
        return why

    def _missing(self, now: datetime) -> list[str]:
        with self._app.store.read() as connection:
            alive = heartbeats.alive(connection, now - MISSED_AFTER)
        return [name for name in PROCESSES if name not in alive]
