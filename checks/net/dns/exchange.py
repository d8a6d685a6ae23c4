"""One question, put to the name servers until somebody answers or a retry can mend nothing more.

A try waits at most a second, but a reply to an earlier try still counts while the budget lasts: a slow
server is slow, not dead. Only silence, SERVFAIL and errors of the network are tried again at the same
server; after any other failure only another server is.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, replace

from checks.net.dns.message import Reading, failure, read
from checks.net.dns.query import Query, truncated
from checks.net.dns.servers import Address
from checks.net.dns.tcp import ask_over_tcp
from checks.net.dns.udp import Ticket
from checks.net.dns.upstream import Upstream, in_order
from checks.ports import Got, Why

TRIES = 3
WAIT = 1.0
PAUSE = 0.1
"""Seconds before a server that failed at once is asked again."""

_MENDABLE = {Why.SERVFAIL, Why.UNREACHABLE}
_TELLING = (
    Why.TRUNCATED,
    Why.SERVFAIL,
    Why.REFUSED,
    Why.LAME,
    Why.FORMERR,
    Why.MALFORMED,
    Why.UNREACHABLE,
)
"""Which failure is reported when servers fail in different ways: what was said outranks silence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. `authoritative`: the servers are the zone's own, an answer needs the AA bit."""

    name: str
    rdtype: str
    authoritative: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the exchange came to, and the server that said so (all that were asked, when all failed)."""

    reading: Reading
    resolver: str


class Exchange:
    """The tries of one question; `udp.Asker` to its sockets. Lives in the loop's thread, for one `run`."""

    def __init__(self, upstreams: tuple[Upstream, ...], asked: Asked, query: Query, deadline: float) -> None:
        self.query = query
        self._asked = asked
        self._upstreams = in_order(upstreams)
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._deadline = deadline
        self._arrived: deque[tuple[Address, bytes | OSError]] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._tickets: list[Ticket] = []
        self._failures: dict[Address, Reading] = {}
        self._sent: dict[Address, int] = {}
        self._unanswered = 0
        self._mismatched = 0

    # ---- what the sockets call

    def replied(self, address: Address, reply: bytes) -> None:
        self._arrive(address, reply)

    def broke(self, address: Address, error: OSError) -> None:
        self._arrive(address, error)

    def mismatched(self) -> None:
        self._mismatched += 1

    # ---- the tries

    async def run(self) -> Verdict:
        try:
            while (upstream := self._next()) is not None:
                if upstream.address in self._failures:
                    await asyncio.sleep(PAUSE)
                self._send(upstream)
                if verdict := await self._hear(min(self._loop.time() + WAIT, self._deadline), upstream):
                    return verdict
            while self._unanswered and self._loop.time() < self._deadline:
                if verdict := await self._hear(self._deadline, None):
                    return verdict
            return self._failed()
        finally:
            for ticket in self._tickets:
                ticket.forget()

    def _next(self) -> Upstream | None:
        """The server to try next: of those that may mend, the one that was asked least."""
        if (
            sum(self._sent.values()) >= max(TRIES, len(self._upstreams))
            or self._loop.time() >= self._deadline
        ):
            return None
        hopeful = [upstream for upstream in self._upstreams if self._may_mend(upstream.address)]
        return min(hopeful, key=lambda upstream: self._sent.get(upstream.address, 0), default=None)

    def _may_mend(self, address: Address) -> bool:
        failed = self._failures.get(address)
        return failed is None or failed.why in _MENDABLE

    def _send(self, upstream: Upstream) -> None:
        self._sent[upstream.address] = self._sent.get(upstream.address, 0) + 1
        self._unanswered += 1
        try:
            self._tickets.append(upstream.send(self))
        except OSError as error:
            self._arrive(upstream.address, error)

    async def _hear(self, until: float, latest: Upstream | None) -> Verdict | None:
        """Wait for one reply; None when it was a failure, or when none came."""
        if not await self._arrival(until):
            if latest is not None:
                latest.was_silent()
            return None
        address, content = self._arrived.popleft()
        self._unanswered -= 1
        upstream = next(each for each in self._upstreams if each.address == address)
        reading = await self._judge(upstream, content)
        if reading.got is not Got.FAILED:
            return Verdict(reading, str(address))
        if reading.why is Why.FORMERR and self.query.edns and not reading.edns:
            self.query = replace(self.query, edns=False)  # a server from before EDNS (RFC 6891 section 6.2.2)
            self._sent[address] -= 1
            self._send(upstream)
            return await self._hear(until, latest)
        self._failures[address] = reading
        return None

    async def _judge(self, upstream: Upstream, content: bytes | OSError) -> Reading:
        if isinstance(content, OSError):
            return failure(Why.UNREACHABLE, _said(content))
        upstream.answered()
        if truncated(content):
            try:
                content = await ask_over_tcp(upstream.address, self.query, self._deadline - self._loop.time())
            except OSError as error:
                return failure(
                    Why.TRUNCATED, f"the answer does not fit a datagram, and over TCP: {_said(error)}"
                )
        return read(content, self._asked.name, self._asked.rdtype, authoritative=self._asked.authoritative)

    # ---- waiting

    def _arrive(self, address: Address, content: bytes | OSError) -> None:
        self._arrived.append((address, content))
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _arrival(self, until: float) -> bool:
        """Wait until something has arrived (True) or the loop's clock reads `until` (False)."""
        if not self._arrived:
            self._waiter = self._loop.create_future()
            timer = self._loop.call_at(until, _release, self._waiter)
            await self._waiter
            timer.cancel()
        return bool(self._arrived)

    # ---- giving up

    def _failed(self) -> Verdict:
        resolvers = ", ".join(str(upstream.address) for upstream in self._upstreams)
        if not self._failures:
            return Verdict(failure(Why.TIMEOUT, self._silence(resolvers)), resolvers)
        address = min(
            self._failures, key=lambda each: _TELLING.index(self._failures[each].why or Why.UNREACHABLE)
        )
        worst = self._failures[address]
        notes = [f"{each}: {_brief(reading)}" for each, reading in self._failures.items()]
        silent = [each for each in self._sent if each not in self._failures]
        notes += [f"{each}: no answer" for each in silent]
        return Verdict(replace(worst, note="; ".join(notes)), resolvers)

    def _silence(self, resolvers: str) -> str:
        tries = sum(self._sent.values())
        seconds = self._loop.time() - self._began
        note = (
            f"no answer from {resolvers} in {tries} {'try' if tries == 1 else 'tries'} within {seconds:.1f} s"
        )
        if self._mismatched:
            note += f"; replies that did not fit the question were dropped: {self._mismatched}"
        return note


def _release(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


def _said(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _brief(reading: Reading) -> str:
    why = reading.rcode or (reading.why.value if reading.why else "")
    return f"{why} ({reading.note})" if reading.note else why
