"""Verified and common mark certificates (the VMC requirements of the BIMI Group, draft-fetch-validation-vmc).

What a mailbox provider reads: the purpose, the names, the dates, who signed it, and the logo inside.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature

MARK_PURPOSE = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.31")
"""id-kp-BrandIndicatorforMessageIdentification."""
LOGOTYPE = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.12")
"""The logotype extension (RFC 3709), which carries the logo as a data URI."""
AUTHORITIES = ("digicert", "entrust", "globalsign", "ssl corporation", "sectigo")
"""Organisations that mailbox providers accept as mark verifying authorities."""
SOON = timedelta(days=14)
MAX_LOGO = 1_000_000
_DATA_URI = re.compile(rb"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


def read_chain(pem: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file, the mark's own first; empty when none can be read."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError:
        return ()


def mark_faults(
    chain: Sequence[x509.Certificate], domain: str, selector: str, logo: bytes, now: datetime
) -> tuple[str, ...]:
    """Why a provider would not accept this certificate for `domain` and the logo served beside it."""
    if not chain:
        return ("it is not a PEM certificate",)
    return tuple(_faults(chain, domain, selector, logo, now))


def expires_soon(chain: Sequence[x509.Certificate], now: datetime) -> bool:
    return bool(chain) and now <= chain[0].not_valid_after_utc < now + SOON


def _faults(
    chain: Sequence[x509.Certificate], domain: str, selector: str, logo: bytes, now: datetime
) -> Iterator[str]:
    own = chain[0]
    if own.not_valid_after_utc < now:
        yield f"it expired on {own.not_valid_after_utc:%Y-%m-%d}"
    if own.not_valid_before_utc > now:
        yield f"it is valid only from {own.not_valid_before_utc:%Y-%m-%d} on"
    if not _is_mark(own):
        yield "it is not a mark certificate"
    if not _names(own) & {domain, f"{selector}._bimi.{domain}"}:
        yield f"it does not name {domain}"
    yield from _issuer_faults(chain)
    inside = embedded_logo(own)
    if inside is None:
        yield "it carries no logo"
    elif logo and inside != logo:
        yield "the logo in it is not the one that is served"


def _is_mark(own: x509.Certificate) -> bool:
    try:
        return MARK_PURPOSE in own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False


def _names(own: x509.Certificate) -> set[str]:
    try:
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return set()
    return {name.lower() for name in names.get_values_for_type(x509.DNSName)}


def _issuer_faults(chain: Sequence[x509.Certificate]) -> Iterator[str]:
    issuer = chain[0].issuer.rfc4514_string()
    if not any(name in issuer.lower() for name in AUTHORITIES):
        yield f"providers do not know its issuer ({issuer[:120]})"
    for child, parent in pairwise(chain):
        try:
            child.verify_directly_issued_by(parent)
        except (InvalidSignature, ValueError, TypeError):
            yield "its chain does not hold together"
            return


def embedded_logo(own: x509.Certificate) -> bytes | None:
    """The SVG inside a mark certificate, unpacked; None when there is none that can be read."""
    try:
        extension = own.extensions.get_extension_for_oid(LOGOTYPE).value
    except (x509.ExtensionNotFound, ValueError):
        return None
    found = _DATA_URI.search(extension.public_bytes())
    if not found:
        return None
    try:
        packed = base64.b64decode(found[1], validate=True)
        return zlib.decompressobj(wbits=31).decompress(packed, MAX_LOGO)
    except (binascii.Error, ValueError, zlib.error):
        return None
