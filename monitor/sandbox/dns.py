"""A name server on loopback, UDP and TCP, that answers from a `Zone` as a recursive resolver would.

It can be stopped and started while it runs, so that "the resolver is gone" is a socket that is gone.
"""

import asyncio
from collections.abc import Callable
from typing import cast

import dnslib

from monitor.sandbox.zone import NEGATIVE_TTL_SECONDS, ROOT, Found, Rcode, Row, Zone, soa

TTL_SECONDS = 60
PLAIN_UDP_BYTES = 512  # RFC 1035 section 2.3.4, for a question without EDNS
STRING_BYTES = 255  # RFC 1035 section 3.3: the longest character-string


class NameServer:
    """Serves `zone()` on one port of one address; `zone` is asked anew for each question."""

    def __init__(
        self, zone: Callable[[], Zone], ttl: Callable[[str], int] = lambda _name: TTL_SECONDS
    ) -> None:
        self._zone = zone
        self._ttl = ttl
        self._udp: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None
        self._streams: set[asyncio.Transport] = set()

    @property
    def running(self) -> bool:
        return self._udp is not None

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port (a free one for 0). Raises OSError when it is taken."""
        loop = asyncio.get_running_loop()
        self._tcp = await loop.create_server(lambda: _Stream(self.reply, self._streams), host, port)
        port = cast("int", self._tcp.sockets[0].getsockname()[1])
        self._udp, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self.reply), local_addr=(host, port)
        )
        return port

    async def stop(self) -> None:
        """Close all sockets: from now on a question meets a closed port."""
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            self._tcp.close()
        for stream in tuple(self._streams):
            stream.abort()
        self._udp = self._tcp = None
        await asyncio.sleep(0)

    def reply(self, packet: bytes, limit: int | None = None) -> bytes | None:
        """The answer to one question, None for silence. `limit`: UDP's, when the question names none."""
        try:
            request = dnslib.DNSRecord.parse(packet)
            question = request.q
        except (dnslib.DNSError, IndexError):
            return None
        name = str(question.qname).rstrip(".").lower()
        found = self._zone().look_up(name, dnslib.QTYPE.get(question.qtype))
        if found.rcode is Rcode.SILENCE:
            return None
        return _pack(request, self._compose(request, found), limit)

    def _compose(self, request: dnslib.DNSRecord, found: Found) -> dnslib.DNSRecord:
        reply = dnslib.DNSRecord(
            dnslib.DNSHeader(id=request.header.id, qr=1, aa=0, rd=request.header.rd, ra=1), q=request.q
        )
        reply.header.rcode = getattr(dnslib.RCODE, found.rcode.value)
        for row in found.rows:
            reply.add_answer(record(row, self._ttl(row.name)))
        asked = dnslib.QTYPE.get(request.q.qtype)
        if found.rcode is not Rcode.SERVFAIL and not any(row.rdtype == asked for row in found.rows):
            reply.add_auth(self._soa(found.apex))
        return reply

    def _soa(self, apex: str) -> dnslib.RR:
        """The SOA of a negative answer, its TTL the negative one (RFC 2308 section 3)."""
        fields = self._zone().names.get(apex, {}).get("SOA") if apex != ROOT else None
        rdata = fields[0] if fields and not isinstance(fields, str) else soa("a.root.test", "root.test")
        return record(Row(apex, "SOA", rdata), NEGATIVE_TTL_SECONDS)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, reply: Callable[[bytes, int], bytes | None]) -> None:
        self._reply = reply
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._reply(data, PLAIN_UDP_BYTES)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)


class _Stream(asyncio.Protocol):
    """One TCP connection: messages with two bytes of length before each (RFC 1035 section 4.2.2)."""

    def __init__(self, reply: Callable[[bytes], bytes | None], open_streams: set[asyncio.Transport]) -> None:
        self._reply = reply
        self._open = open_streams
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._open.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        if self._transport is not None:
            self._open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= 2 + (size := int.from_bytes(self._buffer[:2], "big")):
            question, self._buffer = self._buffer[2 : 2 + size], self._buffer[2 + size :]
            answer = self._reply(question)
            if answer is not None and self._transport is not None:
                self._transport.write(len(answer).to_bytes(2, "big") + answer)


def _pack(request: dnslib.DNSRecord, reply: dnslib.DNSRecord, limit: int | None) -> bytes:
    """The reply's bytes; cut down to the bare TC bit where UDP cannot carry it (RFC 2181 section 9)."""
    edns = next((extra for extra in request.ar if extra.rtype == dnslib.QTYPE.OPT), None)
    if edns is not None:
        reply.add_ar(dnslib.EDNS0(udp_len=1232))
        limit = None if limit is None else max(limit, edns.rclass)
    packed = bytes(reply.pack())
    if limit is None or len(packed) <= limit:
        return packed
    reply.rr, reply.auth, reply.header.tc = [], [], 1
    return bytes(reply.pack())


def record(row: Row, ttl: int) -> dnslib.RR:
    """A row as dnslib's record."""
    rdata = row.rdata
    match row.rdtype:
        case "TXT":
            held: object = dnslib.TXT(_strings(rdata))
        case "MX":
            held = dnslib.MX(str(rdata[1]), int(rdata[0]))
        case "SOA":
            held = dnslib.SOA(str(rdata[0]), str(rdata[1]), tuple(int(field) for field in rdata[2:]))
        case "A" | "AAAA" | "CNAME" | "NS" | "PTR":
            held = getattr(dnslib, row.rdtype)(rdata)
        case other:
            return dnslib.RR.fromZone(f"{row.name or '.'} {ttl} IN {other} {rdata}")[0]
    return dnslib.RR(row.name or ".", getattr(dnslib.QTYPE, row.rdtype), rdata=held, ttl=ttl)


def _strings(rdata: object) -> list[bytes]:
    """A TXT's character-strings, each cut to what one can hold."""
    texts = [rdata] if isinstance(rdata, str) else cast("list[str]", rdata)
    encoded = [str(text).encode() for text in texts]
    return [raw[at : at + STRING_BYTES] for raw in encoded for at in range(0, max(len(raw), 1), STRING_BYTES)]
