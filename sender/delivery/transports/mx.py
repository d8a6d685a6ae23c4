"""Straight to the receivers' servers: MX by preference, pooled by host.

DANE where DNS is secure, else MTA-STS, else TLS where it can be had (RFC 8461 section 2: a policy never
overrules pins that fail).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from checks.dane.tlsa import TRUST_ANCHOR, Tlsa, matches
from checks.model import Again
from checks.mta_sts.policy import Mode, Policy
from checks.net.addresses import is_public
from checks.ports import Clock, Dns, NoWeb, Web
from sender.delivery.outcome import Outcome, Phase, Result, deferred, refused
from sender.delivery.providers import Provider
from sender.delivery.routing import Destination, addresses, destination, domain_of
from sender.delivery.smtp.session import Security, Session
from sender.delivery.smtp.transaction import Mail, Ready
from sender.delivery.smtp.wire import SECONDS, Peer, chain_of
from sender.delivery.transports.base import Can, Found
from sender.delivery.transports.fading import Fading
from sender.delivery.transports.pool import Bound, Pool
from sender.delivery.transports.promises import Promises, allows
from sender.delivery.transports.smtp import open_session

KEEP_ROUTE = timedelta(minutes=10)
LEAVE_ALONE = timedelta(minutes=5)
"""How long a host that could not be reached is not tried again."""
REMEMBER_BROKEN_TLS = timedelta(days=3)
MOST_HOSTS = 5
MOST_ADDRESSES = 3
"""Of one host; a domain cannot make us knock at every door that it names."""


@dataclass(frozen=True, slots=True)
class Direct:
    """`source` is the local address to send from, `helo` the name that it resolves from and to.

    `private` allows servers at addresses that are not public: a laboratory, a network of one's own.
    """

    helo: str
    port: int = 25
    source: str | None = None
    private: bool = False
    cafile: str | None = None
    """Whom to trust, instead of the system's authorities, where a policy wants a valid certificate."""
    seconds: Mapping[Phase, float] = field(default_factory=lambda: SECONDS)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a host has to show: one of the `pins`, or a certificate that is `verified`.

    `tested`: the domain whose policy is only tried out; what fails it is counted and delivered.
    """

    domain: str
    """The receiver's."""
    pins: tuple[Tlsa, ...] = ()
    verified: bool = False
    tested: str = ""

    @property
    def key(self) -> str:
        """Sessions are shared only among messages that demand the same."""
        pins = ",".join(f"{pin.usage}{pin.selector}{pin.matching}{pin.data.hex()}" for pin in self.pins)
        if any(pin.usage == TRUST_ANCHOR for pin in self.pins):  # then the names count, and one is the domain
            return f"{self.domain} {pins}"
        return pins or ("verified" if self.verified else self.tested)


def pinned(session: Session | Outcome, demand: Demand, now: datetime) -> Session | Outcome:
    """The session, if the server showed a certificate that is pinned; nothing was sent to it yet."""
    if isinstance(session, Outcome):
        return session
    if matches(demand.pins, chain_of(session.line), (session.host, demand.domain), now):
        return session
    session.line.close()
    return deferred(
        Phase.STARTTLS, "its certificate matches none of its TLSA records (DANE)", host=session.host
    )


class DirectMx:
    """All receivers' servers."""

    can = Can()

    def __init__(
        self, direct: Direct, dns: Dns, clock: Clock, chance: Random | None = None, web: Web | None = None
    ) -> None:
        self._direct = direct
        self._dns = dns
        self._clock = clock
        self._chance = chance or Random()
        self._pool = Pool()
        self._routes: Fading[str, Destination] = Fading()
        self._down: Fading[str, Outcome] = Fading()
        self._broken_tls: Fading[str, bool] = Fading()
        self.promises = Promises(dns, web or NoWeb(), clock)

    async def deliver(self, mail: Mail, provider: Provider, ready: Ready) -> Outcome | None:
        try:
            domain = domain_of(mail.rcpt)
        except ValueError as fault:
            return refused(Phase.LOOKUP, str(fault), enhanced="5.1.2")
        found = await self._destination(domain)
        if isinstance(found, Outcome):
            return found
        outcome: Outcome | None = deferred(Phase.LOOKUP, f"{domain} has no server to try")
        policy = await asyncio.to_thread(self.promises.policy, domain)
        for host in found.order(self._chance)[:MOST_HOSTS]:
            demand = await asyncio.to_thread(self._demand, domain, host, policy)
            if isinstance(demand, Outcome):
                outcome = demand
                continue
            outcome = await self._via(host, demand, mail, provider, ready)
            if outcome is None or not outcome.phase.before_mail:
                return outcome
        return outcome

    async def _destination(self, domain: str) -> Destination | Outcome:
        now = self._clock.now()
        if known := self._routes.get(domain, now):
            return known
        found = await asyncio.to_thread(destination, self._dns, domain)
        if isinstance(found, Destination):
            self._routes.put(domain, found, now + KEEP_ROUTE)
        return found

    def _demand(self, domain: str, host: str, policy: Policy | None) -> Demand | Outcome:
        """What this host has to show before it gets the message, or why it gets none."""
        pins = self.promises.pins(domain, host, self._direct.port)
        if isinstance(pins, Outcome):
            return pins
        if pins:
            return Demand(domain, pins=pins)
        if policy is None:
            return Demand(domain)
        enforced = policy.mode is Mode.ENFORCE
        if allows(policy, host):
            return Demand(domain, verified=enforced, tested="" if enforced else domain)
        why = f"the MTA-STS policy of {domain} does not name it"
        if enforced:
            return deferred(Phase.STARTTLS, why, host=host)
        self.promises.broke(domain, host, why)
        return Demand(domain)

    async def _via(
        self, host: str, demand: Demand, mail: Mail, provider: Provider, ready: Ready
    ) -> Outcome | None:
        now = self._clock.now()
        if why := self._down.get(host, now):
            return why
        bound = Bound(provider.key, provider.connections, provider.per_connection)
        outcome = await self._pool.deliver(
            f"{host} {demand.key}", lambda: self._open(host, demand, provider), mail, ready, bound
        )
        if outcome is not None and outcome.phase in (Phase.CONNECT, Phase.LOOKUP):
            self._down.put(host, outcome, now + LEAVE_ALONE)
        return outcome

    async def _open(self, host: str, demand: Demand, provider: Provider) -> Session | Outcome:
        found = await asyncio.to_thread(addresses, self._dns, host)
        if isinstance(found, Outcome):
            # A host without an address is one server less, not the end of the message.
            return found if found.again is Again.LATER else deferred(Phase.LOOKUP, found.text, host=host)
        outcome: Session | Outcome = deferred(Phase.CONNECT, f"{host} has no public address", host=host)
        for ip in found[:MOST_ADDRESSES]:
            if self._direct.private or is_public(ip):
                outcome = await self._greeted(host, ip, demand, provider)
                if isinstance(outcome, Session) or outcome.phase is not Phase.CONNECT:
                    return outcome
        return outcome

    async def _greeted(self, host: str, ip: str, demand: Demand, provider: Provider) -> Session | Outcome:
        """As demanded; without a demand TLS where it works, else in clear, unless this provider refuses."""
        now, direct = self._clock.now(), self._direct
        peer = Peer(host, ip, direct.port, direct.source, cafile=direct.cafile, seconds=direct.seconds)
        if demand.pins:
            return pinned(await open_session(peer, direct.helo, Security(require=True)), demand, now)
        if demand.verified or demand.tested:
            shown = await open_session(peer, direct.helo, Security(require=True, verify=True))
            if demand.verified or isinstance(shown, Session) or shown.phase is not Phase.STARTTLS:
                return shown
            self.promises.broke(demand.tested, host, shown.text)
        if self._broken_tls.get(host, now):
            return await open_session(peer, self._direct.helo, Security(use=False))
        outcome = await open_session(peer, self._direct.helo, Security())
        if isinstance(outcome, Session) or outcome.phase is not Phase.STARTTLS or provider.tls_required:
            return outcome
        self._broken_tls.put(host, True, now + REMEMBER_BROKEN_TLS)
        return await open_session(peer, self._direct.helo, Security(use=False))

    async def probe(self) -> Found:
        """There is no one server to ask: whether our own name and address agree is all that can be told."""
        host = self._direct.helo
        found = await asyncio.to_thread(addresses, self._dns, host)
        if isinstance(found, Outcome):
            return Found(deferred(Phase.LOOKUP, found.text, host=host))
        facts = (
            f"the HELO name {host} is at {', '.join(found)}",
            "each message goes to its receiver's servers",
        )
        return Found(Outcome(Result.ACCEPTED, Phase.LOOKUP, Again.NEVER, host=host), facts)

    async def close(self) -> None:
        await self._pool.close()
