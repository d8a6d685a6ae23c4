"""The real world for this instance: the ports that its configuration opens."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import ip_network

from checks.blocklists.choice import Wish, choose
from checks.blocklists.limits import limits
from checks.blocklists.zone import Zone
from checks.net.dns.resolver import Resolver
from checks.net.relay_probe import WireRelay
from checks.net.smtp_probe import WireProbe
from checks.net.web import GuardedWeb
from checks.ports import (
    Answer,
    Authority,
    Dns,
    Flight,
    NoAuthority,
    NoProbe,
    NoRelay,
    NoWeb,
    Question,
    RelayProbe,
    SmtpProbe,
    World,
)
from monitor.config import Config, split_nameserver


class FreshDns:
    """A `Dns` whose every question goes to the wire: what a look that confirms asks through."""

    def __init__(self, dns: Dns) -> None:
        self._dns = dns

    def ask(self, name: str, rdtype: str, *, fresh: bool = True) -> Answer:
        del fresh
        return self._dns.ask(name, rdtype, fresh=True)

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = True) -> Sequence[Answer]:
        del fresh
        return self._dns.ask_all(questions, fresh=True)

    def flight(self) -> Flight:
        return FreshFlight(self._dns.flight())


class FreshFlight:
    """A `Flight` whose every question goes to the wire."""

    def __init__(self, flight: Flight) -> None:
        self._flight = flight

    def __enter__(self) -> Flight:
        self._flight.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._flight.__exit__(*exc)

    def ask(self, name: str, rdtype: str, *, fresh: bool = True) -> None:
        del fresh
        self._flight.ask(name, rdtype, fresh=True)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self._flight)


@dataclass(frozen=True)
class Senses:
    """What a process may ask. `world` makes the world of one look."""

    dns: Dns
    config: Config
    authority: Authority = field(default_factory=NoAuthority)
    second: Dns | None = None
    """Another vantage, where one is configured."""

    def elsewhere(self, now: datetime) -> World:
        """What the other vantage sees, past every cache."""
        assert self.second is not None
        return replace(self.world(now), dns=FreshDns(self.second))

    def world(self, now: datetime, *, fresh: bool = False, relay: bool = False) -> World:
        """`relay`: also ask mail servers whether they relay, which only a person may wish for."""
        dns = FreshDns(self.dns) if fresh else self.dns
        switches = self.config.checks
        ports = {25: self.config.delivery.mx_port}
        probe: SmtpProbe = WireProbe(ports=ports)
        stranger: RelayProbe = WireRelay(ports=ports) if relay else NoRelay()
        return World(
            dns,
            now,
            authority=self.authority,
            web=GuardedWeb(dns) if switches.https else NoWeb(),
            smtp=probe if switches.smtp else NoProbe(),
            relay=stranger,
            blocklists=blocklists(self.config),
            own_networks=tuple(map(ip_network, switches.own_networks)),
        )


def blocklists(config: Config) -> tuple[Zone, ...]:
    """The lists that the configuration chooses, with their keys."""
    return choose(
        [
            Wish(entry.zone, entry.enabled, entry.key.get_secret_value(), entry.domains)
            for entry in config.blocklists
        ]
    )


@contextmanager
def open_senses(config: Config) -> Iterator[Senses]:
    """The configured resolver, open until the block ends."""
    servers = [split_nameserver(text) for text in config.resolver.nameservers]
    pace = limits(blocklists(config))
    wait = config.resolver.timeout.total_seconds()
    with ExitStack() as stack:
        resolver = stack.enter_context(Resolver(servers or None, wait, limits=pace))
        others = [split_nameserver(text) for text in config.resolver.second]
        second = stack.enter_context(Resolver(others, wait, limits=pace)) if others else None
        yield Senses(resolver, config, resolver.authority(), second)
