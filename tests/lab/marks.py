"""Mark certificates for tests: a pretend mark verifying authority and what it signs."""

import base64
import gzip
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from checks.bimi.mark import LOGOTYPE, MARK_PURPOSE

YEAR = timedelta(days=365)


def mark_certificate(
    domain: str, logo: bytes, expires: datetime, *, issuer: str = "DigiCert, Inc.", purpose: bool = True
) -> bytes:
    """A mark certificate for `domain` with its issuer's certificate, as PEM."""
    authority = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, issuer)])
    root = _builder(name, name, authority, expires).sign(authority, hashes.SHA256())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Example Harbour")])
    key = ec.generate_private_key(ec.SECP256R1())
    uri = b"data:image/svg+xml;base64," + base64.b64encode(gzip.compress(logo, mtime=0))
    purposes = [MARK_PURPOSE] if purpose else [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    builder = (
        _builder(subject, name, key, expires)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(domain)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.UnrecognizedExtension(LOGOTYPE, uri), critical=False)
    )
    own = builder.sign(authority, hashes.SHA256())
    return b"".join(found.public_bytes(serialization.Encoding.PEM) for found in (own, root))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, expires: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(expires - YEAR)
        .not_valid_after(expires)
    )
