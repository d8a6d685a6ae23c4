"""Messages signed by dkimpy, so that what we verify was not made by us."""

import base64
from collections.abc import Sequence
from functools import cache
from typing import Any

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

DOMAIN, SELECTOR = "example.com", "s1"
KEY_NAME = f"{SELECTOR}._domainkey.{DOMAIN}"
PLAIN = (
    b"From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: Hello\r\n"
    b"Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
    b"Content-Type: text/plain\r\n\r\nHello  Bob,\r\n\r\n\tgood day \r\n\r\n"
)


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)


@cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def private_pem() -> bytes:
    """The RSA key as the vault keeps it."""
    return rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def record() -> str:
    """The DKIM record of the RSA key."""
    public = rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def ed25519_record() -> str:
    public = ed25519_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}"


def signed(
    message: bytes = PLAIN,
    *,
    form: str = "relaxed/relaxed",
    names: Sequence[str] = ("from", "from", "to", "subject", "date", "message-id", "content-type"),
    ed: bool = False,
    **more: Any,
) -> bytes:
    """The message with one signature on top."""
    if ed:
        raw = ed25519_key().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        secret, more["signature_algorithm"] = base64.b64encode(raw), b"ed25519-sha256"
    else:
        secret = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    head, body = (part.encode() for part in form.split("/"))
    signature = dkim.sign(
        message,
        SELECTOR.encode(),
        DOMAIN.encode(),
        secret,
        canonicalize=(head, body),
        include_headers=[name.encode() for name in names],
        **more,
    )
    return bytes(signature) + message
