"""The world of a command: the home's configuration (which need not exist) under the command's own options."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from checks.blocklists.limits import limits
from checks.names import is_address, normalise_domain
from checks.net.dns import Resolver, parse_server
from checks.ports import World
from monitor.config import load_config
from monitor.config.schema import split_nameserver
from monitor.home import locate
from monitor.problem import Problem
from monitor.senses import Senses, blocklists

PATIENCE = 0.5
"""The share of a run's time that one question may take, so that what depends on it has its turn too."""


SELDOM = (50_000, 20, 100)
"""Answers and findings hold no circles, so that looking for these every 700 objects costs a quarter of an
audit's time, for nothing."""


@dataclass(frozen=True)
class Asking:
    """An open resolver and whom it asks; `world(now)` is a world whose look-ups end within the budget."""

    servers: tuple[str, ...]
    world: Callable[[datetime], World]


@contextmanager
def asking(nameservers: Sequence[str], timeout: float, *, relay: bool = False) -> Iterator[Asking]:
    """Open the world. `timeout`: seconds for the look-ups of one world; `relay`: whether it asks mail servers
    if they relay. Raises Problem for a bad server."""
    gc.set_threshold(*SELDOM)
    config = load_config(locate().config_path)
    servers = [server_of(text) for text in nameservers]
    servers = servers or [split_nameserver(text) for text in config.resolver.nameservers]
    pace = limits(blocklists(config))
    with Resolver(servers or None, timeout * PATIENCE, limits=pace) as resolver:

        def world(now: datetime) -> World:
            run = resolver.within(timeout)
            return Senses(run, config, run.authority()).world(now, relay=relay)

        yield Asking(tuple(str(server) for server in resolver.nameservers), world)


def domain_of(text: str) -> str:
    """A domain as a person gave it, normalised. Raises Problem with a sentence that says what to give."""
    try:
        return normalise_domain(text)
    except ValueError as error:
        raise Problem(str(error)) from None


def address_of(text: str) -> str:
    """An address as a person gave it, canonical. Raises Problem."""
    from ipaddress import ip_address

    if not is_address(text.strip()):
        raise Problem(f"“{text}” is not an IPv4 or IPv6 address. Give one such as 192.0.2.25.")
    return str(ip_address(text.strip()))


def server_of(text: str) -> tuple[str, int]:
    """A name server as a person gave it. Raises Problem."""
    try:
        return parse_server(text)
    except ValueError as error:
        raise Problem(str(error)) from None
