"""A real name server on loopback, in a thread of its own, serving a zone that a test may change."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from monitor.sandbox.dns import NameServer
from monitor.sandbox.truth import Live
from monitor.sandbox.zone import Zone

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Served:
    """A running name server: `live` changes what it says, `stop` and `start` close and open its port."""

    live: Live
    port: int
    _server: NameServer
    _loop: asyncio.AbstractEventLoop

    def stop(self) -> None:
        self._do(self._server.stop())

    def start(self) -> None:
        self._do(self._server.start(HOST, self.port))

    def _do(self, step: Coroutine[Any, Any, object]) -> None:
        asyncio.run_coroutine_threadsafe(step, self._loop).result(5)


@contextmanager
def serving(zone: Zone) -> Iterator[Served]:
    """Serve `zone` on a free port while the block runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    live = Live(zone)
    server = NameServer(live.zone)
    port = asyncio.run_coroutine_threadsafe(server.start(HOST, 0), loop).result(5)
    try:
        yield Served(live, port, server, loop)
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
