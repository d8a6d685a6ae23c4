"""Certificates judged as data: chain, names and dates, at a given `now`."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a page shows of a certificate."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_after: datetime

    def days_left(self, now: datetime) -> int:
        return (self.not_after - now).days


@cache
def public_roots() -> Store:
    """The roots that Mozilla trusts, as certifi ships them."""
    with warnings.catch_warnings():  # one old root has a serial number of zero (RFC 5280 section 4.1.2.2)
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return Store(x509.load_pem_x509_certificates(Path(certifi.where()).read_bytes()))


def read_certificate(der: bytes) -> Certificate | None:
    """A DER certificate; None when it cannot be read."""
    try:
        found = x509.load_der_x509_certificate(der)
        names = _names(found)
    except ValueError:
        return None
    return Certificate(
        subject=found.subject.rfc4514_string(),
        issuer=found.issuer.rfc4514_string(),
        names=names,
        not_after=found.not_valid_after_utc,
    )


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(name.lower() for name in extension.value.get_values_for_type(x509.DNSName))


def chain_fault(chain: Sequence[bytes], host: str, now: datetime, roots: Store | None = None) -> str:
    """Why PKIX (RFC 5280, RFC 6125) would not accept this chain for `host`; "" when it would."""
    own = read_certificate(chain[0]) if chain else None
    if own is None:
        return "it shows no readable certificate"
    if own.not_after < now:
        return f"it expired on {own.not_after:%Y-%m-%d}"
    if not any(name_matches(pattern, host) for pattern in own.names):
        return f"it is for {', '.join(own.names[:5]) or own.subject}, not for {host}"
    try:
        certificates = [x509.load_der_x509_certificate(der) for der in chain]
        verifier = PolicyBuilder().store(roots or public_roots()).time(now)
        verifier.build_server_verifier(x509.DNSName(host)).verify(certificates[0], certificates[1:])
    except (VerificationError, ValueError) as error:
        if own.subject == own.issuer:
            return "it is self-signed"
        return f"no trusted authority vouches for it ({error})"
    return ""


def name_matches(pattern: str, host: str) -> bool:
    """A certificate's name against a host: a wildcard stands for one whole left-most label (RFC 6125)."""
    host = host.lower().rstrip(".")
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:]
    return pattern == host
