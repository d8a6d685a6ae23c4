"""Backups of an instance's store, and putting one back so that nothing is sent by itself."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DatabaseError

from data import alerts, attendance
from data.backup import (
    BackupError,
    back_up,
    copy_beside,
    has_tables,
    is_dump,
    is_sqlite,
    load_dump,
    take_place,
)
from data.heartbeats import alive
from data.invariants.database import damage
from data.migrate import head, migrate, revision
from data.store import Store, open_store, sqlite_url
from monitor.beginning import known_beginnings
from monitor.home import Home, lock
from monitor.problem import Problem
from sender.campaigns.standby import hold_restored

P = ParamSpec("P")
T = TypeVar("T")
SILENT_FOR = timedelta(seconds=30)
"""Every process of Homing says every few seconds that it lives."""
OLD_NEWS = "not told any more: the store was restored from a backup"


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of it. `kept`: a backup of what was there before; `held`: campaigns that wait."""

    store: str
    taken_at: datetime | None
    kept: Path | None
    held: Sequence[str]
    alerts: int


def backup_path(home: Home, store: Store, now: datetime, word: str = "homing") -> Path:
    """A new name in the home's folder of backups, which is made if need be."""
    folder = home.path / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    suffix = "db" if store.engine.dialect.name == "sqlite" else "dump"
    return folder / f"{word}-{now:%Y%m%d-%H%M%S}.{suffix}"


def save(home: Home, store: Store, target: Path, now: datetime, *, with_key: bool) -> Path | None:
    """Back the store up; returns where its key went. Raises Problem, and leaves nothing half-made."""
    key = target.with_name(target.name + ".key") if with_key else None
    for each in (target, key):
        if each is not None and each.exists():
            raise Problem(f"{each} exists already. Name another file, or move it away first.")
    if key is not None and not home.key_file.exists():
        raise Problem(f"There is no key file at {home.key_file} to put beside the backup.")
    _or_problem(back_up, store, target, now)
    if key is not None:
        shutil.copyfile(home.key_file, key)
        key.chmod(0o600)
    return key


def put_back(home: Home, url: str, source: Path, now: datetime, *, replace: bool) -> Restored:
    """Put a backup in the store's place. Raises Problem; then everything is as it was.

    Nobody may work on the store meanwhile. What was there is backed up first, and named in the result.
    """
    with lock(home):
        if url.startswith("sqlite"):
            return _put_back_file(home, Path(open_store(url).name), source, now, replace=replace)
        return _put_back_dump(home, url, source, now, replace=replace)


def _put_back_file(home: Home, path: Path, source: Path, now: datetime, *, replace: bool) -> Restored:
    if not is_sqlite(source):
        raise Problem(_wrong_kind(source, "an SQLite", is_dump(source), "a dump of PostgreSQL"))
    fresh = _or_problem(copy_beside, source, path)
    try:
        with _opened(sqlite_url(fresh)) as store:
            _check(source, store)
            restored = _settle(home, store, str(path), now)
        kept = _keep_old(home, sqlite_url(path), now, replace=replace) if path.exists() else None
        _or_problem(take_place, fresh, path)
    finally:
        for each in (fresh, fresh.with_name(fresh.name + ".lock")):
            each.unlink(missing_ok=True)
    return Restored(str(path), restored.taken_at, kept, restored.held, restored.alerts)


def _put_back_dump(home: Home, url: str, source: Path, now: datetime, *, replace: bool) -> Restored:
    if not is_dump(source):
        raise Problem(_wrong_kind(source, "a PostgreSQL", is_sqlite(source), "an SQLite file"))
    kept = _keep_old(home, url, now, replace=replace)
    with _opened(url) as store:
        try:
            load_dump(store, source)
        except BackupError as fault:
            left = f" What was there is in {kept}." if kept else ""
            raise Problem(f"{fault} The database may be empty now.{left}") from fault
        _check(source, store)
        done = _settle(home, store, store.name, now)
    return Restored(done.store, done.taken_at, kept, done.held, done.alerts)


@contextmanager
def _opened(url: str) -> Iterator[Store]:
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


def _keep_old(home: Home, url: str, now: datetime, *, replace: bool) -> Path | None:
    """Where the old store went. Raises Problem if somebody works on it, or it was not to be replaced."""
    with _opened(url) as old:
        if not has_tables(old):
            return None
        with old.read() as connection:
            working = alive(connection, now - SILENT_FOR)
        if working:
            raise Problem(
                f"Homing still works on {old.name} ({', '.join(working)}). Stop it, wait half a minute, "
                "and try again."
            )
        if not replace:
            raise Problem(
                f"There is a store at {old.name} already. To put the backup in its place add --replace; "
                "what is there is backed up first."
            )
        kept = backup_path(home, old, now, "before-restore")
        _or_problem(back_up, old, kept, now)
        return kept


def _check(source: Path, store: Store) -> None:
    """Whether the copy is whole, and not of a newer version. Raises Problem."""
    try:
        with store.read() as connection:
            faults = damage(connection)
    except DatabaseError as fault:
        faults = [str(fault.orig)]
    if faults:
        raise Problem(f"{source} is damaged: {faults[0]}.")
    found = revision(store)
    if not found or found > head():
        newer = f"is of a newer version of Homing (schema {found}, this one has {head()})"
        raise Problem(f"{source} {newer if found else 'holds no store of Homing'}.")
    migrate(store)


def _settle(home: Home, store: Store, name: str, now: datetime) -> Restored:
    """Nothing in it goes on by itself."""
    with store.write() as connection:
        taken_at = attendance.backed_up_at(connection)
        held = hold_restored(connection, now, taken_at)
        dropped = alerts.give_up_all(connection, OLD_NEWS)
        count = max(attendance.beginnings(connection), known_beginnings(home))
        attendance.set_beginnings(connection, count)
    return Restored(name, taken_at, None, held, dropped)


def _wrong_kind(source: Path, wanted: str, other: bool, what: str) -> str:
    found = f"is {what}" if other else "is not a backup of Homing"
    return f"The store is {wanted} one, and {source} {found}."


def _or_problem(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call it; a `BackupError` becomes the Problem with the same sentence."""
    try:
        return work(*args, **kwargs)
    except BackupError as fault:
        raise Problem(str(fault)) from fault
