"""The machine, judged from facts that `monitor/doctor/facts.py` brings. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.check import Level
from checks.model import Finding, Severity, State, Value

Version = tuple[int, ...]

LEVELS: Mapping[str, Level] = {
    "DOC-010": Severity.HIGH,
    "DOC-011": Severity.MEDIUM,
    "DOC-012": {State.FAIL: Severity.CRITICAL, State.WARN: Severity.MEDIUM},
    "DOC-013": Severity.HIGH,
    "DOC-014": Severity.MEDIUM,
    "DOC-015": Severity.MEDIUM,
    "DOC-016": Severity.CRITICAL,
    "DOC-017": Severity.LOW,
}

SCARCE = 1 << 30
"""Bytes below which the disk is soon full."""
EXHAUSTED = 200 << 20
"""Bytes below which the store cannot be trusted to grow."""
AHEAD = timedelta(minutes=5)

WAL_RESET_FIXED: Sequence[Version] = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""SQLite's releases with the end of the WAL-reset bug, the older two as back-ports (sqlite.org/wal.html)."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system that the home lies on; `writable` is empty, or why it is not."""

    path: str
    free: int
    total: int
    unwritable: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """`synchronised` as the kernel says, None where it does not; `newest_file` of Homing's own files."""

    now: datetime
    newest_file: datetime
    synchronised: bool | None


@dataclass(frozen=True, slots=True)
class Port:
    """A port that Homing listens on; `taken` is empty, or the operating system's words."""

    process: str
    host: str
    number: int
    taken: str = ""


def clock(fact: Clock) -> Finding:
    """Signatures, schedules and Date headers all hang on the clock."""
    if fact.now + AHEAD < fact.newest_file:
        fault = f"it reads {fact.now:%Y-%m-%d %H:%M} UTC, before Homing was installed"
        return Finding("DOC-010", State.FAIL, "clock", {"fault": fault})
    if fact.synchronised is None:
        return Finding("DOC-010", State.UNKNOWN, "clock", {"why": "the kernel does not tell"})
    if not fact.synchronised:
        return Finding("DOC-010", State.WARN, "clock", {"fault": "nothing keeps it in time"})
    return Finding("DOC-010", State.PASS, "clock", {"now": f"{fact.now:%Y-%m-%d %H:%M:%S} UTC"})


def ports(facts: Sequence[Port], *, running: bool) -> Iterator[Finding]:
    """A port may be taken when it is Homing itself that has it."""
    for fact in facts:
        args = {"process": fact.process, "why": fact.taken}
        state = State.WARN if fact.taken and not running else State.PASS
        yield Finding("DOC-011", state, f"{fact.host}:{fact.number}", args)


def disk(fact: Disk) -> Finding:
    """Room for the store, and the right to write it."""
    args = {"free": _size(fact.free), "total": _size(fact.total)}
    if fact.unwritable:
        fault = f"cannot be written ({fact.unwritable})"
        return Finding("DOC-012", State.FAIL, fact.path, {**args, "fault": fault})
    if fact.free >= SCARCE:
        return Finding("DOC-012", State.PASS, fact.path, args)
    state = State.FAIL if fact.free < EXHAUSTED else State.WARN
    return Finding("DOC-012", state, fact.path, {**args, "fault": f"has only {args['free']} left"})


def python(version: Version, failed: Mapping[str, str]) -> Iterator[Finding]:
    """`failed`: what this very interpreter does wrong, found by trying -> which release mends it."""
    for fault, mended in failed.items():
        args: Mapping[str, Value] = {"version": _dotted(version), "fault": fault, "mended": mended}
        yield Finding("DOC-013", State.WARN, "Python", args)
    if not failed:
        yield Finding("DOC-013", State.PASS, "Python", {"version": _dotted(version)})


def sqlite(version: Version) -> Finding:
    """The WAL-reset bug can corrupt a store that several processes write, as Homing's do; rarely."""
    state = State.PASS if _has_wal_fix(version) else State.WARN
    return Finding("DOC-014", state, "SQLite", {"version": _dotted(version)})


def _has_wal_fix(version: Version) -> bool:
    if version >= WAL_RESET_FIXED[-1]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in WAL_RESET_FIXED)


def smtp_out(tried: Mapping[str, str]) -> Finding:
    """`tried`: mail server -> "" or why it could not be reached on port 25. One that can be is enough."""
    if not tried:
        why = "no mail server to try it on could be found"
        return Finding("DOC-015", State.UNKNOWN, "port 25", {"why": why})
    if "" in tried.values():
        return Finding("DOC-015", State.PASS, "port 25")
    why = "; ".join(f"{host}: {said}" for host, said in tried.items())
    return Finding("DOC-015", State.WARN, "port 25", {"why": why})


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def _size(count: int) -> str:
    return f"{count / (1 << 30):.1f} GB" if count >= 1 << 30 else f"{count / (1 << 20):.0f} MB"
