"""The name under which a worker holds rows, and whether the worker of such a name still lives.

On one machine nobody has to wait for a dead worker's lease: the name says which process it was.
"""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One process of one boot of one machine, and which engine in it."""

    boot: str
    pid: int
    started: str
    engine: str = ""

    def __str__(self) -> str:
        return f"{self.boot}/{self.pid}/{self.started}/{self.engine}"


def new_owner() -> str:
    """A name for an engine of this process."""
    return str(Process(_boot(), os.getpid(), _started(os.getpid()), uuid4().hex[:8]))


def is_dead(owner: str) -> bool:
    """True only if the owner's process is known to be gone: same machine, same boot, no such process."""
    boot, _, rest = owner.partition("/")
    pid, _, rest = rest.partition("/")
    started = rest.partition("/")[0]
    if boot != _boot() or not pid.isdecimal() or not PROC.exists():
        return False
    return _started(int(pid)) != started


def _boot() -> str:
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip() + "." + _pid_namespace()
    except OSError:
        return socket.gethostname()


def _pid_namespace() -> str:
    """Process numbers mean something within one namespace only: two containers share a boot."""
    try:
        return str((PROC / "self/ns/pid").readlink()).partition("[")[2].rstrip("]")
    except OSError:
        return "?"


def _started(pid: int) -> str:
    """When a process began, in clock ticks since the boot; "" for one that is not there (any more)."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]
