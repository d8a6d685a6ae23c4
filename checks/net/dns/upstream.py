"""A name server as we know it: its sockets, and whether it has been answering lately."""

import asyncio

from checks.net.dns.servers import Address
from checks.net.dns.udp import Asker, Channels, Ticket

SILENT_AFTER = 3
"""Tries without a reply, in a row, after which a server is asked last."""
REST = 30.0
"""Seconds for which it is."""


class Upstream:
    """One name server of a resolver. Everything runs in the loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, address: Address) -> None:
        self.address = address
        self._loop = loop
        self._channels = Channels(loop, address)
        self._unanswered = 0
        self._resting_until = 0.0

    @property
    def resting(self) -> bool:
        return self._loop.time() < self._resting_until

    def send(self, asker: Asker) -> Ticket:
        return self._channels.send(asker)

    def was_silent(self) -> None:
        self._unanswered += 1
        if self._unanswered >= SILENT_AFTER:
            self._resting_until = self._loop.time() + REST

    def answered(self) -> None:
        self._unanswered = 0
        self._resting_until = 0.0

    def close(self) -> None:
        self._channels.close()


def in_order(upstreams: tuple[Upstream, ...]) -> list[Upstream]:
    """As configured, but those that rest last."""
    return sorted(upstreams, key=lambda upstream: upstream.resting) if len(upstreams) > 1 else list(upstreams)
