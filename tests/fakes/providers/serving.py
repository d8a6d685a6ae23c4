"""A real HTTP server on loopback that answers as a provider does, or as badly as it is told to."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Call:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """`document` as JSON, or `body` as it is."""

    status: int
    document: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def octets(self) -> bytes:
        return self.body if self.document is None else json.dumps(self.document).encode()


class Fault(Enum):
    """What goes wrong on the way, after the call was obeyed."""

    HANG_UP = "hang up"
    STALL = "stall"
    GIBBERISH = "gibberish"


@dataclass
class Served:
    """A provider that is up. `next` are answers or faults for the coming calls, before its own."""

    url: str
    calls: list[Call] = field(default_factory=list)
    next: list[Answer | Fault] = field(default_factory=list)
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)


class Site(ThreadingHTTPServer):
    """Remembers every call and obeys it."""

    def __init__(self, obey: Callable[[Call], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.obey = obey
        self.served = Served(f"http://127.0.0.1:{self.server_port}")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Site

    def setup(self) -> None:
        self.server.served.connections += 1
        super().setup()

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        served = self.server.served
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, self.path, headers, body)
        served.calls.append(call)
        planned = served.next.pop(0) if served.next else None
        if isinstance(planned, Answer):
            self.say(planned)
            return
        obeyed = self.server.obey(call)
        if planned is None:
            self.say(obeyed)
        else:
            self.fail(planned)

    def fail(self, fault: Fault) -> None:
        self.close_connection = True
        if fault is Fault.GIBBERISH:
            self.wfile.write(b"I am not a web server\r\n\r\n")
        elif fault is Fault.STALL:
            self.server.served.released.wait(10)

    def say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.octets)))
        self.end_headers()
        self.wfile.write(answer.octets)

    def log_message(self, *args: object) -> None:
        """A test's server says nothing."""


@contextmanager
def serving(obey: Callable[[Call], Answer]) -> Iterator[Served]:
    """Up until the block ends. `obey` does what a call asks for."""
    site = Site(obey)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site.served
    finally:
        site.served.released.set()
        site.shutdown()
        site.server_close()
