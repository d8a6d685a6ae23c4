"""The keys that are made with a sandbox: DKIM for its senders, and a certificate for its receivers."""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

RSA_BITS = 2048
CERTIFICATE_DAYS = 825


@dataclass(frozen=True, slots=True)
class DkimKey:
    """The private half as PEM, the public half as a DKIM record has it."""

    private: bytes = field(repr=False)
    public: str


def make_dkim() -> DkimKey:
    """A new RSA key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    return DkimKey(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), public_half(key))


def public_half(key: rsa.RSAPrivateKey) -> str:
    """What stands after `p=` (RFC 6376 section 3.6.1)."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def make_certificate(names: list[str], now: datetime) -> bytes:
    """A self-signed certificate for these host names with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
