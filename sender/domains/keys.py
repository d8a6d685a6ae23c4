"""The life of a domain's DKIM keys: made, published, signing, retired, revoked.

A key signs only once all name servers have it; the one before stays published until nothing that it signed
can still be under way.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlalchemy import Connection

from data.dkim_keys import Algorithm, DkimKey, KeyState, add_key, change_key, find_key, keys_of
from data.secrets import Keys, forget_secret, get_secret, put_secret
from data.sending_domains import find_sending_domain, select_key
from sender.delivery.dkim import PrivateKey
from sender.delivery.keyring import secret_name

RSA_BITS = 2048
KEEP = timedelta(days=15)
"""Longer than a signature lives (`x=`) and any queue keeps a message."""


class NoKey(ValueError):
    """There is no such key, or it is in no state for that; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A new key: the private half as PEM, and the record of the public one."""

    private: bytes = field(repr=False)
    record: str


def make(algorithm: Algorithm) -> Pair:
    """RSA with 2048 bits (RFC 8301 section 3.2), or Ed25519 (RFC 8463)."""
    private = _MAKERS[algorithm]()
    return Pair(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), record_of(private))


_MAKERS: Mapping[Algorithm, Callable[[], PrivateKey]] = {
    Algorithm.RSA: lambda: rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS),
    Algorithm.ED25519: ed25519.Ed25519PrivateKey.generate,
}


def record_of(private: PrivateKey) -> str:
    """RFC 6376 section 3.6.1; RFC 8463 section 4 has the bare key of Ed25519."""
    public = private.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={_base64(der)}"
    return f"v=DKIM1; k=ed25519; p={_base64(public.public_bytes(Encoding.Raw, PublicFormat.Raw))}"


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def generate(
    connection: Connection, keys: Keys, domain: str, algorithm: Algorithm, now: datetime, selector: str = ""
) -> DkimKey:
    """Make a key, seal it, and return what is to be published. Raises `NoKey` for a selector in use."""
    chosen = selector or free_selector(connection, domain, algorithm, now)
    if find_key(connection, domain, chosen) or get_secret(connection, keys, secret_name(domain, chosen)):
        raise NoKey(f"The selector {chosen} of {domain} was used before. Name another one.")
    pair = make(algorithm)
    put_secret(connection, keys, secret_name(domain, chosen), pair.private, now)
    key = DkimKey(domain, chosen, algorithm, pair.record, KeyState.MADE, now)
    add_key(connection, key)
    return key


def free_selector(connection: Connection, domain: str, algorithm: Algorithm, now: datetime) -> str:
    """ "h202611", "h202611b" …; "e…" for Ed25519: the month says how old a key is."""
    used = {key.selector for key in keys_of(connection, domain)}
    stem = f"{'h' if algorithm is Algorithm.RSA else 'e'}{now:%Y%m}"
    names = (stem + ("" if number == 0 else chr(ord("a") + number)) for number in count())
    return next(name for name in names if name not in used)


def current(connection: Connection, keys: Keys, domain: str) -> DkimKey | None:
    """The key that signs; one that came into the store without a life of its own begins one here."""
    found = find_sending_domain(connection, domain)
    if found is None:
        return None
    known = find_key(connection, domain, found.selector)
    pem = get_secret(connection, keys, secret_name(domain, found.selector)) if known is None else None
    return known if pem is None else _adopted(connection, domain, found.selector, pem)


def _adopted(connection: Connection, domain: str, selector: str, pem: bytes) -> DkimKey:
    private = load_pem_private_key(pem, password=None)
    assert isinstance(private, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey)
    algorithm = Algorithm.RSA if isinstance(private, rsa.RSAPrivateKey) else Algorithm.ED25519
    found = find_sending_domain(connection, domain)
    assert found is not None
    key = DkimKey(domain, selector, algorithm, record_of(private), KeyState.SIGNING, found.at)
    add_key(connection, replace(key, signing_at=found.at))
    return key


def pending(connection: Connection, domain: str, algorithm: Algorithm) -> DkimKey | None:
    """The newest key that waits to be published."""
    made = [key for key in keys_of(connection, domain, [KeyState.MADE]) if key.algorithm is algorithm]
    return made[-1] if made else None


def begin_signing(
    connection: Connection, key: DkimKey, now: datetime, keep: timedelta = KEEP
) -> DkimKey | None:
    """Let a key that all name servers have sign from now on; returns the one that it takes the place of.

    An RSA key becomes the domain's selector; an Ed25519 key signs beside it where that is switched on.
    """
    change_key(
        connection, key.domain, key.selector, state=KeyState.SIGNING.value, signing_at=now, seen_at=now
    )
    before = [
        each
        for each in keys_of(connection, key.domain, [KeyState.SIGNING])
        if each.algorithm is key.algorithm and each.selector != key.selector
    ]
    for each in before:
        values = {"state": KeyState.RETIRED.value, "retired_at": now, "keep_until": now + keep}
        change_key(connection, each.domain, each.selector, **values)
    if key.algorithm is Algorithm.RSA:
        select_key(connection, key.domain, key.selector)
    return before[-1] if before else None


def revoke(
    connection: Connection, domain: str, selector: str, now: datetime, *, early: bool = False
) -> DkimKey:
    """Destroy the private half of a retired key; its record may go from DNS. Raises `NoKey`.

    Before its time only if `early`: what it signed is then no longer verified.
    """
    key = find_key(connection, domain, selector)
    if key is None:
        raise NoKey(f"{domain} has no key {selector!r}.")
    if key.state is KeyState.SIGNING:
        raise NoKey(f"The key {selector} signs for {domain}. Rotate first: homing keys rotate {domain}")
    if key.state is KeyState.RETIRED and key.keep_until and now < key.keep_until and not early:
        raise NoKey(
            f"Mail that {selector} signed may be under way until {key.keep_until:%Y-%m-%d}. "
            "Wait, or say --early."
        )
    forget_secret(connection, secret_name(domain, selector))
    change_key(connection, domain, selector, state=KeyState.REVOKED.value, revoked_at=now)
    return key
