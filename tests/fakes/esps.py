"""Providers that call a webhook: each signs as its documentation says, with keys made for the test."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from checks.ports import Fetched
from sender.returns.hooks.model import Secrets
from sender.returns.hooks.sns import SIGNED

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
TOPIC = "arn:aws:sns:eu-west-1:123456789012:returns"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
SUBSCRIBE = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=a&Token=b"


@dataclass(frozen=True)
class Called:
    """A request as a provider makes it."""

    body: bytes
    headers: Mapping[str, str]


@dataclass
class SendGrid:
    key: Any = field(default_factory=lambda: generate_private_key(SECP256R1()))

    @property
    def secrets(self) -> Secrets:
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return Secrets(key=base64.b64encode(public).decode())

    def call(self, events: list[dict[str, Any]], at: datetime) -> Called:
        body, stamp = json.dumps(events).encode(), str(int(at.timestamp()))
        signed = base64.b64encode(self.key.sign(stamp.encode() + body, ECDSA(SHA256()))).decode()
        head = "X-Twilio-Email-Event-Webhook-"
        return Called(body, {**JSON, f"{head}Signature": signed, f"{head}Timestamp": stamp})


@dataclass
class Mailgun:
    secrets: Secrets = field(default_factory=lambda: Secrets(key="mailgun-key"))

    def call(self, event: dict[str, Any], at: datetime, token: str = "t" * 50) -> Called:
        stamp = str(int(at.timestamp()))
        signature = hmac.new(self.secrets.key.encode(), (stamp + token).encode(), sha256).hexdigest()
        proof = {"timestamp": stamp, "token": token, "signature": signature}
        return Called(json.dumps({"signature": proof, "event-data": event}).encode(), JSON)


@dataclass
class Mandrill:
    secrets: Secrets = field(default_factory=lambda: Secrets(key="mandrill-key"))

    def call(self, events: list[dict[str, Any]], url: str) -> Called:
        fields = {"mandrill_events": json.dumps(events)}
        signed = url + "".join(name + value for name, value in sorted(fields.items()))
        digest = hmac.new(self.secrets.key.encode(), signed.encode(), sha1).digest()
        signature = base64.b64encode(digest).decode()
        return Called(urlencode(fields).encode(), {**FORM, "X-Mandrill-Signature": signature})


@dataclass
class Postmark:
    secrets: Secrets = field(default_factory=lambda: Secrets(logins=["homing:s3cret"]))

    def call(self, event: dict[str, Any]) -> Called:
        login = base64.b64encode(self.secrets.logins[0].encode()).decode()
        return Called(json.dumps(event).encode(), {**JSON, "Authorization": f"Basic {login}"})


@dataclass
class Ses:
    """SNS with a key pair of its own; `pages` is what its hosts serve."""

    key: Any = field(default_factory=lambda: generate_rsa(65537, 2048))
    secrets: Secrets = field(default_factory=lambda: Secrets(topics=[TOPIC]))

    @property
    def pages(self) -> dict[str, Fetched]:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        begin = datetime(2026, 1, 1, tzinfo=UTC)
        builder = x509.CertificateBuilder(name, name, self.key.public_key(), 1)
        builder = builder.not_valid_before(begin)
        made = builder.not_valid_after(begin + timedelta(days=900)).sign(self.key, SHA256())
        pem = Fetched(CERTIFICATE, status=200, body=made.public_bytes(Encoding.PEM))
        return {CERTIFICATE: pem, SUBSCRIBE: Fetched(SUBSCRIBE, status=200, body=b"<ok/>")}

    def call(self, event: dict[str, Any], at: datetime, **changes: str) -> Called:
        message = {
            "Type": "Notification", "MessageId": "m1", "TopicArn": TOPIC, "Message": json.dumps(event),
            "Timestamp": f"{at:%Y-%m-%dT%H:%M:%S.000Z}", "SignatureVersion": "2",
            "SigningCertURL": CERTIFICATE,
        } | changes  # fmt: skip
        names = SIGNED[message["Type"]]
        signed = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        signature = self.key.sign(signed.encode(), PKCS1v15(), SHA256())
        message["Signature"] = changes.get("Signature") or base64.b64encode(signature).decode()
        return Called(json.dumps(message).encode(), {"content-type": "text/plain; charset=UTF-8"})
