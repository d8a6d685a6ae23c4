"""Opens and clicks beside a bare Starlette route, on the same server in the same run, per core.

Every server is a process of its own, asked over loopback by many connections at once; what counts is how
many requests it answers in a second of its own CPU time, so that other load on the machine matters little.
Our endpoints have every hit on disk before the answer, and store it meanwhile.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.table import Row, Table
from bench.web.recipient import AGENT, prepare

REQUESTS = 6_000
CONNECTIONS = 100
RUNS = 5
GOAL = 0.6


def measure() -> Table:
    """Five runs of each, in turns."""
    with tempfile.TemporaryDirectory(prefix="homing-bench-") as name:
        folder = Path(name)
        paths = prepare(folder)
        contenders = {"open": "homing", "click": "homing", "bare Starlette route": "bare"}
        rates: dict[str, list[float]] = {each: [] for each in contenders}
        for _ in range(RUNS):
            for each, app in contenders.items():
                rates[each].append(_rate(app, folder, paths.get(each, "/bare")))
    rows = [Row(each, found, 1e6 / sorted(found)[len(found) // 2]) for each, found in rates.items()]
    ours, bare = sorted(rows[:2], key=lambda row: row.rate), rows[2]
    title = (
        f"Opens and clicks on disk before the answer: requests in a second of CPU, {CONNECTIONS} connections"
    )
    return Table(title, "requests/CPU s", [*ours, bare], goal=GOAL * bare.rate)


def _rate(app: str, folder: Path, path: str) -> float:
    with _server(app, folder) as (port, pid):
        asyncio.run(_ask(port, path, REQUESTS // 10))
        before = _cpu(pid)
        asyncio.run(_ask(port, path, REQUESTS))
        return REQUESTS / (_cpu(pid) - before)


@contextmanager
def _server(app: str, folder: Path) -> Iterator[tuple[int, int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "bench.web.server", app, str(folder), str(port)]
    process = subprocess.Popen(command)
    try:
        _wait(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not come up")


def _cpu(pid: int) -> float:
    """Seconds of CPU, user and system, of all its threads (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _ask(port: int, path: str, count: int) -> None:
    await asyncio.gather(*(_connection(port, path, count // CONNECTIONS) for _ in range(CONNECTIONS)))


async def _connection(port: int, path: str, count: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: t\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\n\r\n".encode()
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:12] not in (b"200", b"302"):
            raise RuntimeError(head.decode())
        await reader.readexactly(_length(head.lower().split(b"\r\n")))
    writer.close()


def _length(lines: Sequence[bytes]) -> int:
    return next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
