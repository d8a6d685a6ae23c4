"""UDP sockets that many questions share, each told apart by its id.

A socket is connected, so that the kernel drops what comes from elsewhere, and bound to a random port; it
carries at most 50 questions, since larger bursts lose packets even on loopback, and is retired after a
while, so that the port changes (RFC 5452 section 9.2).
"""

import asyncio
import random
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from checks.net.dns.query import Query
from checks.net.dns.servers import Address

IN_FLIGHT = 50
LIFE = 2_000
"""Questions after which a socket is retired."""
_BUFFER = 1 << 20
_LARGEST = 65_535
_PORT_TRIES = 5

_random = random.SystemRandom()


class Asker(Protocol):
    """Who waits for a reply."""

    query: Query

    def replied(self, address: Address, reply: bytes) -> None: ...
    def broke(self, address: Address, error: OSError) -> None: ...
    def mismatched(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ticket:
    """One datagram that has been sent; give it back when its reply no longer matters."""

    channel: "Channel"
    ident: int

    def forget(self) -> None:
        self.channel.forget(self.ident)


class Channel:
    """One socket to one server. Everything runs in the loop's thread."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, address: Address, idle: Callable[["Channel"], None]
    ) -> None:
        self.address = address
        self.used = 0
        self._loop = loop
        self._idle = idle
        self._waiting: dict[int, Asker] = {}
        self._socket = _open(address)
        loop.add_reader(self._socket, self._readable)

    @property
    def room(self) -> bool:
        return len(self._waiting) < IN_FLIGHT and self.used < LIFE

    @property
    def spent(self) -> bool:
        return self.used >= LIFE and not self._waiting

    def send(self, asker: Asker) -> Ticket:
        """Send the asker's question under a random id. Raises OSError when the network will not have it."""
        ident = _random.getrandbits(16)
        while ident in self._waiting:
            ident = _random.getrandbits(16)
        self.used += 1
        with suppress(BlockingIOError):  # a full send buffer is a lost datagram: the next try mends it
            self._socket.send(asker.query.packet(ident))
        self._waiting[ident] = asker
        return Ticket(self, ident)

    def forget(self, ident: int) -> None:
        self._waiting.pop(ident, None)
        if self.spent:
            self._idle(self)

    def close(self) -> None:
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def _readable(self) -> None:
        for _ in range(IN_FLIGHT):
            try:
                reply = self._socket.recv(_LARGEST)
            except BlockingIOError:
                return
            except OSError as error:  # an ICMP error does not say which datagram it is about
                self._broken(error)
                return
            self._deliver(reply)

    def _deliver(self, reply: bytes) -> None:
        ident = int.from_bytes(reply[:2], "big")
        asker = self._waiting.get(ident)
        if asker is None:
            return
        if asker.query.owns(reply):
            self.forget(ident)
            asker.replied(self.address, reply)
        else:
            asker.mismatched()

    def _broken(self, error: OSError) -> None:
        waiting, self._waiting = self._waiting, {}
        for asker in waiting.values():
            asker.broke(self.address, error)


@dataclass(slots=True)
class Channels:
    """The sockets to one server: as many as the questions in flight need."""

    loop: asyncio.AbstractEventLoop
    address: Address
    open: list[Channel] = field(default_factory=list)
    latest: Channel | None = None

    def send(self, asker: Asker) -> Ticket:
        channel = self.latest
        if channel is None or not channel.room:
            channel = self.latest = self._with_room()
        return channel.send(asker)

    def _with_room(self) -> Channel:
        for channel in self.open:
            if channel.room:
                return channel
        channel = Channel(self.loop, self.address, self._retire)
        self.open.append(channel)
        return channel

    def close(self) -> None:
        for channel in self.open:
            channel.close()
        self.open.clear()
        self.latest = None

    def _retire(self, channel: Channel) -> None:
        if channel in self.open:
            self.open.remove(channel)
            self.latest = None
            channel.close()


def _open(address: Address) -> socket.socket:
    made = socket.socket(address.family, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        _bind_somewhere(made)
        made.connect((address.ip, address.port))
    except OSError:
        made.close()
        raise
    return made


def _bind_somewhere(made: socket.socket) -> None:
    for _ in range(_PORT_TRIES):
        with suppress(OSError):
            return made.bind(("", _random.randrange(1024, 65_536)))
    return made.bind(("", 0))
