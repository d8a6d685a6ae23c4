"""A real name server on loopback, serving a zone that a test may change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from monitor.sandbox.dns import TTL_SECONDS, NameServer
from monitor.sandbox.truth import Live
from monitor.sandbox.zone import Zone
from tests.fakes.background import Background, background

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Served:
    """A running name server: `live` changes what it says, `stop` and `start` close and open its port."""

    live: Live
    port: int
    _server: NameServer
    _behind: Background

    def stop(self) -> None:
        self._behind.do(self._server.stop())

    def start(self) -> None:
        self._behind.do(self._server.start(HOST, self.port))


@contextmanager
def serving(zone: Zone, *, ttl: int = TTL_SECONDS) -> Iterator[Served]:
    """Serve `zone` on a free port while the block runs; with `ttl` 0 nobody keeps an answer."""
    live = Live(zone)
    server = NameServer(live.zone, lambda _name: ttl)
    with background() as behind:
        served = Served(live, behind.do(server.start(HOST, 0)), server, behind)
        try:
            yield served
        finally:
            served.stop()
