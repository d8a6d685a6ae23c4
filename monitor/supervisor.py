"""Starts the processes of `homing up`, restarts what dies, and stops them all together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.home import Home
from monitor.processes.child import SUPERVISOR

FRONT_DOOR = Path(__file__).resolve().parent.parent / "homing.py"
BOXED_FRONT_DOOR = FRONT_DOOR.parent.parent / "homing.py"

STOP_SECONDS = 8.0
"""How long a process may take over its last work before it is killed; the whole stop stays under ten."""
STEADY_SECONDS = 60.0
"""A process that lived this long starts over with the shortest pause."""
LONGEST_PAUSE = 60.0
LOG_LIMIT = 5_000_000


def pause_before(restart: int) -> float:
    """Seconds to wait before the given restart in a row (1, 2, 3 …): 0.5, 1, 2, 4 … 60."""
    return float(min(0.5 * 2 ** (restart - 1), LONGEST_PAUSE))


@dataclass(slots=True)
class Child:
    """One supervised process. `next_start` is a monotonic second while it is down."""

    name: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    next_start: float = 0.0

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None


class Supervisor:
    """Keeps processes running. `tell` is given a sentence for a person whenever something happens.

    Must be used from one thread, which must live as long as the children: the kernel ties them to it.
    """

    def __init__(self, home: Home, tell: Callable[[str], None]) -> None:
        self._home = home
        self._tell = tell
        self.children: list[Child] = []

    def add(self, name: str) -> Child:
        """Keep `homing NAME` running from now on; it starts with the next tick."""
        child = Child(name)
        self.children.append(child)
        return child

    def tick(self) -> None:
        """Start what is due, notice what died."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._died(child, now)
            if child.process is None and child.next_start <= now:
                self._start(child, now)

    def _start(self, child: Child, now: float) -> None:
        with _log(self._home, child.name).open("ab") as log:
            child.process = subprocess.Popen(
                [sys.executable, str(front_door()), child.name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(self._home),
                start_new_session=True,  # Ctrl-C is ours to pass on, in our order
            )
        child.started = now

    def _died(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        child.process = None
        child.restarts = 1 if now - child.started > STEADY_SECONDS else child.restarts + 1
        child.next_start = now + pause_before(child.restarts)
        self._tell(
            f"{child.name} {_ended(code)}; it starts again in {pause_before(child.restarts):g} s "
            f"(why: {self._home.log_dir / child.name}.log)"
        )

    def stop(self) -> None:
        """End all children, the last started first; kill what has not ended in time."""
        alive = [child.process for child in reversed(self.children) if child.process is not None]
        for process in alive:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in alive:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()


def front_door() -> Path:
    """homing.py: beside the floors in a checkout, one above them in an installed wheel."""
    return FRONT_DOOR if FRONT_DOOR.exists() else BOXED_FRONT_DOOR


def _environment(home: Home) -> Mapping[str, str]:
    ours = {"HOMING_HOME": str(home.path), SUPERVISOR: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **ours}


def _log(home: Home, name: str) -> Path:
    """The process's log; what was there is moved aside when it has grown large."""
    path = home.log_dir / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return path


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """To the whole group: a process may have started others."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _ended(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended (exit code {code})"
