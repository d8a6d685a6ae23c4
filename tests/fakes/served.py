"""A literal zone behind a real name server on loopback, for tests of whole commands."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from monitor.sandbox.dns import NameServer
from monitor.sandbox.zone import Zone


@contextmanager
def served(names: Mapping[str, Any] | Zone) -> Iterator[str]:
    """Serve the zone for the length of the block; yields "127.0.0.1:PORT"."""
    zone = names if isinstance(names, Zone) else Zone(names)
    loop = asyncio.new_event_loop()
    server = NameServer(lambda: zone)
    port = loop.run_until_complete(server.start("127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
