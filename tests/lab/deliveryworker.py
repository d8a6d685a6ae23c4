"""Real worker processes for tests that kill them, begun in no time: a nursery that forks them.

`python -m tests.lab.deliveryworker` reads lines of JSON, {"url": store, "retry": seconds, "lease": seconds,
"queue": whether}, and for each one forks a worker in a session of its own, whose process number it prints
once it works. SIGTERM stops a worker cleanly.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from checks.net.clock import SystemClock
from data.store import open_store
from sender.audience.consent import refusals
from sender.delivery.engine import Engine, Parts
from sender.delivery.queue import queue_of
from sender.delivery.retry import Schedule
from tests.fakes.delivery import PlainRenderer
from tests.fakes.zone import ZoneDns
from tests.lab.faultsink import Rates, as_json

ROOT = Path(__file__).resolve().parents[2]


def work(url: str, retry: float, lease: float, *, queue: bool) -> None:
    """Be a worker until SIGTERM; with `queue` as `homing worker` is one on that store."""
    store, clock = open_store(url), SystemClock()
    again = timedelta(seconds=retry)
    engine = Engine(
        Parts(
            store=store,
            dns=ZoneDns({}),
            clock=clock,
            renderer=PlainRenderer(),
            consent=lambda connection, rows: refusals(connection, rows, clock.now()),
            signer=lambda _domain: None,
            schedule=Schedule((again,), again),
            lease=timedelta(seconds=lease),
            queue=queue_of(store) if queue else None,
        )
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print(os.getpid(), flush=True)
    engine.run(stop)
    store.close()


def tend() -> None:
    """Fork a worker for every line of standard input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that the kernel buries them
    for line in sys.stdin:
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(**json.loads(line))
            os._exit(0)


class Nursery:
    """The other side of `tend`."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.lab.deliveryworker"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @contextmanager
    def worker(
        self, url: str, *, retry: float = 0.2, lease: float = 20, queue: bool = False
    ) -> Iterator[int]:
        """The process number of a worker that works; it is gone at the end, whatever happens."""
        assert self._process.stdin
        assert self._process.stdout
        order: dict[str, Any] = {"url": url, "retry": retry, "lease": lease, "queue": queue}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        try:
            yield pid
        finally:
            kill(pid)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def sinking(folder: Path, seed: str, rates: Rates) -> Iterator[tuple[int, Path]]:
    """A `faultsink` in a process of its own: its port, and its ledger in `folder`."""
    ledger = folder / "ledger"
    ledger.touch()
    command = [sys.executable, "-m", "tests.lab.faultsink", str(ledger), seed, as_json(rates)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline()), ledger
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def kill(pid: int, how: signal.Signals = signal.SIGKILL, patience: float = 15) -> None:
    """Signal a worker's whole process group and wait until it is gone."""
    with suppress(ProcessLookupError):
        os.killpg(pid, how)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(0.005)
        raise AssertionError(f"the worker still lives {patience} s after {how.name}")


if __name__ == "__main__":
    tend()
