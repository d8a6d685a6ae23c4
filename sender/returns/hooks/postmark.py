"""Postmark's webhooks: checked by a login in the URL or a header, since Postmark signs nothing."""

from collections.abc import Mapping
from typing import Any

from sender.returns.categories import Category
from sender.returns.hooks.model import (
    Call,
    Deed,
    Secrets,
    Told,
    Trust,
    by_header,
    by_login,
    json_of,
    moment,
    record,
    text,
    together,
    token_in,
)

DEEDS = {
    "Delivery": Deed.DELIVERED,
    "Open": Deed.OPENED,
    "Click": Deed.CLICKED,
    "SpamComplaint": Deed.COMPLAINED,
    "Inbound": Deed.INBOUND,
}
BOUNCES: Mapping[str, tuple[Deed, str | None]] = {
    "HardBounce": (Deed.BOUNCED, "bounced"),
    "Transient": (Deed.DEFERRED, None),
    "Unsubscribe": (Deed.UNSUBSCRIBED, "unsubscribed"),
    "Subscribe": (Deed.SUBSCRIBED, None),
    "AutoResponder": (Deed.AUTORESPONDED, None),
    "AddressChange": (Deed.AUTORESPONDED, None),
    "DnsError": (Deed.DEFERRED, None),
    "SpamNotification": (Deed.COMPLAINED, "spam"),
    "OpenRelayTest": (Deed.DEFERRED, None),
    "Unknown": (Deed.UNKNOWN, None),
    "SoftBounce": (Deed.BOUNCED, "bounced"),
    "VirusNotification": (Deed.BOUNCED, "other"),
    "ChallengeVerification": (Deed.AUTORESPONDED, None),
    "BadEmailAddress": (Deed.REJECTED, "invalid"),
    "SpamComplaint": (Deed.COMPLAINED, "spam"),
    "ManuallyDeactivated": (Deed.REJECTED, "blocked"),
    "Unconfirmed": (Deed.REJECTED, None),
    "Blocked": (Deed.REJECTED, "blocked"),
    "SMTPApiError": (Deed.FAILED, "other"),
    "InboundError": (Deed.FAILED, "other"),
    "DMARCPolicy": (Deed.REJECTED, "blocked"),
    "TemplateRenderingFailed": (Deed.FAILED, None),
}
CHANGES: Mapping[str, tuple[Deed, str | None]] = {
    "HardBounce": (Deed.BOUNCED, "bounced"),
    "SpamComplaint": (Deed.COMPLAINED, "spam"),
    "ManualSuppression": (Deed.UNSUBSCRIBED, "unsubscribed"),
}
HINTS: Mapping[str, Category] = {
    "HardBounce": Category.UNKNOWN_USER,
    "BadEmailAddress": Category.BAD_ADDRESS,
    "ManuallyDeactivated": Category.PROVIDER_SUPPRESSED,
    "SoftBounce": Category.FILTERED,
    "Blocked": Category.BLOCKED_IP,
    "SpamNotification": Category.SPAM_CONTENT,
    "VirusNotification": Category.VIRUS,
    "DMARCPolicy": Category.AUTH_FAILED,
    "Unconfirmed": Category.SENDER_CONFIG,
    "SMTPApiError": Category.PROTOCOL,
    "TemplateRenderingFailed": Category.CONTENT,
}
"""By `Type`; a spam notification is a filter's, not a reader's complaint."""


def trust(call: Call, secrets: Secrets) -> Trust:
    return together(by_login(call, secrets), by_header(call, secrets))


def told(call: Call) -> list[Told]:
    event = record(json_of(call.body))
    deed, reason = _deed(event)
    identity = event.get("ID")
    return [
        Told(
            deed=deed,
            recipient=event.get("Email") or event.get("Recipient"),
            at=_moment(event),
            event_id=None if identity is None else str(identity),
            message_id=event.get("MessageID"),
            token=token_in(event.get("Metadata")),
            reason=reason,
            said=text(event.get("Details")) or text(event.get("Description")),
            url=text(event.get("OriginalLink")),
            agent=text(event.get("UserAgent")),
            word="/".join(text(event.get(name)) for name in ("RecordType", "Type") if event.get(name)),
            hint=HINTS.get(text(event.get("Type"))) if deed is not Deed.UNSUBSCRIBED else None,
        )
    ]


def _deed(event: Mapping[str, Any]) -> tuple[Deed, str | None]:
    kind = text(event.get("RecordType"))
    if kind == "SubscriptionChange":
        if not event.get("SuppressSending"):
            return Deed.SUBSCRIBED, None
        return CHANGES.get(text(event.get("SuppressionReason")), (Deed.UNSUBSCRIBED, "unsubscribed"))
    if kind == "Bounce" or (kind not in DEEDS and "Type" in event):
        return BOUNCES.get(text(event.get("Type")), (Deed.UNKNOWN, None))
    deed = DEEDS.get(kind, Deed.UNKNOWN)
    return deed, "spam" if deed is Deed.COMPLAINED else None


def _moment(event: Mapping[str, Any]) -> Any:
    names = ("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")
    return next((moment(_short(event[name])) for name in names if name in event), None)


def _short(value: Any) -> Any:
    """Seven digits of a second are one more than Python knows."""
    if isinstance(value, str) and "." in value:
        head, _, rest = value.partition(".")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        return f"{head}.{digits[:6]}{rest[len(digits) :]}"
    return value
