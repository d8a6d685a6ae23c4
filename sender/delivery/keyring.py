"""The private DKIM keys of the sending domains, sealed in the store under the name of their record."""

from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection

from checks.ports import Clock
from data.dkim_keys import Algorithm, KeyState, keys_of
from data.secrets import Keys, get_secret
from data.sending_domains import find_sending_domain
from data.store import Store
from sender.delivery.dkim import Key, Signer

KEEP_SECONDS = 60.0
"""How long a changed selector or key takes to be noticed."""


def secret_name(domain: str, selector: str) -> str:
    """Where the private half of `selector._domainkey.domain` is sealed (PEM)."""
    return f"dkim:{selector}._domainkey.{domain}"


@dataclass
class Keyring:
    """`keyring(domain)` is the domain's signer, None if it has no key. Safe in several threads.

    Raises `UnusableKey` and `data.secrets.UnsealError`.
    """

    store: Store
    keys: Keys = field(repr=False)
    clock: Clock
    _signers: dict[str, tuple[float, Signer | None]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __call__(self, domain: str) -> Signer | None:
        with self._lock:
            until, signer = self._signers.get(domain, (0.0, None))
            if until < self.clock.monotonic():
                signer = self._load(domain)
                self._signers[domain] = self.clock.monotonic() + KEEP_SECONDS, signer
            return signer

    def _load(self, domain: str) -> Signer | None:
        with self.store.read() as connection:
            return load_signer(connection, self.keys, domain)


def load_signer(connection: Connection, keys: Keys, domain: str) -> Signer | None:
    """The signer with the domain's current selector; None without a domain or a key.

    Where the second signature is switched on, an Ed25519 key signs beside it (RFC 8463 section 3).
    """
    found = find_sending_domain(connection, domain)
    if found is None:
        return None
    selectors = [found.selector]
    if found.second_signature:
        signing = keys_of(connection, domain, [KeyState.SIGNING])
        selectors += [key.selector for key in signing if key.algorithm is Algorithm.ED25519]
    held = [_key(connection, keys, domain, selector) for selector in dict.fromkeys(selectors)]
    return Signer(tuple(key for key in held if key)) if held[0] else None


def _key(connection: Connection, keys: Keys, domain: str, selector: str) -> Key | None:
    pem = get_secret(connection, keys, secret_name(domain, selector))
    return Key.from_pem(domain, selector, pem) if pem else None
