"""One question over TCP (RFC 7766), for replies that do not fit a datagram."""

import asyncio
import random

from checks.net.dns.query import Query
from checks.net.dns.servers import Address

_random = random.SystemRandom()


async def ask_over_tcp(address: Address, query: Query, seconds: float) -> bytes:
    """The reply's bytes. Raises OSError (TimeoutError among them) when the server cannot be had over TCP."""
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(address.ip, address.port)
        try:
            packet = query.packet(ident := _random.getrandbits(16))
            writer.write(len(packet).to_bytes(2, "big") + packet)
            return await _reply(reader, query, ident)
        except asyncio.IncompleteReadError as error:
            raise ConnectionError("the server closed the connection") from error
        finally:
            writer.close()


async def _reply(reader: asyncio.StreamReader, query: Query, ident: int) -> bytes:
    size = int.from_bytes(await reader.readexactly(2), "big")
    reply = await reader.readexactly(size)
    if reply[:2] != ident.to_bytes(2, "big") or not query.owns(reply):
        raise ConnectionError("the reply belongs to another question")
    return reply
