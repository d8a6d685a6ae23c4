"""Secrets at rest: sealed in the store with AES-256-GCM under keys that live in a file beside it.

The file holds one key a line, the newest first: it seals, and every key in the file can unseal, so that a
key is replaced by writing a new first line and sealing again. A sealed value is bound to its name
(additional data, NIST SP 800-38D), so that nobody who can write to the store can swap two of them.
"""

import base64
import binascii
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select, update

from data.tables import secret

VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
FINGERPRINT_BYTES = 4
HEADER_BYTES = len(VERSION) + FINGERPRINT_BYTES + NONCE_BYTES


class KeyFileError(Exception):
    """The key file is missing, open to others, or not a key; the message says what to do."""


class UnsealError(Exception):
    """A secret cannot be opened with the keys at hand; the message names it, never its content."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one installation, newest first. Never printed: the representation holds none."""

    raw: Sequence[bytes] = field(repr=False)

    def seal(self, name: str, value: bytes) -> bytes:
        """Encrypt with the newest key."""
        key = self.raw[0]
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + _fingerprint(key) + nonce + AESGCM(key).encrypt(nonce, value, name.encode())

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """Decrypt; raises `UnsealError` if no key fits, or if the value is not what was sealed here."""
        mark, nonce = sealed[1 : 1 + FINGERPRINT_BYTES], sealed[1 + FINGERPRINT_BYTES : HEADER_BYTES]
        key = next((key for key in self.raw if _fingerprint(key) == mark), None)
        if sealed[:1] != VERSION or key is None:
            raise UnsealError(f"The secret {name!r} was sealed with a key that is not in the key file.")
        try:
            return AESGCM(key).decrypt(nonce, sealed[HEADER_BYTES:], name.encode())
        except InvalidTag:
            raise UnsealError(f"The secret {name!r} in the store was changed or damaged.") from None


def _fingerprint(key: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"homing key\0" + key)
    return digest.finalize()[:FINGERPRINT_BYTES]


def create_keys(path: Path) -> Keys:
    """Write a new key file that only its owner can read (0600); raises FileExistsError if there is one."""
    key = os.urandom(KEY_BYTES)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return Keys((key,))


def open_keys(path: Path) -> Keys:
    """Read the key file; raises `KeyFileError` with the sentence for the person who must mend it."""
    try:
        mode = path.stat().st_mode
        lines = path.read_bytes().split()
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be read: {error.strerror}.") from None
    if stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(
            f"The key file {path} can be read by others (mode {stat.S_IMODE(mode):04o}). "
            f"Run: chmod 600 {path}"
        )
    keys = tuple(_key(line, path) for line in lines)
    if not keys:
        raise KeyFileError(f"The key file {path} is empty.")
    return Keys(keys)


def _key(line: bytes, path: Path) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"The key file {path} holds a line that is not a base64 key of {KEY_BYTES} bytes.")
    return key


def put_secret(connection: Connection, keys: Keys, name: str, value: bytes, now: datetime) -> None:
    """Store a secret under its name, replacing the one that was there."""
    values = {"sealed": keys.seal(name, value), "at": now}
    if connection.execute(update(secret).where(secret.c.name == name).values(values)).rowcount == 0:
        connection.execute(insert(secret).values(name=name, **values))


def get_secret(connection: Connection, keys: Keys, name: str) -> bytes | None:
    """The secret of that name; None if there is none. Raises `UnsealError` if it cannot be opened."""
    sealed = connection.scalar(select(secret.c.sealed).where(secret.c.name == name))
    return None if sealed is None else keys.unseal(name, sealed)


def get_or_make_secret(
    connection: Connection, keys: Keys, name: str, make: Callable[[], bytes], now: datetime
) -> bytes:
    """The secret of that name, made on first use. Needs a write transaction, so that only one is made."""
    known = get_secret(connection, keys, name)
    if known is None:
        known = make()
        put_secret(connection, keys, name, known, now)
    return known


def secret_names(connection: Connection) -> list[str]:
    """What secrets there are, without opening any."""
    return list(connection.scalars(select(secret.c.name).order_by(secret.c.name)))


def forget_secret(connection: Connection, name: str) -> bool:
    """Remove a secret; says whether there was one."""
    return connection.execute(delete(secret).where(secret.c.name == name)).rowcount > 0


def reseal_all(connection: Connection, keys: Keys) -> int:
    """Seal every secret with the newest key, so that older lines can leave the key file; returns how many."""
    rows = connection.execute(select(secret.c.name, secret.c.sealed)).all()
    for name, sealed in rows:
        renewed = keys.seal(name, keys.unseal(name, sealed))
        connection.execute(update(secret).where(secret.c.name == name).values(sealed=renewed))
    return len(rows)
