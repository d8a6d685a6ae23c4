"""The resolver that the house shares: cache, then manners, then the wire."""

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType

from checks.net.clock import SystemClock
from checks.net.dns.cache import Cache, Cached
from checks.net.dns.engine import Engine
from checks.net.dns.manners import Ledger, Limit, Polite
from checks.net.dns.servers import Address, system_servers
from checks.net.dns.wire import Wire
from checks.ports import Answer, Clock, Dns, Flight, Question

TIMEOUT = 5.0


class Resolver:
    """The `Dns` port on real name servers. Synchronous, shared between threads; close it when done.

    `nameservers`: (address, port) in order of preference; by default those of /etc/resolv.conf.
    `timeout`: seconds for one question, over all tries and servers.
    `limits`: what zones allow (`manners.Limit` by zone); `spent`: questions already asked today.
    """

    def __init__(
        self,
        nameservers: Sequence[tuple[str, int]] | None = None,
        timeout: float = TIMEOUT,
        *,
        limits: Mapping[str, Limit] | None = None,
        spent: Mapping[str, int] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self.nameservers = tuple(Address(*each) for each in nameservers or system_servers())
        self._limits = dict(limits or {})
        self.ledger = Ledger(self._limits, spent)
        self._timeout = timeout
        self._cache = Cache()
        self._engine = Engine(self.nameservers, self._clock)
        self._dns = self._layers(until=None)

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        return self._dns.ask(name, rdtype, fresh=fresh)

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        return self._dns.ask_all(questions, fresh=fresh)

    def flight(self) -> Flight:
        return self._dns.flight()

    def within(self, seconds: float) -> Dns:
        """The same resolver for one run that must end: what is open after `seconds` from now has failed."""
        return self._layers(until=self._clock.monotonic() + seconds)

    def ask_server(self, server: tuple[str, int], questions: Iterable[Question]) -> Sequence[Answer]:
        """Ask one of a zone's own name servers (no recursion, no cache); without authority it is lame."""
        return Wire(self._engine, self._timeout, server=Address(*server)).ask_all(questions, fresh=True)

    def close(self) -> None:
        self._engine.close()

    def __enter__(self) -> "Resolver":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def _layers(self, until: float | None) -> Dns:
        wire: Dns = Wire(self._engine, self._timeout, until=until)
        dns = Polite(wire, self.ledger, self._clock) if self._limits else wire
        return Cached(dns, self._cache, self._clock)
