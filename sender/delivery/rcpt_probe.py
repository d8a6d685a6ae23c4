"""Ask a receiver's server whether it would take mail for somebody, and leave before any message.

Off unless asked for, and for good reasons. Connections that end without a message are what address
harvesters make: the asking address, its HELO name and its network get listed for it. Many servers answer yes
to everybody and bounce later, others answer alike whoever is asked; so "accepted" is worth nothing and is
never reported. The large providers are never asked: they answer uniformly, and remember who asked.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from checks.net.addresses import is_public
from checks.ports import Dns
from sender.delivery.outcome import Outcome, Phase, deferred
from sender.delivery.providers import OTHER, Directory
from sender.delivery.routing import addresses, destination
from sender.delivery.smtp.replies import Reply
from sender.delivery.smtp.session import Security, Session, farewell
from sender.delivery.smtp.wire import SECONDS, Peer
from sender.delivery.transports.smtp import open_session

PATIENCE: Mapping[Phase, float] = {**dict.fromkeys(SECONDS, 20.0), Phase.CONNECT: 10.0, Phase.QUIT: 5.0}
PAUSE_SECONDS = 1.0
"""Between two questions to whoever."""
NOBODY_LETTERS = 20
MOST_HOSTS = 2
UNKNOWN_USER = frozenset({"5.1.1", "5.1.10", "5.1.6"})


class Said(StrEnum):
    """There is no "accepted": it would be no knowledge."""

    REJECTED = "rejected"
    CATCH_ALL = "catch_all"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Probed:
    """`note`: what the server said, or why it was not asked."""

    said: Said
    note: str


@dataclass
class RcptProbe:
    """Asks one after another, a second apart. `helo` must resolve from and to the address that asks.

    `private` allows servers at addresses that are not public: a network of one's own, a laboratory.
    """

    dns: Dns
    helo: str
    port: int = 25
    private: bool = False
    pause: float = PAUSE_SECONDS
    seconds: Mapping[Phase, float] = field(default_factory=lambda: PATIENCE)

    async def ask(self, mailbox: str) -> Probed:
        local, _, domain = mailbox.rpartition("@")
        if not local.isascii():
            return Probed(Said.UNKNOWN, "addresses beyond ASCII are not asked about")
        found = await asyncio.to_thread(destination, self.dns, domain)
        if isinstance(found, Outcome):
            return Probed(Said.UNKNOWN, found.text)
        provider = Directory().of(found.hosts)
        if provider is not OTHER:
            return Probed(Said.UNKNOWN, f"{provider.title} is never asked: its answer would say nothing")
        await asyncio.sleep(self.pause)
        why = ""
        for host in found.order(Random())[:MOST_HOSTS]:
            session = await self._open(host)
            if isinstance(session, Session):
                return await self._question(session, mailbox, domain)
            why = session.text
        return Probed(Said.UNKNOWN, why)

    async def _open(self, host: str) -> Session | Outcome:
        found = await asyncio.to_thread(addresses, self.dns, host)
        if isinstance(found, Outcome):
            return found
        usable = [ip for ip in found if self.private or is_public(ip)]
        if not usable:
            return deferred(Phase.LOOKUP, f"{host} has no public address", host=host)
        peer = Peer(host, usable[0], self.port, seconds=self.seconds)
        return await open_session(peer, self.helo, Security())

    async def _question(self, session: Session, mailbox: str, domain: str) -> Probed:
        """A made-up neighbour first: who takes that one takes everybody."""
        nobody = f"{secrets.token_hex(NOBODY_LETTERS // 2)}@{domain}"
        try:
            reply = await self._say(session, "MAIL FROM:<>", Phase.MAIL)
            if isinstance(reply, Reply) and reply.kind == 2:
                neighbour = await self._say(session, f"RCPT TO:<{nobody}>", Phase.RCPT)
                if isinstance(neighbour, Reply) and neighbour.kind == 2:
                    return Probed(Said.CATCH_ALL, "the server takes mail for whoever is named")
                reply = await self._say(session, f"RCPT TO:<{mailbox}>", Phase.RCPT)
            return _judged(reply)
        finally:
            await farewell(session)

    @staticmethod
    async def _say(session: Session, command: str, phase: Phase) -> Reply | str:
        answers = await session.line.ask(f"{command}\r\n".encode(), 1, phase)
        return answers.replies[0] if answers.replies else answers.lost


def _judged(reply: Reply | str) -> Probed:
    """Rejected only where the server says that there is nobody of that name."""
    if isinstance(reply, str):
        return Probed(Said.UNKNOWN, reply)
    said = f"{reply.code} {reply.text}"
    if reply.kind == 5 and (reply.enhanced in UNKNOWN_USER or (reply.code == 550 and not reply.enhanced)):
        return Probed(Said.REJECTED, said)
    return Probed(Said.UNKNOWN, said if reply.kind != 2 else "not refused, which says nothing")
