"""What has changed in the made-up world since it began: listings, lost records, silent name servers.

A `Truth` lies over the world's zone. It is kept in a file, so that the story, a visitor's
`homing sandbox list …` and a test change the same world while it runs.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from monitor.sandbox.blocklists import BY_ZONE, listing
from monitor.sandbox.zone import Rdata, Zone

Change = Mapping[str, Sequence[Rdata] | str] | None
"""A name's new records, or None: the name is gone."""


@dataclass(frozen=True, slots=True)
class Truth:
    """How the world differs from its beginning. The empty truth is the beginning itself."""

    resolver_up: bool = True
    silent: frozenset[str] = frozenset()
    """Domains whose name servers have stopped answering."""
    broken: frozenset[str] = frozenset()
    """Domains whose name servers answer SERVFAIL."""
    throttling: frozenset[str] = frozenset()
    """Providers (by key) that slow every sender down."""
    changes: Mapping[str, Change] = field(default_factory=dict)

    def over(self, base: Zone) -> Zone:
        """The world as it is now."""
        names = {name: records for name, records in base.names.items() if name not in self.changes}
        names |= {name: records for name, records in self.changes.items() if records is not None}
        return Zone(names, silent=base.silent | self.silent, broken=base.broken | self.broken)


SETS = ("silent", "broken", "throttling")

Step = Callable[[Truth], Truth]
"""One thing that happens in the world."""


def listed(subject: str, zone: str, answer: str = "") -> Step:
    """`subject` (an address or domain) appears on the list `zone`. Raises KeyError for an unknown list."""
    entry = listing(BY_ZONE[zone], subject, answer)
    return lambda truth: replace(truth, changes={**truth.changes, **entry})


def delisted(subject: str, zone: str) -> Step:
    """`subject` disappears from the list `zone`. Raises KeyError for an unknown list."""
    return restored(*listing(BY_ZONE[zone], subject))


def rewritten(name: str, records: Mapping[str, Sequence[Rdata]]) -> Step:
    """`name` now has these records and no others."""
    return lambda truth: replace(truth, changes={**truth.changes, name: records})


def lost(name: str) -> Step:
    """`name` disappears from DNS."""
    return lambda truth: replace(truth, changes={**truth.changes, name: None})


def restored(*names: str) -> Step:
    """These names are again as they were in the beginning."""
    return lambda truth: replace(
        truth, changes={name: kept for name, kept in truth.changes.items() if name not in names}
    )


def dns_down(domain: str, *, answering: bool = False) -> Step:
    """The domain's name servers fall silent, or answer SERVFAIL if `answering`."""
    if answering:
        return lambda truth: replace(truth, broken=truth.broken | {domain})
    return lambda truth: replace(truth, silent=truth.silent | {domain})


def dns_up(domain: str) -> Step:
    """The domain's name servers answer again."""
    return lambda truth: replace(truth, silent=truth.silent - {domain}, broken=truth.broken - {domain})


def throttled(provider: str) -> Step:
    """The provider (by key) defers all mail."""
    return lambda truth: replace(truth, throttling=truth.throttling | {provider})


def eased(provider: str) -> Step:
    """The provider takes mail again."""
    return lambda truth: replace(truth, throttling=truth.throttling - {provider})


def resolver_down() -> Step:
    """The sandbox's whole DNS stops: its port is closed."""
    return lambda truth: replace(truth, resolver_up=False)


def resolver_up() -> Step:
    """The sandbox's DNS is back."""
    return lambda truth: replace(truth, resolver_up=True)


class Live:
    """The world as it is at this moment: `base` under the truth kept at `path` (in memory without one)."""

    def __init__(self, base: Zone, path: Path | None = None) -> None:
        self._base = base
        self._path = path
        self._stamp = 0
        self._truth = Truth()
        self._zone = base

    @property
    def truth(self) -> Truth:
        self._refresh()
        return self._truth

    def zone(self) -> Zone:
        """The zone to answer from; cheap to ask for, since it is made anew only after a change."""
        self._refresh()
        return self._zone

    def change(self, step: Step) -> None:
        """Let something happen, for everybody who watches the same file."""
        if self._path is None:
            self._settle(step(self._truth))
        else:
            change(self._path, step)

    def _refresh(self) -> None:
        stamp = _stamp(self._path) if self._path is not None else 0
        if self._path is not None and stamp != self._stamp:
            self._stamp = stamp
            self._settle(read(self._path))

    def _settle(self, truth: Truth) -> None:
        self._truth = truth
        self._zone = truth.over(self._base)


def change(path: Path, step: Step) -> None:
    """Apply `step` to the truth kept at `path`; safe between processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        _write(path, step(read(path)))


def read(path: Path) -> Truth:
    """The truth kept at `path`; the beginning, if there is no such file."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Truth()
    sets = {name: frozenset(held[name]) for name in SETS}
    return Truth(resolver_up=held["resolver_up"], changes=held["changes"], **sets)


def _write(path: Path, truth: Truth) -> None:
    held: dict[str, Any] = {name: sorted(getattr(truth, name)) for name in SETS}
    held |= {"resolver_up": truth.resolver_up, "changes": truth.changes}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(held, indent=1), encoding="utf-8")
    fresh.replace(path)


def _stamp(path: Path) -> int:
    """Changes whenever the file does: each write is a new file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0
    return hash((found.st_ino, found.st_mtime_ns))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
