"""The eight pretend providers over real SMTP, each on its own loopback address, all on one port."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import cast

from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Transaction

from checks.dmarc.align import DmarcResult
from checks.dmarc.record import Disposition
from monitor.sandbox import filing, manners
from monitor.sandbox.asking import WorldDns
from monitor.sandbox.blocklists import query_name
from monitor.sandbox.chance import draw
from monitor.sandbox.filing import Delivered
from monitor.sandbox.judging import Envelope, Judgement, judge
from monitor.sandbox.manners import Blanks, Case
from monitor.sandbox.providers import PROVIDERS, Late, Provider
from monitor.sandbox.truth import Live
from monitor.sandbox.world import HOSTS
from monitor.sandbox.zone import Zone

HEEDED_LIST = "zen.spamhaus.org"
"""The blocklist that all of them refuse by."""
MAX_MESSAGE_BYTES = 20_000_000
HANG_UP_AFTER_SECONDS = 0.05

Note = Callable[[str, str, str], None]
"""Told of each reply to a recipient: provider key, address, reply."""
Arrival = Callable[[Delivered], None]
"""Told of each message that was accepted for a person; those for seeds are filed."""


class Receivers:
    """All providers. `mail` is where seeds have their Maildirs; `now` says what time it is there."""

    def __init__(
        self,
        live: Live,
        mail: Path,
        *,
        now: Callable[[], datetime],
        seed: int = 1,
        note: Note = lambda _provider, _rcpt, _reply: None,
        arrived: Arrival = lambda _delivered: None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.live = live
        self.mail = mail
        self.now = now
        self.seed = seed
        self.note = note
        self.arrived = arrived
        self._tls = tls
        self._servers: list[asyncio.Server] = []

    async def start(self, port: int) -> int:
        """Listen on every provider's address; returns the port. Raises OSError when one is taken."""
        loop = asyncio.get_running_loop()
        for provider in PROVIDERS:
            desk = Desk(self, provider)
            server = await loop.create_server(partial(desk.protocol, self._tls), provider.ip, port)
            port = cast("int", server.sockets[0].getsockname()[1])
            self._servers.append(server)
        return port

    async def stop(self) -> None:
        """Stop taking connections."""
        for server in self._servers:
            server.close()
        self._servers = []
        await asyncio.sleep(0)


class Desk:
    """One provider's side of the dialogue: the hooks that aiosmtpd calls."""

    def __init__(self, house: Receivers, provider: Provider) -> None:
        self.house = house
        self.provider = provider
        self._met: set[tuple[str, str]] = set()
        self._count = 0

    def protocol(self, tls: ssl.SSLContext | None) -> SMTP:
        return SMTP(
            self,
            hostname=self.provider.mx,
            ident=self.provider.banner,
            data_size_limit=MAX_MESSAGE_BYTES,
            enable_SMTPUTF8=True,
            tls_context=tls,
        )

    async def handle_EHLO(  # noqa: N802 - the hook's name
        self, _server: SMTP, session: Session, _envelope: Transaction, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, transaction: Transaction, address: str, _options: list[str]
    ) -> str:
        envelope = self._envelope(session, transaction, address)
        case = self._objection(envelope)
        if case is None:
            transaction.rcpt_tos.append(address)
            return "250 2.1.5 OK"
        return self._say(server, case, envelope)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, transaction: Transaction
    ) -> str:
        message, now = cast("bytes", transaction.content), self.house.now()
        envelopes = [self._envelope(session, transaction, rcpt) for rcpt in transaction.rcpt_tos]
        judgement = judge(WorldDns(self.house.live.zone), envelopes[0], message, now)
        case = _refusal(self.provider, judgement)
        if case is not None:
            return self._say(server, case, envelopes[0], judgement)
        for envelope in envelopes:
            self._accept(envelope, judgement, message, now)
        return self._thank(envelopes)

    async def handle_exception(self, error: Exception) -> str:
        return f"451 4.3.0 Internal error: {type(error).__name__}"

    def _envelope(self, session: Session, transaction: Transaction, rcpt: str) -> Envelope:
        helo = session.host_name or ""
        peer = cast("tuple[str, int]", session.peer)[0]
        ip = address_behind(helo, peer, self.house.live.zone())
        mail_from = (transaction.mail_from or "").strip("<>")  # aiosmtpd hands "<>" over as it came
        return Envelope(ip, helo, mail_from, rcpt)

    def _objection(self, envelope: Envelope) -> Case | None:
        """Why this recipient is refused before any message is seen."""
        provider, truth = self.provider, self.house.live.truth
        case = manners.case_of(envelope.rcpt)
        if case is Case.RELAY or not envelope.rcpt.lower().endswith(f"@{provider.domain}"):
            return Case.RELAY
        if is_listed(envelope.ip, self.house.live.zone()):
            return Case.LISTED
        if provider.key in truth.throttling:
            return Case.THROTTLED
        if manners.is_returned(envelope.rcpt) and provider.late is Late.NEVER:
            return Case.UNKNOWN
        if case is Case.BUSY or (case is None and self._greylists(envelope.rcpt)):
            return None if self._meets_again(envelope) else case or Case.GREYLISTED
        return case

    def _greylists(self, rcpt: str) -> bool:
        return draw(self.house.seed, "greylist", rcpt.lower()) < self.provider.greylist_share

    def _meets_again(self, envelope: Envelope) -> bool:
        key = (envelope.ip, envelope.rcpt.lower())
        if key in self._met:
            return True
        self._met.add(key)
        return False

    def _accept(self, envelope: Envelope, judgement: Judgement, message: bytes, now: datetime) -> None:
        place = filing.folder(self.provider, judgement, message, envelope.rcpt.lower(), self.house.seed)
        delivered = Delivered(self.provider, envelope, judgement, message, self._queue_id(), now, place)
        if not filing.file(self.house.mail, delivered):  # nobody reads a seed's mail but Homing
            self.house.arrived(delivered)

    def _say(self, server: SMTP, case: Case, envelope: Envelope, judgement: Judgement | None = None) -> str:
        self._count += 1
        sender = judgement.from_domain if judgement else envelope.mail_from.rpartition("@")[2]
        blanks = Blanks(envelope.ip, envelope.rcpt, sender, self._queue_id())
        text = manners.reply(self.provider, case, blanks)
        self.house.note(self.provider.key, envelope.rcpt, text)
        if text.startswith("421") and server.transport is not None:  # RFC 5321 section 3.8: it hangs up
            asyncio.get_running_loop().call_later(HANG_UP_AFTER_SECONDS, server.transport.close)
        return text

    def _thank(self, envelopes: list[Envelope]) -> str:
        text = f"250 2.0.0 OK {self._queue_id()} - {self.provider.mx}"
        for envelope in envelopes:
            self.house.note(self.provider.key, envelope.rcpt, text)
        self._count += 1
        return text

    def _queue_id(self) -> str:
        return f"{self.provider.key[:2].upper()}{self._count:08X}"


def address_behind(helo: str, peer: str, zone: Zone) -> str:
    """The made-up address of a client: that of the name it gives, since every machine lives on loopback."""
    if helo in HOSTS:
        return HOSTS[helo].ip
    rows = zone.look_up(helo, "A").rows
    return next((str(row.rdata) for row in rows if row.rdtype == "A"), peer)


def is_listed(ip: str, zone: Zone) -> bool:
    """Whether the heeded blocklist has the address."""
    return bool(zone.look_up(query_name(HEEDED_LIST, ip), "A").rows)


def _refusal(provider: Provider, judgement: Judgement) -> Case | None:
    """Why a message is refused after it was seen."""
    if judgement.unsure:
        return Case.UNSURE
    if judgement.dmarc is DmarcResult.FAIL and judgement.asked is Disposition.REJECT:
        return Case.DMARC
    if provider.strict and not judgement.authenticated:
        return Case.UNAUTHENTICATED
    return None


def tls_context(path: Path) -> ssl.SSLContext:
    """What the receivers offer STARTTLS with. Raises OSError when there is no such certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
