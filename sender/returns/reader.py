"""Reads mail where reading can be killed: a child process with little time and memory.

A message that hangs or crashes the reader costs one try of that message and nothing else.
"""

import multiprocessing
import resource
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from types import TracebackType

from sender.returns.mail import Mail, read_mail
from sender.returns.understand import Returned, understand

SECONDS = 10.0
CPU_SECONDS = 60
MEMORY = 1_500_000_000

Read = tuple[Mail, Returned]


class Reader:
    """Starts its child when it is first needed, and again whenever one was lost."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._context = multiprocessing.get_context("spawn")
        self._child: BaseProcess | None = None
        self._pipe: Pipe | None = None

    def read(self, raw: bytes) -> Read | None:
        """The mail and what it says; None if reading it failed, hung, or killed the reader."""
        pipe = self._open()
        try:
            pipe.send_bytes(raw)
            if pipe.poll(self._seconds):
                answer: Read | None = pipe.recv()
                return answer
        except (EOFError, OSError):
            pass
        self.close()
        return None

    def close(self) -> None:
        child, self._child = self._child, None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if child is not None:
            child.kill()
            child.join()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> Pipe:
        if self._pipe is None:
            self._pipe, theirs = self._context.Pipe()
            child = self._context.Process(target=_serve, args=(theirs,), name="reader", daemon=True)
            child.start()
            self._child = child
            theirs.close()
        return self._pipe


def _serve(pipe: Pipe) -> None:
    """The child: read one mail after another until the pipe closes."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    while True:
        try:
            raw = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        try:
            answer: Read | None = (read_mail(raw), understand(raw))
        except Exception:  # whatever a mail does to the reader, the next one is read
            answer = None
        pipe.send(answer)
