"""An SMTP server that takes mail and misbehaves by the dice, and a ledger of what it really took.

`python -m tests.lab.faultsink LEDGER SEED RATES` prints its port and serves until it is killed. RATES is
JSON as in `Rates`. The ledger is append-only, a line of JSON per event, written before the answer is sent:

    {"took": "ann@example.net", "id": "<1@example.com>", "answered": true, "connection": 7}
    {"refused": "bob@example.net"}
    {"dropped": "eve@example.net"}
"""

import asyncio
import json
import os
import re
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

GREETING = b"220 faultsink.test ESMTP\r\n"
EHLO = b"250-faultsink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n"
_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares from 0 to 1; those of R1 in spec/operations.md are the defaults. Times in seconds."""

    busy: float = 0.01
    """421 in place of a greeting."""
    drop_before: float = 0.005
    """The connection breaks before the message is stored."""
    drop_after: float = 0.005
    """Stored, and the connection breaks before the answer."""
    later: float = 0.02
    """451."""
    refuse: float = 0.005
    """550."""
    stall: float = 0.005
    stall_seconds: float = 0.3
    answer_seconds: float = 0.0
    """Before every answer to the final dot."""


@dataclass
class Sink:
    """What all connections share."""

    ledger: int
    seed: str
    rates: Rates
    tries: dict[str, int] = field(default_factory=dict)
    connections: int = 0

    def write(self, **event: object) -> None:
        os.write(self.ledger, json.dumps(event).encode() + b"\n")

    def draw(self, what: str) -> float:
        """The same for the same try of the same recipient, whatever comes in between."""
        self.tries[what] = self.tries.get(what, 0) + 1
        return Random(f"{self.seed}/{what}/{self.tries[what]}").random()


class Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = b""
        self._rcpt = ""
        self._in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sink.connections += 1
        self._number = self._sink.connections
        if self._sink.draw("connect") < self._sink.rates.busy:
            transport.write(b"421 4.3.2 too busy, come back later\r\n")
            transport.close()
        else:
            transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while not self._transport.is_closing():
            mark = b"\r\n.\r\n" if self._in_data else b"\r\n"
            line, found, rest = self._buffer.partition(mark)
            if not found:
                return
            self._buffer = rest
            self._message(line) if self._in_data else self._command(line)

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._transport.write(EHLO)
        elif verb == b"RCPT":
            self._rcpt = line.partition(b"<")[2].partition(b">")[0].decode()
            self._transport.write(b"250 2.1.5 ok\r\n")
        elif verb == b"DATA":
            self._in_data = True
            self._transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            self._transport.write(b"250 ok\r\n")

    def _message(self, message: bytes) -> None:
        self._in_data = False
        found = _MESSAGE_ID.search(message)
        message_id = found[1].decode() if found else ""
        asyncio.get_running_loop().create_task(self._judge(self._rcpt, message_id))

    async def _judge(self, rcpt: str, message_id: str) -> None:
        rates, draw = self._sink.rates, self._sink.draw(rcpt)
        limits = (rates.drop_before, rates.drop_after, rates.later, rates.refuse, rates.stall)
        fates = ("drop_before", "drop_after", "later", "refuse", "stall")
        fate = next((name for at, name in enumerate(fates) if draw < sum(limits[: at + 1])), "take")
        if fate == "stall" or rates.answer_seconds:
            await asyncio.sleep(rates.stall_seconds if fate == "stall" else rates.answer_seconds)
        if self._transport.is_closing():  # the client died meanwhile: what it sent is still taken
            self._sink.write(took=rcpt, id=message_id, answered=False, connection=self._number)
            return
        match fate:
            case "drop_before":
                self._sink.write(dropped=rcpt)
                self._transport.abort()
            case "drop_after":
                self._sink.write(took=rcpt, id=message_id, answered=False, connection=self._number)
                self._transport.abort()
            case "later":
                self._transport.write(b"451 4.3.0 not now\r\n")
            case "refuse":
                self._sink.write(refused=rcpt)
                self._transport.write(b"550 5.1.1 no such user\r\n")
            case _:
                self._sink.write(took=rcpt, id=message_id, answered=True, connection=self._number)
                self._transport.write(b"250 2.0.0 taken\r\n")


async def serve(ledger: Path, seed: str, rates: Rates) -> None:
    """Serve on a free port of loopback, which is printed."""
    file = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    sink = Sink(file, seed, rates)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(sink), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@dataclass(frozen=True, slots=True)
class Taken:
    """What the ledger says."""

    copies: dict[str, list[str]]
    """recipient -> the Message-IDs of every copy that was stored, in order."""
    refused: set[str]
    unanswered: int
    """Copies whose 250 was never sent."""
    dropped: int
    """Messages that came whole, were not stored, and got no answer: to their sender the same."""


def read_ledger(path: Path) -> Taken:
    copies: dict[str, list[str]] = {}
    refused: set[str] = set()
    unanswered = dropped = 0
    for line in path.read_text().splitlines():
        event = json.loads(line)
        if "refused" in event:
            refused.add(event["refused"])
        elif "dropped" in event:
            dropped += 1
        else:
            copies.setdefault(event["took"], []).append(event["id"])
            unanswered += not event["answered"]
    return Taken(copies, refused, unanswered, dropped)


def as_json(rates: Rates) -> str:
    return json.dumps(asdict(rates))


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], Rates(**json.loads(sys.argv[3]))))
