"""Mandrill's webhooks: a form field with a list of events, signed with HMAC-SHA1 over URL and fields."""

import base64
import hmac
from collections.abc import Mapping
from hashlib import sha1
from typing import Any

from sender.returns.categories import Category
from sender.returns.hooks.model import (
    Call,
    Deed,
    Secrets,
    Told,
    Trust,
    by_login,
    form_of,
    json_of,
    moment,
    record,
    records,
    text,
    together,
    token_in,
)

DEEDS = {
    "send": Deed.SENT,
    "deferral": Deed.DEFERRED,
    "delivered": Deed.DELIVERED,
    "hard_bounce": Deed.BOUNCED,
    "soft_bounce": Deed.BOUNCED,
    "open": Deed.OPENED,
    "click": Deed.CLICKED,
    "spam": Deed.COMPLAINED,
    "unsub": Deed.UNSUBSCRIBED,
    "reject": Deed.REJECTED,
    "inbound": Deed.INBOUND,
}
REASONS = {
    "hard_bounce": "bounced",
    "soft_bounce": "bounced",
    "spam": "spam",
    "unsub": "unsubscribed",
    "custom": "blocked",
    "invalid-sender": "other",
    "invalid": "invalid",
    "test-mode-limit": "other",
    "unsigned": "other",
    "rule": "blocked",
}
HINTS = {
    "bad_mailbox": Category.UNKNOWN_USER,
    "invalid_domain": Category.BAD_DOMAIN,
    "mailbox_full": Category.MAILBOX_FULL,
    "message_too_large": Category.TOO_LARGE,
    "content_rejected": Category.SPAM_CONTENT,
    "hard-bounce": Category.PROVIDER_SUPPRESSED,
    "soft-bounce": Category.PROVIDER_SUPPRESSED,
    "spam": Category.PROVIDER_SUPPRESSED,
    "unsub": Category.PROVIDER_SUPPRESSED,
    "invalid": Category.BAD_ADDRESS,
    "invalid-sender": Category.SENDER_CONFIG,
    "unsigned": Category.SENDER_CONFIG,
    "rule": Category.SENDER_CONFIG,
    "test-mode-limit": Category.SENDER_CONFIG,
}
"""By `bounce_description`, or by why a message was rejected."""


def trust(call: Call, secrets: Secrets) -> Trust:
    return together(by_login(call, secrets), _signature(call, secrets))


def _signature(call: Call, secrets: Secrets) -> Trust:
    """Mandrill signs the URL as it was given to it: with the login in it, if there is one."""
    if not secrets.key:
        return Trust.UNCHECKED
    given = call.headers.get("x-mandrill-signature", "").encode("utf-8", "replace")
    fields = "".join(name + value for name, values in sorted(form_of(call).items()) for value in values)
    signed = [
        base64.b64encode(hmac.new(secrets.key.encode(), (url + fields).encode(), sha1).digest())
        for url in _urls(call.url, secrets)
    ]
    genuine = [hmac.compare_digest(each, given) for each in signed]
    return Trust.GENUINE if any(genuine) else Trust.REFUSED


def _urls(url: str, secrets: Secrets) -> list[str]:
    scheme, separator, rest = url.partition("://")
    return [url, *(f"{scheme}{separator}{login}@{rest}" for login in secrets.logins)]


def told(call: Call) -> list[Told]:
    fields = form_of(call).get("mandrill_events", ["[]"])
    return [_told(each) for each in records(json_of(fields[0]))]


def _told(event: Mapping[str, Any]) -> Told:
    kind = text(event.get("event"))
    message, reject = record(event.get("msg")), record(event.get("reject"))
    deed = DEEDS.get(kind, Deed.UNKNOWN)
    rejected = text(record(message.get("reject")).get("reason")) or text(reject.get("reason"))
    reason = None
    if deed in (Deed.BOUNCED, Deed.COMPLAINED, Deed.UNSUBSCRIBED, Deed.REJECTED):
        reason = REASONS.get(rejected or kind, "other")
    return Told(
        deed=deed,
        recipient=message.get("email") or reject.get("email"),
        at=moment(event.get("ts")),
        message_id=event.get("_id") or message.get("_id"),
        token=token_in(message.get("metadata")),
        reason=reason,
        said=text(message.get("diag")) or text(message.get("bounce_description")),
        url=text(event.get("url")),
        agent=text(event.get("user_agent")),
        word=kind,
        hint=_hint(deed, message, rejected),
    )


def _hint(deed: Deed, message: Mapping[str, Any], rejected: str) -> Category | None:
    if deed is Deed.REJECTED:
        return HINTS.get(rejected)
    return HINTS.get(text(message.get("bounce_description"))) if deed is Deed.BOUNCED else None
