"""The instance's keys: made at first start, and never silently made anew."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from data.secrets import (
    KeyFileError,
    Keys,
    UnsealError,
    create_keys,
    get_or_make_secret,
    open_keys,
    secret_names,
)
from data.store import Store
from monitor.home import Home
from monitor.problem import Problem
from sender.audience.fingerprint import fingerprinter, new_fingerprint_key
from sender.tokens import Tokens, new_token_keys, tokens_from

TOKENS = "tokens"
FINGERPRINTS = "fingerprints"


def open_vault(home: Home, store: Store) -> Keys:
    """The keys that open the store's secrets. Raises Problem when they are missing or cannot be used."""
    if not home.key_file.exists():
        _make(home.key_file, store)
    try:
        return open_keys(home.key_file)
    except KeyFileError as error:
        raise Problem(str(error)) from error


def _make(path: Path, store: Store) -> None:
    with store.read() as connection:
        if secret_names(connection):
            raise Problem(
                f"The key file {path} is missing, and the store holds secrets that only it opens. "
                "Put it back, or name its place in HOMING_KEY_FILE."
            )
    try:
        create_keys(path)
    except FileExistsError:
        return  # another process of this start was quicker
    except OSError as error:
        raise Problem(f"The key file {path} cannot be written: {error.strerror}.") from error


def open_tokens(store: Store, keys: Keys, now: datetime) -> Tokens:
    """What signs the tokens in links and return paths; made at first use. Raises Problem."""
    try:
        with store.write() as connection:
            return tokens_from(get_or_make_secret(connection, keys, TOKENS, new_token_keys, now))
    except UnsealError as error:
        raise Problem(str(error)) from error


def open_fingerprints(store: Store, keys: Keys, now: datetime) -> Callable[[str], str]:
    """The keyed hash by which erased people are kept out; its key is made at first use. Raises Problem."""
    try:
        with store.write() as connection:
            key = get_or_make_secret(connection, keys, FINGERPRINTS, new_fingerprint_key, now)
    except UnsealError as error:
        raise Problem(str(error)) from error
    return fingerprinter(key)
