"""DANE-TA: a chain that leads from the server's certificate to the pinned authority (RFC 7672 section 3.1.2).

That the pinned certificate was sent along proves nothing: it is public, and anybody can send it. Each
certificate must be signed by the next one and in date, and the server's own must be for this server.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from checks.certificates import name_matches, read_certificate

LONGEST_PATH = 8

Pinned = Callable[[x509.Certificate], bool]


def anchored(chain: Sequence[bytes], pinned: Pinned, names: Sequence[str], now: datetime) -> bool:
    """Whether the server's own certificate, the first of `chain` (DER), is for one of `names` and leads to
    an authority that is `pinned`, every certificate on the way being valid at `now`.
    """
    own = read_certificate(chain[0]) if chain else None
    if own is None or not any(name_matches(shown, name) for shown in own.names for name in names):
        return False
    return any(pinned(authority) for authority in _path(_readable(chain), now))


def _path(certificates: Sequence[x509.Certificate], now: datetime) -> Iterator[x509.Certificate]:
    """The authorities above the first certificate, the nearest first; a self-signed one is its own."""
    at = certificates[0]
    for _ in range(LONGEST_PATH):
        above = next((each for each in certificates if _in_date(at, now) and _issued(each, at)), None)
        if above is None or not _in_date(above, now):
            return
        yield above
        if above == at:
            return
        at = above


def _issued(authority: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(authority)
        return authority == below or _may_sign(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False


def _may_sign(authority: x509.Certificate) -> bool:
    try:
        return authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _in_date(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _readable(chain: Sequence[bytes]) -> list[x509.Certificate]:
    """Those that can be read; the first of `chain` is known to be."""
    found = []
    for der in chain:
        try:
            found.append(x509.load_der_x509_certificate(der))
        except ValueError:
            continue
    return found
