"""SendGrid's event webhook. Signed with ECDSA over timestamp and body, if the account's key is known here."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sender.returns.categories import Category
from sender.returns.hooks.model import (
    Call,
    Deed,
    Secrets,
    Told,
    Trust,
    by_login,
    json_of,
    moment,
    records,
    text,
    together,
    token_in,
)

DEEDS = {
    "processed": Deed.QUEUED,
    "dropped": Deed.REJECTED,
    "delivered": Deed.DELIVERED,
    "deferred": Deed.DEFERRED,
    "bounce": Deed.BOUNCED,
    "open": Deed.OPENED,
    "click": Deed.CLICKED,
    "spamreport": Deed.COMPLAINED,
    "unsubscribe": Deed.UNSUBSCRIBED,
    "group_unsubscribe": Deed.UNSUBSCRIBED,
    "group_resubscribe": Deed.SUBSCRIBED,
}
REASONS = {
    "invalid": "invalid",
    "unsubscribed address": "unsubscribed",
    "bounced address": "bounced",
    "bounce": "bounced",
    "blocked": "blocked",
    "expired": "timed_out",
    "spam content": "spam",
    "spam reporting address": "spam",
    "invalid smtpapi header": "other",
    "recipient list over package quota": "blocked",
}
HINTS = {
    "Invalid Address": Category.UNKNOWN_USER,
    "Mailbox Unavailable": Category.FILTERED,
    "Technical": Category.CONNECTION,
    "Content": Category.SPAM_CONTENT,
    "Reputation": Category.REPUTATION,
    "Frequency or Volume Too High": Category.THROTTLED,
}
"""By `bounce_classification`."""


def trust(call: Call, secrets: Secrets) -> Trust:
    return together(by_login(call, secrets), _signature(call, secrets.key))


def _signature(call: Call, key: str) -> Trust:
    if not key:
        return Trust.UNCHECKED
    stamp = call.headers.get("x-twilio-email-event-webhook-timestamp", "")
    given = call.headers.get("x-twilio-email-event-webhook-signature", "")
    try:
        public = load_der_public_key(base64.b64decode(key))
        assert isinstance(public, EllipticCurvePublicKey)
        signature = base64.b64decode(given, validate=True)
        public.verify(signature, stamp.encode() + call.body, ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error, AssertionError):
        return Trust.REFUSED
    return Trust.GENUINE if stamp else Trust.REFUSED


def told(call: Call) -> list[Told]:
    return [_told(each) for each in records(json_of(call.body))]


def _told(event: Mapping[str, Any]) -> Told:
    deed = DEEDS.get(text(event.get("event")), Deed.UNKNOWN)
    reason = REASONS.get((text(event.get("type")) or text(event.get("reason"))).lower(), "other")
    undelivered = deed in (Deed.BOUNCED, Deed.REJECTED, Deed.DEFERRED)
    return Told(
        deed=deed,
        recipient=event.get("email"),
        at=moment(event.get("timestamp")),
        event_id=event.get("sg_event_id"),
        message_id=event.get("smtp-id") or event.get("sg_message_id"),
        token=token_in(event),
        reason=reason if undelivered else None,
        said=text(event.get("response")) or text(event.get("reason")),
        status=text(event.get("status")),
        url=text(event.get("url")),
        agent=text(event.get("useragent")),
        machine=event.get("sg_machine_open") is True,
        word=text(event.get("event")),
        hint=HINTS.get(text(event.get("bounce_classification"))),
    )
