"""Copies of a store, taken while others write to it, and put back whole or not at all.

SQLite is copied by its online backup in one step: a reader's snapshot, which holds up nobody (in several
steps it would begin again with every write of another process). PostgreSQL is copied by its own pg_dump.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, text

from data.attendance import BACKUP, note_backup
from data.migrate import revision
from data.store import Store


class BackupError(Exception):
    """The copy could not be made or put back; the sentence says why, and nothing was changed."""


def back_up(store: Store, target: Path, now: datetime) -> None:
    """Write a copy to `target`, which must not exist. Raises `BackupError`; a killed one leaves no target."""
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        if store.engine.dialect.name == "sqlite":
            _copy(Path(store.name), partial)
            _stamp(partial, now)
        else:
            with store.write() as connection:
                note_backup(connection, now)
            _run("pg_dump", store.engine.url, ["--format=custom", f"--file={partial}"])
        _sync(partial)
        partial.rename(target)
    except (OSError, sqlite3.Error) as fault:
        raise BackupError(f"The backup {target} cannot be written: {fault}.") from fault
    finally:
        partial.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """The pages of one file into another, as one file without a log beside it."""
    url = f"file:{quote(str(source))}?mode=ro"  # cannot write, so that closing it checkpoints nothing
    with closing(sqlite3.connect(url, uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


def _stamp(copy: Path, now: datetime) -> None:
    """The copy knows when it was taken. The store itself is not touched: its disk may be full."""
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (BACKUP, now.isoformat())
        )


def _sync(path: Path) -> None:
    """On disk before it has its name."""
    for each in (path, path.parent):
        file = os.open(each, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def is_dump(path: Path) -> bool:
    """Whether it is what pg_dump writes in its custom format."""
    with path.open("rb") as file:
        return file.read(5) == b"PGDMP"


def copy_beside(source: Path, store: Path) -> Path:
    """A copy of the backup in the store's folder, where the store's name is only a rename away."""
    fresh = store.with_name(store.name + ".restoring")
    for each in (fresh, *_logs(fresh)):
        each.unlink(missing_ok=True)
    try:
        _copy(source, fresh)
        fresh.chmod(0o600)
    except (OSError, sqlite3.Error) as fault:
        fresh.unlink(missing_ok=True)
        raise BackupError(f"{source} cannot be copied beside the store: {fault}.") from fault
    return fresh


def take_place(fresh: Path, store: Path) -> None:
    """The copy becomes the store in one step. Raises `BackupError` if somebody has the store open."""
    try:
        _fold(store)
    except sqlite3.Error as fault:
        raise BackupError(f"{store} cannot be replaced: {fault}. Stop Homing first.") from fault
    if any(log.exists() for log in (*_logs(store), *_logs(fresh))):  # it would be replayed into the new one
        raise BackupError(f"{store} is still open in another process. Stop Homing first.")
    _sync(fresh)
    fresh.replace(store)
    _sync(store)


def _fold(store: Path) -> None:
    """Bring all of the old store into its one file, so that nothing of it is left beside the new one."""
    if not store.exists():
        for log in _logs(store):
            log.unlink(missing_ok=True)
        return
    with closing(sqlite3.connect(store, timeout=5)) as old:
        old.execute("PRAGMA journal_mode=DELETE")


def _logs(database: Path) -> Sequence[Path]:
    return [database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")]


def load_dump(store: Store, source: Path) -> None:
    """Put a dump in the place of everything that is in the database's schema. Raises `BackupError`."""
    _run("pg_restore", None, ["--list", str(source)])
    with store.write() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    store.close()
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", store.engine.url, [*options, "--schema=public", str(source)])


def has_tables(store: Store) -> bool:
    """Whether there is anything of Homing in the database."""
    return revision(store) != ""


def _run(program: str, url: URL | None, arguments: Sequence[str]) -> None:
    """One of PostgreSQL's programs. The password goes through the environment: `ps` does not show that."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not installed. Run: apt install postgresql-client")
    environment, place = dict(os.environ), []
    if url is not None:
        plain = url.set(drivername="postgresql", password=None)
        place = [f"--dbname={plain.render_as_string(hide_password=False)}"]
        environment |= {"PGPASSWORD": str(url.password)} if url.password else {}
    command = [found, *place, *arguments]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"{program} failed: {said[0] if said else f'exit code {done.returncode}'}")
