"""What the transports over HTTP share: one message a call, and what becomes of the answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sender.delivery.http.channel import Channel
from sender.delivery.http.client import ApiClient
from sender.delivery.http.meaning import Means, outcome_of, outcome_of_lost
from sender.delivery.http.message import Reply, Request
from sender.delivery.outcome import Outcome, Phase, deferred, refused
from sender.delivery.providers import Provider
from sender.delivery.smtp.transaction import UNSAFE, Mail, Ready
from sender.delivery.transports.base import Can, Found

TOKEN_FIELD = "homing"  # noqa: S105 - the name of a field, not a secret
"""The metadata under which our recipient token travels and comes back (sender/returns/hooks)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the answer to a look at the account says."""

    means: Means
    facts: Sequence[str] = ()


class Dialect(Protocol):
    """How one provider is spoken to: requests are made and answers are read here, nothing is sent."""

    @property
    def can(self) -> Can: ...

    def send(self, mail: Mail) -> Request:
        """The call that hands this message over. Raises ValueError for one that it cannot carry."""
        ...

    def said(self, reply: Reply) -> str:
        """The provider's code and words, in one line."""
        ...

    def judge(self, reply: Reply) -> Means:
        """What the answer to `send` means."""
        ...

    def look(self) -> Request:
        """The call that tells whether mail could be sent, and sends none."""
        ...

    def seen(self, reply: Reply) -> Seen:
        """What the answer to `look` means."""
        ...


class ApiTransport:
    """One provider's account, through its API, with so many calls under way at a time."""

    def __init__(self, dialect: Dialect, client: ApiClient, connections: int) -> None:
        self.can = dialect.can
        self._dialect = dialect
        self._client = client
        self._free = asyncio.Semaphore(connections)

    @property
    def _host(self) -> str:
        return self._client.endpoint.host

    async def deliver(self, mail: Mail, provider: Provider, ready: Ready) -> Outcome | None:  # noqa: ARG002
        if fault := impossible(self.can, mail, self._host):
            return fault
        async with self._free:
            try:
                request = self._dialect.send(mail)
            except ValueError as fault:
                return refused(Phase.CALL, str(fault), enhanced="5.6.0", host=self._host)
            channel = await self._client.channel()
            if isinstance(channel, Outcome):
                return channel
            if not await ready():
                self._client.give_back(channel)
                return None
            return await self._call(channel, request)

    async def _call(self, channel: Channel, request: Request) -> Outcome:
        reply = await self._client.call(channel, request)
        if not isinstance(reply, Reply):
            return outcome_of_lost(reply, self._host)
        said = self._dialect.said(reply)
        return outcome_of(self._dialect.judge(reply), reply, said, self._host, channel.tls)

    async def probe(self) -> Found:
        channel = await self._client.channel()
        if isinstance(channel, Outcome):
            return Found(channel)
        reply = await self._client.call(channel, self._dialect.look())
        if not isinstance(reply, Reply):
            return Found(deferred(Phase.GREETING, reply.why, host=self._host))
        seen = self._dialect.seen(reply)
        outcome = outcome_of(seen.means, reply, self._dialect.said(reply), self._host, channel.tls)
        return Found(outcome, (f"{self._host} answers over {channel.tls or 'HTTP in clear'}", *seen.facts))

    async def close(self) -> None:
        await self._client.close()


def impossible(can: Can, mail: Mail, host: str) -> Outcome | None:
    """What this way out cannot take, known before asking."""
    if UNSAFE.search(mail.rcpt):
        return refused(Phase.CALL, f"not an address: {mail.rcpt!r}", enhanced="5.1.3", host=host)
    if not mail.rcpt.rpartition("@")[0].isascii() and not can.smtputf8:
        why = "the address needs SMTPUTF8 and the provider does not take it"
        return refused(Phase.CALL, why, enhanced="5.6.7", host=host)
    if 0 < can.size < len(mail.message):
        why = f"the message has {len(mail.message)} octets and the provider takes {can.size}"
        return refused(Phase.CALL, why, enhanced="5.3.4", host=host)
    return None
