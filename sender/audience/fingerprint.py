"""What is kept of an erased person: a keyed hash, which says whether an address is theirs, and no more."""

import hashlib
import hmac
import os
from collections.abc import Callable

KEY_BYTES = 32


def new_fingerprint_key() -> bytes:
    """Made once: with another key nobody who was erased would be known again."""
    return os.urandom(KEY_BYTES)


def fingerprinter(key: bytes) -> Callable[[str], str]:
    """HMAC-SHA-256 of an identity (`Address.identity`), in hexadecimal."""

    def fingerprint(identity: str) -> str:
        return hmac.digest(key, identity.encode(), hashlib.sha256).hex()

    return fingerprint
