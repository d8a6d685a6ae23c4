"""A hostile name server for tests: a literal zone, and a fault for each name that a test chooses.

    with FaultDns({"example.com": {"TXT": [["v=spf1 -all"]], "A": "WRONG-ID"},
                   "slow.example": {"TXT": Slow(0.2, [["late"]])}}) as server:
        Resolver([server.address])
        server.datagrams                        # every question that came over UDP, in order

The zone's format is that of the corpora. In place of the records of a type stands a fault by name
(`FAULTS`), or `Slow(seconds, records)`, `DropFirst(n, records)`, `NoEdns(records)`; "*" speaks for all
other types of a name. With RD it plays a recursive resolver, without RD the zone's own server.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from checks.ports import Question
from tests.lab.faultzone import FAULTS, DropFirst, FaultZone, NoEdns, Slow, Step, Traits

__all__ = ["FAULTS", "DropFirst", "FaultDns", "NoEdns", "Slow", "Traits"]


class FaultDns:
    """The server, in a thread of its own while the block runs. `zone` may be changed at any time."""

    def __init__(
        self, zone: Mapping[str, Any], traits: Traits | None = None, *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.datagrams: list[Question] = []
        self.streams: list[Question] = []
        self.packets: list[tuple[int, bytes]] = []
        """(source port, packet) of every datagram."""
        self._zone = FaultZone(zone, traits or Traits())
        self._host = host
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faultdns", daemon=True)
        self._tcp: asyncio.Server | None = None
        self._udp: asyncio.DatagramTransport | None = None

    @property
    def address(self) -> tuple[str, int]:
        return self._host, self._port

    @property
    def zone(self) -> dict[str, Any]:
        return self._zone.names

    def count(self, name: str, rdtype: str) -> int:
        """How many datagrams asked this."""
        return self.datagrams.count(Question(name, rdtype))

    def __enter__(self) -> "FaultDns":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        for _ in range(20):  # the port must be free for both
            self._udp, _ = await self._loop.create_datagram_endpoint(
                lambda: _Datagrams(self._heard), local_addr=self.address
            )
            port = self._udp.get_extra_info("sockname")[1]
            try:
                self._tcp = await asyncio.start_server(self._stream, self._host, port)
            except OSError:
                self._udp.close()
            else:
                self._port = port
                return
        raise OSError(f"no free port on {self._host}")

    async def _stop(self) -> None:
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            self._tcp.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    def _heard(self, packet: bytes, port: int, send: Callable[[bytes], None]) -> None:
        self.packets.append((port, packet))
        step = self._zone.reply(packet, stream=False)
        if step.question is not None:
            self.datagrams.append(step.question)
        self._play(step, send)

    def _play(self, step: Step, send: Callable[[bytes], None]) -> None:
        if step.packet is None:
            return
        if step.delay:
            self._loop.call_later(step.delay, send, step.packet)
        else:
            send(step.packet)

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(2), "big")
                step = self._zone.reply(await reader.readexactly(size), stream=True)
                if step.question is not None:
                    self.streams.append(step.question)
                if step.packet is None:
                    return
                await asyncio.sleep(step.delay)
                writer.write(len(step.packet).to_bytes(2, "big") + step.packet)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@dataclass
class _Datagrams(asyncio.DatagramProtocol):
    heard: Callable[[bytes, int, Callable[[bytes], None]], None]

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str | Any, int]) -> None:
        self.heard(data, address[1], lambda packet: self._transport.sendto(packet, address))
