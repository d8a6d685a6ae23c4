"""Alerts to a URL, signed as Standard Webhooks has it (standardwebhooks.com, specification 1.0)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from checks.model import Again
from checks.net.addresses import is_public
from checks.net.web import GuardedWeb
from checks.ports import Fetched, FetchFault
from monitor.channels.contract import ARRIVED, Notice, Told
from monitor.config.schema import WebhookChannel, webhook_key
from monitor.home import Home
from monitor.senses import Senses

TIMEOUT = 10.0
HOPELESS = frozenset({FetchFault.BAD_URL, FetchFault.FORBIDDEN_ADDRESS})
GONE = 410
"""The receiver asks not to be called again."""


@dataclass(frozen=True, slots=True)
class Hook:
    """`secret` holds the raw key, b"" for none; `plain` allows http:// and addresses of the own network."""

    web: GuardedWeb
    url: str
    secret: bytes
    plain: bool = False

    def tell(self, notice: Notice, now: datetime) -> Told:
        content = body(notice)
        got = self.web.post(
            self.url, content, headers(notice.key, now, content, self.secret), plain=self.plain
        )
        return judged(got)


def body(notice: Notice) -> bytes:
    document = {"type": notice.payload["type"], "timestamp": notice.at.isoformat(), "data": notice.payload}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def headers(key: str, now: datetime, content: bytes, secret: bytes) -> Mapping[str, str]:
    """The three headers of the specification, and the content type."""
    moment = str(int(now.timestamp()))
    given = {"Content-Type": "application/json", "webhook-id": key, "webhook-timestamp": moment}
    return given | ({"webhook-signature": signature(key, moment, content, secret)} if secret else {})


def signature(key: str, moment: str, content: bytes, secret: bytes) -> str:
    digest = hmac.new(secret, f"{key}.{moment}.".encode() + content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def judged(got: Fetched) -> Told:
    """2xx has arrived; whatever else may pass is tried again."""
    if got.status is not None and 200 <= got.status < 300:
        return ARRIVED
    if got.fault is not None:
        return Told(Again.NEVER if got.fault in HOPELESS else Again.LATER, got.note)
    why = f"the receiver answered {got.status}"
    return Told(Again.NEVER if got.status == GONE else Again.LATER, why)


def open_channel(settings: WebhookChannel, home: Home, senses: Senses) -> Hook:
    del home
    allowed = (lambda _: True) if settings.allow_private else is_public
    web = GuardedWeb(senses.dns, timeout=TIMEOUT, allowed=allowed)
    return Hook(web, settings.url, webhook_key(settings.secret.get_secret_value()), settings.allow_private)
