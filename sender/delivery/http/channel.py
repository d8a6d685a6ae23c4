"""One connection that carries one call after another (HTTP/1.1, RFC 9112); it returns and never raises."""

import asyncio
import ssl

import h11

from sender.delivery.http.message import Lost, Reply, Request

MOST_HEAD = 32_768
MOST_BODY = 1_000_000
CHUNK = 65_536
AGENT = "Homing"


class Channel:
    """A connected socket; one call uses it at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)
        self._open = True

    @property
    def usable(self) -> bool:
        """It may carry another call: the last one ended well, and the other side has not hung up."""
        return self._open and not self._reader.at_eof() and not self._writer.is_closing()

    @property
    def tls(self) -> str:
        """The TLS version, "" in clear."""
        secure: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        return (secure.version() or "") if secure else ""

    async def call(self, request: Request, seconds: float) -> Reply | Lost:
        """Ask and wait for the whole answer, for so many seconds in all."""
        handed_over = False
        try:
            octets = self._octets(request)
            async with asyncio.timeout(seconds):
                self._writer.write(octets)
                handed_over = True  # from here on nobody knows how much of it arrived
                await self._writer.drain()
                return await self._answer()
        except TimeoutError:
            return self._lost(f"no answer within {seconds:g} s", handed_over)
        except h11.ProtocolError as fault:
            return self._lost(f"{self._host} does not speak HTTP: {fault}", handed_over)
        except OSError as fault:
            return self._lost(f"the connection broke: {fault}", handed_over)
        except asyncio.CancelledError:
            self.close()
            raise

    def _octets(self, request: Request) -> bytes:
        headers = {"host": self._host, "user-agent": AGENT, "accept": "application/json", **request.headers}
        headers["content-length"] = str(len(request.body))
        head = h11.Request(method=request.method, target=request.path, headers=list(headers.items()))
        parts = (head, h11.Data(data=request.body), h11.EndOfMessage())
        return b"".join(self._http.send(part) or b"" for part in parts)

    async def _answer(self) -> Reply | Lost:
        head: h11.Response | None = None
        body = b""
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._reader.read(CHUNK))
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MOST_BODY:
                    return self._lost(f"an answer of more than {MOST_BODY} octets", handed_over=True)
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                self._next()
                return Reply(head.status_code, _headers(head), body)
            elif isinstance(event, h11.ConnectionClosed):
                return self._lost("the connection was closed before the answer", handed_over=True)

    def _next(self) -> None:
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        else:
            self.close()

    def _lost(self, why: str, handed_over: bool) -> Lost:
        self.close()
        return Lost(why, handed_over)

    def close(self) -> None:
        """Hang up at once."""
        self._open = False
        self._writer.transport.abort()


def _headers(head: h11.Response) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
