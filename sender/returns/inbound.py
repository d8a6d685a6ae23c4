"""The SMTP server that takes bounces, feedback reports and unsubscribing mail in. It relays for nobody.

A 250 means that the message is on disk (`intake`); whoever reads it does so later, in another process.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from sender.returns.intake import put

LONGEST_MAIL = 10_000_000
MOST_RECIPIENTS = 20
MOST_COMMANDS = 100
TIMEOUT_SECONDS = 60.0
OURS, NOT_OURS = "250 2.1.5 OK", "550 5.7.1 no such address here; this server relays for nobody"

log = logging.getLogger(__name__)


class Receiving:
    """aiosmtpd's handler. `is_ours` says whether an address is one of our return paths."""

    def __init__(self, folder: Path, is_ours: Callable[[str], bool], now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._is_ours = is_ours
        self._now = now

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients"
        if not await asyncio.to_thread(self._is_ours, address):
            return NOT_OURS
        envelope.rcpt_tos.append(address)
        return OURS

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        content = envelope.content
        assert isinstance(content, bytes)
        try:
            for address in envelope.rcpt_tos:
                await asyncio.to_thread(put, self._folder, content, address, self._now())
        except OSError as error:
            log.error("mail for %s cannot be kept: %s", envelope.rcpt_tos, error)
            return "451 4.3.0 it cannot be stored now"
        return "250 2.0.0 on disk"


async def listen(handler: Receiving, host: str, port: int, name: str) -> asyncio.Server:
    """A listening server; `name` is how it greets. Raises OSError when the port cannot be had."""

    def session() -> SMTP:
        return SMTP(
            handler,
            hostname=name,
            ident="Homing",
            data_size_limit=LONGEST_MAIL,
            timeout=TIMEOUT_SECONDS,
            command_call_limit=MOST_COMMANDS,
        )

    return await asyncio.get_running_loop().create_server(session, host, port)
