"""The webhooks' secrets: sealed in the store, and remembered while the store is away."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from data.secrets import Keys, UnsealError, forget_secret, get_secret, put_secret, secret_names
from data.store import Store
from sender.returns.hooks.model import Secrets

PREFIX = "hook:"
KEPT_SECONDS = 10.0

log = logging.getLogger(__name__)


def hook_name(provider: str, server: str = "") -> str:
    """ "ses", or "ses/eu" for the sending server of that name: as it stands behind /hooks/."""
    return f"{provider}/{server}" if server else provider


def save_secrets(connection: Connection, keys: Keys, hook: str, secrets: Secrets, now: datetime) -> None:
    put_secret(connection, keys, PREFIX + hook, json.dumps(asdict(secrets)).encode(), now)


def find_secrets(connection: Connection, keys: Keys, hook: str) -> Secrets | None:
    """What a hook's calls are checked by; None if nothing was stored. Raises UnsealError."""
    sealed = get_secret(connection, keys, PREFIX + hook)
    return None if sealed is None else Secrets(**json.loads(sealed))


def forget_secrets(connection: Connection, hook: str) -> bool:
    return forget_secret(connection, PREFIX + hook)


def hooks_with_secrets(connection: Connection) -> list[str]:
    return [name.removeprefix(PREFIX) for name in secret_names(connection) if name.startswith(PREFIX)]


class Book:
    """Looks secrets up for the web process; what was read lately is not read again."""

    def __init__(self, store: Store, keys: Keys, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._read: dict[str, tuple[float, Secrets]] = {}

    def find(self, hook: str) -> Secrets | None:
        """The secrets; None if there are none. Raises SQLAlchemyError where nobody can tell."""
        at, known = self._read.get(hook, (0.0, None))
        if known is not None and self._clock() - at < KEPT_SECONDS:
            return known
        try:
            with self._store.read() as connection:
                found = find_secrets(connection, self._keys, hook)
        except UnsealError as error:
            log.error("%s", error)
            return None
        except SQLAlchemyError:
            if known is None:
                raise
            return known
        self._read.pop(hook, None)
        if found is not None:
            self._read[hook] = (self._clock(), found)
        return found
