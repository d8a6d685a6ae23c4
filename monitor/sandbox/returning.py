"""How bounces and complaints travel back: by SMTP to where Homing takes them in, or by its web hook."""

import asyncio
import http.client
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.sandbox import bounces, complaints
from monitor.sandbox.filing import Delivered
from monitor.sandbox.providers import Late

ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 2.0
TIMEOUT_SECONDS = 10
HOOK_PATH = "/hooks/dsn"


@dataclass(frozen=True, slots=True)
class Way:
    """Where bounces go: (host, port) of the SMTP server that takes them, and of the web process.

    `token` is what the web process asks of whoever hands mail over.
    """

    inbound: tuple[str, int]
    web: tuple[str, int]
    token: str = ""


class Returning:
    """Sends reports, trying again for a while, as a provider's queue does. `speed` shortens the waits."""

    def __init__(self, way: Way, *, now: Callable[[], datetime], speed: float = 1.0) -> None:
        self._way = way
        self._now = now
        self._speed = speed

    async def bounce(self, delivered: Delivered, after: float) -> bool:
        """Return `delivered` to its sender after so many seconds; False when nobody took it."""
        await asyncio.sleep(after / self._speed)
        return await self._return(delivered, bounces.report(delivered, self._now()))

    async def complain(self, delivered: Delivered, after: float) -> bool:
        """Report to its sender that somebody called it spam; False when nobody took the report."""
        await asyncio.sleep(after / self._speed)
        return await self._return(delivered, complaints.report(delivered, self._now()))

    async def _return(self, delivered: Delivered, report: bytes) -> bool:
        for attempt in range(ATTEMPTS):
            if await asyncio.to_thread(self._send, delivered, report):
                return True
            await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**attempt / self._speed)
        return False

    def _send(self, delivered: Delivered, report: bytes) -> bool:
        by_hook = delivered.provider.late is Late.BY_HOOK
        try:
            return self._post(delivered, report) if by_hook else self._mail(delivered, report)
        except (OSError, smtplib.SMTPException, http.client.HTTPException):
            return False

    def _mail(self, delivered: Delivered, report: bytes) -> bool:
        host, port = self._way.inbound
        with smtplib.SMTP(
            host, port, local_hostname=delivered.provider.mx, timeout=TIMEOUT_SECONDS
        ) as client:
            client.sendmail("", [delivered.envelope.mail_from], report)
        return True

    def _post(self, delivered: Delivered, report: bytes) -> bool:
        headers = {
            "Content-Type": "message/rfc822",
            "Authorization": f"Bearer {self._way.token}",
            "X-Envelope-To": delivered.envelope.mail_from,
        }
        connection = http.client.HTTPConnection(*self._way.web, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", HOOK_PATH, report, headers)
            return connection.getresponse().status < http.client.BAD_REQUEST
        finally:
            connection.close()
