"""One question, put to the name servers until somebody answers or a retry can mend nothing more.

A try waits at most a second, but a reply to an earlier try still counts while the budget lasts: a slow
server is slow, not dead. Only silence, SERVFAIL and errors of the network are tried again at the same
server; after any other failure only another server is.

A state machine that sockets and reminders push along: a task for each question would cost more than the rest.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from checks.net.dns.message import Reading, failure, read
from checks.net.dns.patience import Patience
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
class Manner:
    """Whom to ask, and how: a recursing resolver, or the zone's own servers (RD=0, the AA bit wanted)."""

    upstreams: tuple[Upstream, ...]
    patience: Patience
    authoritative: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the exchange came to, and the server that said so (all that were asked, when all failed)."""

    reading: Reading
    resolver: str


class Exchange:
    """The tries of one question. `start` it; `done` is called once, unless it is closed before."""

    def __init__(
        self,
        name: str,
        rdtype: str,
        query: Query,
        manner: Manner,
        deadline: float,
        done: Callable[[Verdict], None],
    ) -> None:
        self.query = query
        self._name = name
        self._rdtype = rdtype
        self._manner = manner
        self._upstreams = in_order(manner.upstreams)
        self._done = done
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._deadline = deadline
        self._over = False
        self._tickets: list[Ticket] = []
        self._failures: dict[Address, Reading] = {}
        self._sent: dict[Address, int] = {}
        self._unanswered = 0
        self._mismatched = 0
        self._turn = 0
        self._latest: Upstream | None = None
        self._tcp: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._try()

    def close(self) -> None:
        """End it without a verdict."""
        self._over = True
        for ticket in self._tickets:
            ticket.forget()
        if self._tcp is not None:
            self._tcp.cancel()

    # ---- what sockets and reminders call

    def replied(self, address: Address, reply: bytes) -> None:
        self._unanswered -= 1
        upstream = self._upstream(address)
        upstream.answered()
        if truncated(reply):
            self._turn += 1  # nothing is overdue while TCP has the word
            self._tcp = self._loop.create_task(self._ask_over_tcp(upstream))
        else:
            self._heard(address, self._read(reply))

    def broke(self, address: Address, error: OSError) -> None:
        self._unanswered -= 1
        self._heard(address, failure(Why.UNREACHABLE, _said(error)))

    def mismatched(self) -> None:
        self._mismatched += 1

    def overdue(self, number: int) -> None:
        """The wait that was begun as `number` has ended; an older one has been overtaken by events."""
        if self._over or number != self._turn:
            return
        if self._latest is not None and self._latest.address not in self._failures:
            self._latest.was_silent()
        self._try()

    # ---- the tries

    def _try(self) -> None:
        """Send the next try; or wait for those that are out; or give up."""
        now = self._loop.time()
        upstream = self._next() if now < self._deadline else None
        if upstream is not None:
            self._send(upstream)
            self._wait(min(now + WAIT, self._deadline))
        elif self._unanswered and now < self._deadline:
            self._wait(self._deadline)
        else:
            self._finish(self._failed())

    def _next(self) -> Upstream | None:
        """The server to try next: of those that may mend, the one that was asked least."""
        if not self._sent:
            return self._upstreams[0]
        if sum(self._sent.values()) >= max(TRIES, len(self._upstreams)):
            return None
        hopeful = [upstream for upstream in self._upstreams if self._may_mend(upstream.address)]
        return min(hopeful, key=lambda upstream: self._sent.get(upstream.address, 0), default=None)

    def _may_mend(self, address: Address) -> bool:
        failed = self._failures.get(address)
        return failed is None or failed.why in _MENDABLE

    def _send(self, upstream: Upstream) -> None:
        self._latest = upstream
        self._sent[upstream.address] = self._sent.get(upstream.address, 0) + 1
        self._unanswered += 1
        try:
            self._tickets.append(upstream.send(self))
        except OSError as error:
            self._loop.call_soon(self.broke, upstream.address, error)

    def _wait(self, until: float) -> None:
        self._turn += 1
        self._manner.patience.remind(self, self._turn, until)

    def _heard(self, address: Address, reading: Reading) -> None:
        if self._over:
            return
        if reading.got is not Got.FAILED:
            self._finish(Verdict(reading, str(address)))
        elif reading.why is Why.FORMERR and self.query.edns and not reading.edns:
            self.query = replace(self.query, edns=False)  # a server from before EDNS (RFC 6891 section 6.2.2)
            self._sent[address] -= 1
            self._send(self._upstream(address))
        else:
            self._failures[address] = reading
            following = self._next()
            if following is not None and following.address in self._failures:
                self._wait(min(self._loop.time() + PAUSE, self._deadline))
            else:
                self._try()

    def _read(self, reply: bytes) -> Reading:
        return read(reply, self._name, self._rdtype, authoritative=self._manner.authoritative)

    async def _ask_over_tcp(self, upstream: Upstream) -> None:
        try:
            reply = await ask_over_tcp(upstream.address, self.query, self._deadline - self._loop.time())
        except OSError as error:
            note = f"the answer does not fit a datagram, and over TCP: {_said(error)}"
            self._heard(upstream.address, failure(Why.TRUNCATED, note))
        else:
            self._heard(upstream.address, self._read(reply))

    # ---- the end

    def _finish(self, verdict: Verdict) -> None:
        self._over = True
        for ticket in self._tickets:
            ticket.forget()
        self._done(verdict)

    def _failed(self) -> Verdict:
        resolvers = ", ".join(str(upstream.address) for upstream in self._upstreams)
        if not self._failures:
            return Verdict(failure(Why.TIMEOUT, self._silence(resolvers)), resolvers)
        address = min(
            self._failures, key=lambda each: _TELLING.index(self._failures[each].why or Why.UNREACHABLE)
        )
        notes = [f"{each}: {_brief(reading)}" for each, reading in self._failures.items()]
        notes += [f"{each}: no answer" for each in self._sent if each not in self._failures]
        return Verdict(replace(self._failures[address], note="; ".join(notes)), resolvers)

    def _silence(self, resolvers: str) -> str:
        tries = sum(self._sent.values())
        seconds = self._loop.time() - self._began
        note = (
            f"no answer from {resolvers} in {tries} {'try' if tries == 1 else 'tries'} within {seconds:.1f} s"
        )
        if self._mismatched:
            note += f"; replies that did not fit the question were dropped: {self._mismatched}"
        return note

    def _upstream(self, address: Address) -> Upstream:
        return next(each for each in self._upstreams if each.address == address)


def _said(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _brief(reading: Reading) -> str:
    why = reading.rcode or (reading.why.value if reading.why else "")
    return f"{why} ({reading.note})" if reading.note else why
