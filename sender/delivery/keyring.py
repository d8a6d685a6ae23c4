"""The private DKIM keys of the sending domains, sealed in the store under the name of their record."""

from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection

from checks.ports import Clock
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
    """The signer with the domain's current selector; None without a domain or a key."""
    found = find_sending_domain(connection, domain)
    if found is None:
        return None
    pem = get_secret(connection, keys, secret_name(domain, found.selector))
    return Signer((Key.from_pem(domain, found.selector, pem),)) if pem else None
