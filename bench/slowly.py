"""A UDP relay that holds every answer back: the distance to a name server, made on loopback.

It runs in a process of its own, so that it costs the contenders nothing but the wait.
"""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import cast

Server = tuple[str, int]


@contextmanager
def further_away(server: Server, seconds: float) -> Iterator[Server]:
    """`server` as it looks from `seconds` away; TCP is not relayed."""
    context = multiprocessing.get_context("spawn")
    port, ready = context.Value("i", 0), context.Event()
    process = context.Process(target=_run, args=(server, seconds, port, ready), daemon=True)
    process.start()
    try:
        if not ready.wait(20):
            raise RuntimeError("the relay did not start")
        yield ("127.0.0.1", port.value)
    finally:
        process.terminate()
        process.join()


def _run(server: Server, seconds: float, port: object, ready: Event) -> None:
    asyncio.run(_relay(server, seconds, port, ready))


async def _relay(server: Server, seconds: float, port: object, ready: Event) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Front(server, seconds), local_addr=("127.0.0.1", 0)
    )
    port.value = transport.get_extra_info("sockname")[1]  # type: ignore[attr-defined]
    ready.set()
    await asyncio.Event().wait()


class _Front(asyncio.DatagramProtocol):
    """One socket towards the clients, and one towards the server for each of them."""

    def __init__(self, server: Server, seconds: float) -> None:
        self.server = server
        self.seconds = seconds
        self.backs: dict[Server, _Back] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, client: Server) -> None:
        back = self.backs.get(client)
        if back is None:
            back = self.backs[client] = _Back(self, client)
            task = asyncio.get_running_loop().create_task(back.open())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        back.send(data)


class _Back(asyncio.DatagramProtocol):
    def __init__(self, front: _Front, client: Server) -> None:
        self.front = front
        self.client = client
        self.transport: asyncio.DatagramTransport | None = None
        self.waiting: list[bytes] = []

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, remote_addr=self.front.server)
        for data in self.waiting:
            self.transport.sendto(data)

    def send(self, data: bytes) -> None:
        if self.transport is None:
            self.waiting.append(data)
        else:
            self.transport.sendto(data)

    def datagram_received(self, data: bytes, _server: Server) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(self.front.seconds, self.front.transport.sendto, data, self.client)
