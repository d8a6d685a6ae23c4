"""The asyncio driver: a socket as a `Line`, with the times of RFC 5321 section 4.5.3.2."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sender.delivery.outcome import Outcome, Phase, deferred
from sender.delivery.smtp.line import Answers, Line
from sender.delivery.smtp.replies import CLOSING, MAX_WAITING, Malformed, Reply, ReplyParser

SECONDS: Mapping[Phase, float] = {
    Phase.CONNECT: 30,
    Phase.GREETING: 300,
    Phase.EHLO: 300,
    Phase.STARTTLS: 60,
    Phase.AUTH: 120,
    Phase.MAIL: 300,
    Phase.RCPT: 300,
    Phase.DATA: 120,
    Phase.DOT: 780,  # 3 minutes for the body and 10 for the answer: less makes duplicates
    Phase.QUIT: 5,
}


@dataclass(frozen=True, slots=True)
class Peer:
    """Where to connect. `name` is what the certificate must say and what outcomes are labelled with."""

    name: str
    ip: str
    port: int
    source: str | None = None
    """The local address to send from."""
    implicit_tls: bool = False
    cafile: str | None = None
    """Whom to trust instead of the system's authorities."""
    seconds: Mapping[Phase, float] = field(default_factory=lambda: SECONDS)


class Wire(asyncio.Protocol):
    """A connected socket. One dialogue uses it at a time."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._parser = ReplyParser()
        self._replies: list[Reply] = []
        self._lost = ""
        self._transport: asyncio.Transport | None = None
        self._news = asyncio.Event()
        self._verified = False

    # ---- asyncio's side --------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        try:
            self._replies += self._parser.feed(data)
        except Malformed as fault:
            self._fail(str(fault))
        if len(self._replies) > MAX_WAITING:
            self._fail("answers to questions that nobody asked")
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection broke: {exc}" if exc else "the server closed the connection")
        self._news.set()

    # ---- the dialogue's side ---------------------------------------------------------------------

    async def ask(self, send: bytes, replies: int, phase: Phase) -> Answers:
        if early := self._early(send):
            return early
        if send and self._transport and not self._lost:
            self._transport.write(send)
        try:
            async with asyncio.timeout(self._peer.seconds[phase]):
                while len(self._replies) < replies and not self._lost and not self._closing():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            self._fail(f"no answer within {self._peer.seconds[phase]:g} s")
        taken, self._replies = tuple(self._replies[:replies]), self._replies[replies:]
        return Answers(taken, "" if len(taken) == replies else self._lost or "the server is closing")

    def _early(self, send: bytes) -> Answers | None:
        """What the server said unasked. Taken for an answer, it would be one to the wrong question."""
        if not send or not self._replies:
            return None
        first, self._replies = self._replies[0], []
        if first.code != CLOSING:
            self._fail(f"an answer before the question: {first.code} {first.text}")
            return Answers((), self._lost)
        return Answers((first,), "the server is closing")

    def _closing(self) -> bool:
        return bool(self._replies) and self._replies[-1].code == CLOSING

    async def upgrade(self, server: str, *, verify: bool) -> str:
        if not self._parser.idle or self._replies or not self._transport:
            return "the server sent more in clear after agreeing to TLS"
        context = tls_context(verify=verify, cafile=self._peer.cafile)
        try:
            async with asyncio.timeout(self._peer.seconds[Phase.STARTTLS]):
                transport = await asyncio.get_running_loop().start_tls(
                    self._transport, self, context, server_hostname=server
                )
        except (OSError, TimeoutError) as fault:  # ssl.SSLError is an OSError
            self._fail(_why(fault))
            return self._lost
        self._transport, self._verified = transport, verify
        return ""

    @property
    def channel(self) -> Any:
        """The TLS object; None in clear."""
        return self._transport.get_extra_info("ssl_object") if self._transport else None

    @property
    def tls(self) -> str:
        channel = self.channel
        return str(channel.version()) if channel else ""

    @property
    def verified(self) -> bool:
        return self._verified

    @property
    def usable(self) -> bool:
        """Nothing was said and nothing happened since the last answer."""
        return not self._lost and not self._replies and self._parser.idle

    def close(self) -> None:
        """Hang up at once; what was not yet sent is not sent."""
        self._fail("closed")

    def _fail(self, why: str) -> None:
        self._lost = self._lost or why
        if self._transport:
            self._transport.abort()

    def trust(self) -> None:
        """The handshake that connected this wire checked the certificate."""
        self._verified = True


def chain_of(line: Line) -> tuple[bytes, ...]:
    """The certificates that the server sent, DER, its own first; () in clear."""
    channel: Any = line.channel if isinstance(line, Wire) else None
    if channel is None:
        return ()
    inner: Any = channel if hasattr(channel, "get_unverified_chain") else getattr(channel, "_sslobj", None)
    sent = inner.get_unverified_chain() if hasattr(inner, "get_unverified_chain") else None
    if sent:
        encoding = ssl.PEM_cert_to_DER_cert
        return tuple(each if isinstance(each, bytes) else encoding(each.public_bytes()) for each in sent)
    own = channel.getpeercert(True)
    return (own,) if own else ()


async def connect(peer: Peer) -> Wire | Outcome:
    """A connected wire (implicit TLS: with the certificate verified), or why there is none."""
    context = tls_context(verify=True, cafile=peer.cafile) if peer.implicit_tls else None
    try:
        async with asyncio.timeout(peer.seconds[Phase.CONNECT]):
            _, wire = await asyncio.get_running_loop().create_connection(
                lambda: Wire(peer),
                peer.ip,
                peer.port,
                ssl=context,
                server_hostname=peer.name if context else None,
                local_addr=(peer.source, 0) if peer.source else None,
            )
    except (OSError, TimeoutError) as fault:
        why = _why(fault) if str(fault) else f"no connection within {peer.seconds[Phase.CONNECT]:g} s"
        return deferred(Phase.CONNECT, f"{peer.ip} port {peer.port}: {why}", host=peer.name)
    if context:
        wire.trust()
    return wire


@cache
def tls_context(*, verify: bool, cafile: str | None) -> ssl.SSLContext:
    """Opportunistic TLS checks nothing, since the other choice is clear text (RFC 7435)."""
    context = ssl.create_default_context(cafile=cafile)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _why(fault: BaseException) -> str:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"the certificate does not hold: {fault.verify_message}"
    return str(fault) or type(fault).__name__
