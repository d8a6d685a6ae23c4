"""Start a real server in the foreground, wait until it answers, and stop it."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.lab.tools import find

PATIENCE = 20.0
"""Seconds until a server that does not answer is called broken; a bound, never an expectation."""


class ServerBroken(Exception):
    """A lab server did not come up; carries its last words."""


def free_port() -> int:
    """A port that is free for UDP and TCP on loopback, high enough for any user."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            port = int(tcp.getsockname()[1])
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextmanager
def running(
    program: str, arguments: Sequence[str], *, log: Path, ready: Callable[[], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """`program` of the lab with `arguments`, its output in `log`, from when `ready()` holds."""
    tool = find(program)
    if tool is None:
        raise ServerBroken(f"{program} is not there: python -m tests.lab.setup")
    with log.open("wb") as output:
        command = [str(tool.path), *arguments]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=tool.environment,
            cwd=log.parent,
        )
    try:
        _wait(process, ready, program, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool], program: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerBroken(f"{program} did not come up: {log.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.02)


def unprivileged() -> tuple[str, str]:
    """(user, group) that servers may drop to; they insist on one when they are started by root."""
    return ("nobody", "nogroup") if os.geteuid() == 0 else ("", "")
