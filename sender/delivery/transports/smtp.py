"""Through an SMTP relay or a submission server: Postfix, Exim, Sendmail, PowerMTA, SES's SMTP, anybody's."""

import asyncio
from dataclasses import dataclass, field

from checks.model import Again
from sender.delivery.outcome import Outcome, Phase, Result
from sender.delivery.providers import Provider
from sender.delivery.smtp.session import Login, Security, Session, farewell, greet
from sender.delivery.smtp.transaction import Mail, Ready
from sender.delivery.smtp.wire import Peer, connect
from sender.delivery.transports.base import Can, Found
from sender.delivery.transports.pool import Bound, Pool


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
        bound = Bound(self._relay.peer.name, self._relay.connections, self._relay.per_connection)
        async with self._free:
            return await self._pool.deliver(self._relay.peer.name, self._open, mail, ready, bound)

    async def probe(self) -> Found:
        session = await self._open()
        if isinstance(session, Outcome):
            return Found(session)
        facts = told(session, bool(self._relay.login))
        await farewell(session)
        return Found(Outcome(Result.ACCEPTED, Phase.EHLO, Again.NEVER, 250, host=session.host), facts)

    async def _open(self) -> Session | Outcome:
        return await open_session(self._relay.peer, self._relay.helo, self._relay.security, self._relay.login)

    async def close(self) -> None:
        await self._pool.close()


def told(session: Session, logged_in: bool) -> tuple[str, ...]:
    """What a server said of itself, in sentences."""
    line, can = session.line, session.can
    tls = (
        f"{line.tls}, certificate {'verified' if line.verified else 'not verified'}" if line.tls else "no TLS"
    )
    extensions = {
        "PIPELINING": can.pipelining,
        "8BITMIME": can.eight_bit,
        "SMTPUTF8": can.smtputf8,
        "SIZE": can.announces_size,
    }
    offered = ", ".join(name for name, there in extensions.items() if there) or "no extensions"
    facts = [f"{session.host} greets: {tls}", f"it offers {offered}"]
    if can.size:
        facts.append(f"it takes messages of up to {can.size} octets")
    if not can.smtputf8:
        facts.append("it cannot take addresses with other than ASCII letters before the @")
    facts.append("it let us in" if logged_in else "it asked for no login")
    return tuple(facts)


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
