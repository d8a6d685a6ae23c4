"""A store held against its promises, from outside: opened for reading only, as it is."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.exc import DatabaseError

from data.invariants.table import RESTORE, Result, check
from data.secrets import KeyFileError, Keys, UnsealError, get_secret, open_keys, secret_names
from data.store import Store
from monitor.home import Home

KEY_BACK = "Put the key file back that belongs to this store, or name its place in HOMING_KEY_FILE."


def verify(store: Store, home: Home, now: datetime, *, deep: bool = False) -> Iterator[Result]:
    """Every invariant of the store, and whether this home's key file opens its secrets."""
    with store.read() as connection:
        try:
            yield from check(connection, now, deep=deep)
        except DatabaseError as fault:  # so damaged that it could not even be asked
            said = str(fault.orig).splitlines()[:1]
            yield Result("pages", "the database is not damaged", 1, said, RESTORE)
            return
    yield _secrets(store, home)


def _secrets(store: Store, home: Home) -> Result:
    holds = "the key file opens every secret"
    try:
        closed = _closed(store, home)
    except KeyFileError as fault:
        return Result("secrets", holds, 1, [str(fault)], KEY_BACK)
    return Result("secrets", holds, len(closed), closed[:5], KEY_BACK)


def _closed(store: Store, home: Home) -> Sequence[str]:
    """The names of secrets that cannot be opened. Raises `KeyFileError`."""
    with store.read() as connection:
        names = secret_names(connection)
        if not names:
            return []
        keys = open_keys(home.key_file)
        return [name for name in names if not _opens(store, keys, name)]


def _opens(store: Store, keys: Keys, name: str) -> bool:
    try:
        with store.read() as connection:
            get_secret(connection, keys, name)
    except UnsealError:
        return False
    return True
