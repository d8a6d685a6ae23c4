"""Reads mail where reading can be killed: a child process with little time and memory.

A message that hangs or crashes the reader costs one try of that message and nothing else.
"""

import multiprocessing
import resource
from collections.abc import Sequence
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any

from checks.reports import Report, Unreadable
from sender.returns.hooks.model import Call, Told
from sender.returns.hooks.telling import told
from sender.returns.mail import Mail, read_mail
from sender.returns.reports import report_in
from sender.returns.understand import Returned, understand

SECONDS = 10.0
MEMORY = 1_500_000_000

Read = tuple[Mail, Returned]
REPORT = "receiver's report"
Work = tuple[str, bytes, str]
"""(provider of a webhook, REPORT or "", bytes, content type)"""


class Reader:
    """Starts its child when it is first needed, and again whenever one was lost."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._context = multiprocessing.get_context("spawn")
        self._child: BaseProcess | None = None
        self._pipe: Pipe | None = None

    def read(self, raw: bytes) -> Read | None:
        """The mail and what it says; None if reading it failed, hung, or killed the reader."""
        answer: Read | None = self._ask(("", raw, ""))
        return answer

    def read_report(self, raw: bytes) -> Report | Unreadable | None:
        """The DMARC or TLS report that a mail brought; `NO_REPORT` if it brings none; None as for `read`."""
        answer: Report | Unreadable | None = self._ask((REPORT, raw, ""))
        return answer

    def read_call(self, provider: str, body: bytes, kind: str) -> Sequence[Told] | None:
        """What the body of a webhook's call tells; None as for `read`."""
        answer: Sequence[Told] | None = self._ask((provider, body, kind))
        return answer

    def _ask(self, work: Work) -> Any:
        pipe = self._open()
        try:
            pipe.send(work)
            if pipe.poll(self._seconds):
                return pipe.recv()
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
    """The child: read one after another until the pipe closes."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    while True:
        try:
            work = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = _read(*work)
        except Exception:  # whatever a mail does to the reader, the next one is read
            answer = None
        pipe.send(answer)


def _read(provider: str, raw: bytes, kind: str) -> Read | Report | Unreadable | Sequence[Told]:
    if provider == REPORT:
        return report_in(raw)
    if provider:
        return told(provider, Call({"content-type": kind}, raw))
    return read_mail(raw), understand(raw)
