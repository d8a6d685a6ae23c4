"""The signature of Amazon SNS: made with a certificate that is fetched from Amazon and nowhere else.

Plunk's CVE-2026-42193 and others let the sender name any certificate: here the URL must be the regional SNS
host's own file, whole and without tricks, before anything is fetched.
"""

import base64
import binascii
import re
import time
from collections.abc import Callable, Mapping
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
    "UnsubscribeConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
FETCHES_A_MINUTE = 6
HASHES = {"1": SHA1, "2": SHA256}


class Certificates:
    """Amazon's signing certificates, each fetched once; at most a few a minute, whoever asks for them."""

    def __init__(self, web: Web, clock: Callable[[], float] = time.monotonic) -> None:
        self._web = web
        self._clock = clock
        self._known: dict[str, x509.Certificate] = {}
        self._fetches: list[float] = []

    def get(self, url: str) -> x509.Certificate | None:
        """None for a certificate that cannot be had now. `url` must have the form of `CERTIFICATE`."""
        if url not in self._known and (fetched := self._fetch(url)) is not None:
            self._known[url] = fetched
        return self._known.get(url)

    def _fetch(self, url: str) -> x509.Certificate | None:
        now = self._clock()
        self._fetches = [at for at in self._fetches if now - at < 60]
        if len(self._fetches) >= FETCHES_A_MINUTE:
            return None
        self._fetches.append(now)
        fetched = self._web.fetch(url)
        if fetched.status != 200:
            return None
        try:
            return x509.load_pem_x509_certificate(fetched.body)
        except ValueError:
            return None


def signature_of(body: bytes, certificates: Certificates) -> Trust:
    """`UNCHECKED` where the message carries none (raw delivery, or a forgery that leaves it out)."""
    message = record(json_of(body))
    if "Signature" not in message:
        return Trust.UNCHECKED
    url = text(message.get("SigningCertURL"))
    names = SIGNED.get(text(message.get("Type")))
    hashing = HASHES.get(text(message.get("SignatureVersion")))
    if not CERTIFICATE.fullmatch(url) or names is None or hashing is None:
        return Trust.REFUSED
    certificate = certificates.get(url)
    if certificate is None:
        return Trust.UNKNOWN
    try:
        key = certificate.public_key()
        assert isinstance(key, RSAPublicKey)
        signature = base64.b64decode(text(message.get("Signature")), validate=True)
        key.verify(signature, _signed(message, names), PKCS1v15(), hashing())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error, AssertionError):
        return Trust.REFUSED
    return Trust.GENUINE


def _signed(message: Mapping[str, Any], names: tuple[str, ...]) -> bytes:
    """Name and value, a line each, in the order of the names; what is absent is left out."""
    lines = [f"{name}\n{message[name]}\n" for name in names if isinstance(message.get(name), str)]
    return "".join(lines).encode("utf-8", "replace")


def confirm(body: bytes, web: Web) -> bool:
    """Follow a subscription's confirmation link, which must be SNS's own; the caller checked the topic."""
    message = record(json_of(body))
    url = text(message.get("SubscribeURL"))
    if message.get("Type") != "SubscriptionConfirmation" or not CONFIRMATION.fullmatch(url):
        return False
    return web.fetch(url).status == 200
