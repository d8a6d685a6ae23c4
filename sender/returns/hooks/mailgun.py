"""Mailgun's webhooks, in JSON (event-data) and in the older form fields. Signed with HMAC-SHA256."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

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
    text,
    together,
    token_in,
)

DEEDS = {
    "accepted": Deed.QUEUED,
    "rejected": Deed.REJECTED,
    "delivered": Deed.DELIVERED,
    "failed": Deed.BOUNCED,
    "opened": Deed.OPENED,
    "clicked": Deed.CLICKED,
    "unsubscribed": Deed.UNSUBSCRIBED,
    "complained": Deed.COMPLAINED,
    "dropped": Deed.REJECTED,
    "bounced": Deed.BOUNCED,
}
REASONS = {
    "generic": "other",
    "suppress-bounce": "bounced",
    "suppress-complaint": "spam",
    "suppress-unsubscribe": "unsubscribed",
    "bounce": "bounced",
    "hardfail": "bounced",
    "espblock": "blocked",
    "old": "timed_out",
}
CODES = {605: "bounced", 606: "unsubscribed", 607: "spam"}
"""Mailgun's own reply codes for addresses that it does not try any more."""


def trust(call: Call, secrets: Secrets) -> Trust:
    return together(by_login(call, secrets), _signature(call, secrets.key))


def _signature(call: Call, key: str) -> Trust:
    if not key:
        return Trust.UNCHECKED
    stamp, token, given = _proof(call)
    signed = (stamp + token).encode("utf-8", "replace")
    expected = hmac.new(key.encode(), signed, sha256).hexdigest().encode()
    same = hmac.compare_digest(expected, given.encode("utf-8", "replace"))
    return Trust.GENUINE if same else Trust.REFUSED


def stamp(call: Call) -> datetime | None:
    """When the call was signed."""
    return moment(_proof(call)[0])


def _proof(call: Call) -> tuple[str, str, str]:
    if _is_json(call):
        proof = record(record(json_of(call.body)).get("signature"))
        return text(proof.get("timestamp")), text(proof.get("token")), text(proof.get("signature"))
    fields = form_of(call)
    timestamp, token, signature = (fields.get(name, [""])[0] for name in ("timestamp", "token", "signature"))
    return timestamp, token, signature


def told(call: Call) -> list[Told]:
    if _is_json(call):
        data = record(json_of(call.body))
        return [_event(record(data.get("event-data")), record(data.get("signature")))]
    return [_fields(form_of(call))]


def _event(event: Mapping[str, Any], proof: Mapping[str, Any]) -> Told:
    deed = DEEDS.get(text(event.get("event")), Deed.UNKNOWN)
    if deed is Deed.BOUNCED and event.get("severity") == "temporary":
        deed = Deed.DEFERRED
    status = record(event.get("delivery-status"))
    message = record(record(event.get("message")).get("headers"))
    message_id = text(message.get("message-id"))
    return Told(
        deed=deed,
        recipient=event.get("recipient") or _bare(text(message.get("to"))),
        at=moment(event.get("timestamp")),
        event_id=proof.get("token"),
        message_id=f"<{message_id}>" if message_id and not message_id.startswith("<") else message_id or None,
        token=token_in(event.get("user-variables")),
        reason=_reason(deed, text(event.get("reason")), status.get("code")),
        said=text(status.get("message")) or text(status.get("description")),
        url=text(event.get("url")),
        agent=text(record(event.get("client-info")).get("user-agent")),
        machine=bool(record(event.get("client-info")).get("bot")),
        word=text(event.get("event")),
    )


def _fields(fields: Mapping[str, list[str]]) -> Told:
    one = {name: values[-1] for name, values in fields.items()}
    deed = DEEDS.get(one.get("event", ""), Deed.UNKNOWN)
    code = int(one["code"]) if one.get("code", "").isdigit() else None
    return Told(
        deed=deed,
        recipient=one.get("recipient"),
        at=moment(one.get("timestamp")),
        event_id=one.get("token"),
        message_id=one.get("Message-Id") or one.get("message-id"),
        token=token_in(one),
        reason=_reason(deed, one.get("reason", ""), code),
        said=one.get("error", "") or one.get("description", ""),
        url=one.get("url", ""),
        agent=one.get("user-agent", ""),
        word=one.get("event", ""),
    )


def _reason(deed: Deed, reason: str, code: Any) -> str | None:
    if deed not in (Deed.BOUNCED, Deed.REJECTED, Deed.DEFERRED):
        return None
    if isinstance(code, int) and code in CODES:
        return CODES[code]
    return REASONS.get(reason, "bounced" if deed is Deed.BOUNCED and not reason else "other")


def _is_json(call: Call) -> bool:
    return "json" in call.headers.get("content-type", "")


def _bare(address: str) -> str | None:
    """`Name <a@b>` -> a@b."""
    inside = address.rpartition("<")[2].rstrip("> ")
    return inside if "@" in inside else None
