"""The resolver that the house shares: cache, then manners, then the wire."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType

from checks.net.addresses import is_public
from checks.net.clock import SystemClock
from checks.net.dns.authority import NameServers
from checks.net.dns.cache import Cache, Cached
from checks.net.dns.engine import Engine
from checks.net.dns.manners import Ledger, Limit, Polite
from checks.net.dns.servers import PORT, Address, system_servers
from checks.net.dns.wire import Wire
from checks.ports import Answer, Authority, Clock, Dns, Flight, Question

TIMEOUT = 5.0


class Run:
    """A resolver's `Dns` port for one run, which may have an end (`until`, on the clock's seconds)."""

    def __init__(self, dns: Dns, engine: Engine, until: float | None) -> None:
        self._dns = dns
        self._engine = engine
        self._until = until

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        return self._dns.ask(name, rdtype, fresh=fresh)

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        return self._dns.ask_all(questions, fresh=fresh)

    def flight(self) -> Flight:
        return self._dns.flight()

    def authority(self, port: int = PORT, allowed: Callable[[str], bool] = is_public) -> Authority:
        """The `Authority` port on the same sockets, with the same end."""
        return NameServers(self._engine, port=port, allowed=allowed, until=self._until)


class Resolver(Run):
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
        self.nameservers = tuple(Address(*each) for each in nameservers or system_servers())
        self.ledger = Ledger(limits or {}, spent)
        self._limited = bool(limits)
        self._clock = clock or SystemClock()
        self._timeout = timeout
        self._cache = Cache()
        engine = Engine(self.nameservers, self._clock)
        super().__init__(self._layers(engine, None), engine, None)

    def within(self, seconds: float) -> Run:
        """The same resolver for one run that must end: what is open after `seconds` from now has failed."""
        until = self._clock.monotonic() + seconds
        return Run(self._layers(self._engine, until), self._engine, until)

    def close(self) -> None:
        self._engine.close()

    def __enter__(self) -> "Resolver":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def _layers(self, engine: Engine, until: float | None) -> Dns:
        wire: Dns = Wire(engine, self._timeout, until=until)
        dns = Polite(wire, self.ledger, self._clock) if self._limited else wire
        return Cached(dns, self._cache, self._clock)
