"""Where an instance keeps its state: configuration, store, key, logs. Code lives elsewhere.

`$HOMING_HOME`, else the platform's user data folder. Everything in it is its owner's alone (0700).
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from monitor.holding import HeldError, holding
from monitor.problem import Problem

SANDBOX_FOLDER = ".sandbox"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one instance; the properties say where each thing lies in it."""

    path: Path

    @property
    def config_path(self) -> Path:
        return self.path / "homing.toml"

    @property
    def store_path(self) -> Path:
        return self.path / "homing.db"

    @property
    def store_url(self) -> str:
        from data.store import sqlite_url  # SQLAlchemy: not every process opens the store

        return sqlite_url(self.store_path)

    @property
    def key_file(self) -> Path:
        """What opens the store's secrets; `$HOMING_KEY_FILE` keeps it out of the home's backups."""
        elsewhere = os.environ.get("HOMING_KEY_FILE")
        return Path(elsewhere) if elsewhere else self.path / "key"

    @property
    def log_dir(self) -> Path:
        return self.path / "log"

    @property
    def run_dir(self) -> Path:
        """What is true only while `homing up` runs: the lock, the chosen ports."""
        return self.path / "run"

    @property
    def beginnings_file(self) -> Path:
        """How often delivering was begun from here (monitor/beginning.py)."""
        return self.path / "beginnings"

    @property
    def ports_file(self) -> Path:
        """Which ports this start really uses; every process reads it (monitor/ports.py)."""
        return self.run_dir / "ports.json"

    @property
    def is_sandbox(self) -> bool:
        """The made-up world marks its home, so that no page can pass it off as the real one."""
        return (self.path / "SANDBOX").exists()


def locate(environment: Mapping[str, str] = os.environ) -> Home:
    """The home that this environment names; touches nothing."""
    named = environment.get("HOMING_HOME")
    return Home(Path(named).expanduser().absolute() if named else user_data_path("homing", appauthor=False))


def prepare(home: Home) -> Home:
    """Create the folders, for their owner only. Raises Problem when the home cannot be written."""
    for folder in (home.path, home.log_dir, home.run_dir):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Problem(_cannot_write(home, error)) from error
    try:
        probe = home.run_dir / f".write-{os.getpid()}"
        probe.write_bytes(b"homing")  # a byte, because a full disk still creates empty files
        probe.unlink()
    except OSError as error:
        raise Problem(_cannot_write(home, error)) from error
    return home


def _cannot_write(home: Home, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"the disk that holds Homing's home {home.path} is full. Make room there and try again."
    reason = (error.strerror or str(error)).lower()
    return (
        f"cannot write to the home {home.path} ({reason}). "
        "Make it writable for this user, or name another folder in HOMING_HOME."
    )


@contextmanager
def lock(home: Home) -> Iterator[None]:
    """Hold the home for one `homing up`. Raises Problem when another one holds it."""
    try:
        with holding(home.run_dir / "lock"):
            yield
    except HeldError as held:
        raise Problem(_already_running(home, held.holder)) from held


def _already_running(home: Home, holder: str) -> str:
    process = f"process {holder}" if holder else "another process"
    stop = f"Stop it with Ctrl-C in its terminal or `kill {holder}`" if holder else "Stop it first"
    return f"Homing already runs on {home.path} ({process}). {stop}, or name another folder in HOMING_HOME."
