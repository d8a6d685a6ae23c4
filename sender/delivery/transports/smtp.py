"""Through an SMTP relay or a submission server: Postfix, Exim, Sendmail, PowerMTA, SES's SMTP, anybody's."""

import asyncio
from dataclasses import dataclass, field

from sender.delivery.outcome import Outcome
from sender.delivery.providers import Provider
from sender.delivery.smtp.session import Login, Security, Session, greet
from sender.delivery.smtp.transaction import Mail, Ready
from sender.delivery.smtp.wire import Peer, connect
from sender.delivery.transports.base import Can
from sender.delivery.transports.pool import Pool


@dataclass(frozen=True, slots=True)
class Relay:
    """A server that takes all mail. `security` None: no TLS at all, for a relay on this machine."""

    peer: Peer
    helo: str
    connections: int = 10
    per_connection: int = 1_000
    security: Security = field(default_factory=Security)
    login: Login | None = None


class SmtpRelay:
    """One relay with its pooled connections."""

    can = Can()

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._pool = Pool()
        self._free = asyncio.Semaphore(relay.connections)

    async def deliver(self, mail: Mail, provider: Provider, ready: Ready) -> Outcome | None:  # noqa: ARG002
        async with self._free:
            return await self._pool.deliver(
                self._relay.peer.name, self._open, mail, ready, self._relay.per_connection
            )

    async def _open(self) -> Session | Outcome:
        return await open_session(self._relay.peer, self._relay.helo, self._relay.security, self._relay.login)

    async def close(self) -> None:
        await self._pool.close()


async def open_session(
    peer: Peer, helo: str, security: Security, login: Login | None = None
) -> Session | Outcome:
    """Connect and greet; a session is open or the outcome says what was in the way."""
    wire = await connect(peer)
    if isinstance(wire, Outcome):
        return wire
    try:
        session = await greet(wire, peer.name, helo, security, login)
    except asyncio.CancelledError:
        wire.close()
        raise
    if isinstance(session, Outcome):
        wire.close()
    return session
