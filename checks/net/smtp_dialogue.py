"""One conversation with an SMTP server: lines and replies within one deadline and bounded bytes."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from checks.ports import ProbeFault

MAX_LINE = 2_048
MAX_REPLY_LINES = 100


class ProbeEnded(Exception):
    """The look ended before it saw what it came for; carries what to report."""

    def __init__(self, fault: ProbeFault, note: str) -> None:
        super().__init__(note)
        self.fault = fault
        self.note = note


@dataclass
class Dialogue:
    """One connection: sends commands, reads replies, within one deadline and bounded bytes."""

    connection: socket.socket
    deadline: float
    buffer: bytes = b""

    def say(self, line: str) -> tuple[int, list[str]]:
        self._wait()
        self.connection.sendall(f"{line}\r\n".encode("ascii"))
        return self.reply()

    def reply(self) -> tuple[int, list[str]]:
        lines: list[str] = []
        while len(lines) < MAX_REPLY_LINES:
            line = self._line()
            if len(line) < 3 or not line[:3].isdecimal():
                raise ProbeEnded(ProbeFault.BAD_SMTP, f"it does not speak SMTP: {line[:80]!r}")
            lines.append(line[4:])
            if line[3:4] != "-":
                return int(line[:3]), lines
        raise ProbeEnded(ProbeFault.BAD_SMTP, "its reply does not end")

    def _line(self) -> str:
        while b"\n" not in self.buffer:
            if len(self.buffer) > MAX_LINE:
                raise ProbeEnded(ProbeFault.BAD_SMTP, "its line does not end")
            self._wait()
            chunk = self.connection.recv(4_096)
            if not chunk:
                raise ProbeEnded(ProbeFault.CLOSED, "it closed the connection")
            self.buffer += chunk
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r").decode("utf-8", "backslashreplace")

    def _wait(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)


@contextmanager
def dialogue(address: str, port: int, budget: float) -> Iterator[Dialogue]:
    """A connection for at most `budget` seconds. Raises ProbeEnded, whatever went wrong."""
    deadline = time.monotonic() + budget
    try:
        with socket.create_connection((address, port), timeout=budget) as connection:
            yield Dialogue(connection, deadline)
    except TimeoutError:
        note = f"no answer from {address} port {port} within {budget:g} s"
        raise ProbeEnded(ProbeFault.TIMEOUT, note) from None
    except OSError as error:
        note = f"no connection to {address} port {port}: {error.strerror or error}"
        raise ProbeEnded(ProbeFault.REFUSED, note) from None
