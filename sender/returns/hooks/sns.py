"""The signature of Amazon SNS: made with a certificate that is fetched from Amazon and nowhere else.

Plunk's CVE-2026-42193 and others let the sender name any certificate: here the URL must be the regional SNS
host's own file, whole and without tricks, before anything is fetched.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from checks.ports import Web
from sender.returns.hooks.model import Trust, json_of, record, text

HOST = r"sns\.[a-z]{2}(?:-[a-z]+){1,2}-\d{1,2}\.amazonaws\.com(?:\.cn)?"
CERTIFICATE = re.compile(rf"https://{HOST}/SimpleNotificationService-[0-9a-f]{{10,64}}\.pem")
CONFIRMATION = re.compile(rf"https://{HOST}/\?Action=ConfirmSubscription&[A-Za-z0-9%:_.&=-]{{1,2000}}")
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
HASHES = {"1": SHA1, "2": SHA256}


class Certificates:
    """Amazon's signing certificates, each fetched once."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._known: dict[str, x509.Certificate] = {}

    def get(self, url: str) -> x509.Certificate | None:
        """None for a URL that is not Amazon's, and for a certificate that cannot be had."""
        if not CERTIFICATE.fullmatch(url):
            return None
        if url not in self._known:
            fetched = self._web.fetch(url)
            if fetched.status != 200:
                return None
            try:
                self._known[url] = x509.load_pem_x509_certificate(fetched.body)
            except ValueError:
                return None
        return self._known[url]


def signature_of(body: bytes, certificates: Certificates) -> Trust:
    """`UNCHECKED` where the message carries none (raw delivery, or a forgery that leaves it out)."""
    message = record(json_of(body))
    if "Signature" not in message:
        return Trust.UNCHECKED
    certificate = certificates.get(text(message.get("SigningCertURL")))
    names = SIGNED.get(text(message.get("Type")))
    hashing = HASHES.get(text(message.get("SignatureVersion")))
    if certificate is None or names is None or hashing is None:
        return Trust.REFUSED
    key = certificate.public_key()
    try:
        assert isinstance(key, RSAPublicKey)
        signature = base64.b64decode(text(message.get("Signature")), validate=True)
        key.verify(signature, _signed(message, names), PKCS1v15(), hashing())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error, AssertionError):
        return Trust.REFUSED
    return Trust.GENUINE


def _signed(message: Mapping[str, Any], names: tuple[str, ...]) -> bytes:
    """Name and value, a line each, in the order of the names; what is absent is left out."""
    lines = [f"{name}\n{message[name]}\n" for name in names if isinstance(message.get(name), str)]
    return "".join(lines).encode()


def confirm(body: bytes, web: Web) -> bool:
    """Follow a subscription's confirmation link, which must be SNS's own; the caller checked the topic."""
    message = record(json_of(body))
    url = text(message.get("SubscribeURL"))
    if message.get("Type") != "SubscriptionConfirmation" or not CONFIRMATION.fullmatch(url):
        return False
    return web.fetch(url).status == 200
