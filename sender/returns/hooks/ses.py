"""Amazon SES through SNS: notifications and event publishing, wrapped or raw."""

from collections.abc import Mapping
from typing import Any

from sender.returns.categories import Category
from sender.returns.hooks.model import (
    MOST_EVENTS,
    Call,
    Deed,
    Secrets,
    Told,
    Trust,
    by_login,
    json_of,
    moment,
    record,
    records,
    text,
    together,
    token_in,
)

DEEDS = {
    "Bounce": Deed.BOUNCED,
    "Complaint": Deed.COMPLAINED,
    "Delivery": Deed.DELIVERED,
    "Send": Deed.SENT,
    "Reject": Deed.REJECTED,
    "Open": Deed.OPENED,
    "Click": Deed.CLICKED,
    "Rendering Failure": Deed.FAILED,
    "DeliveryDelay": Deed.DEFERRED,
    "Subscription": Deed.UNSUBSCRIBED,
}
REASONS = {
    Deed.BOUNCED: "bounced",
    Deed.COMPLAINED: "spam",
    Deed.REJECTED: "blocked",
    Deed.FAILED: "other",
}
HINTS = {
    "Permanent/General": Category.UNKNOWN_USER,
    "Permanent/NoEmail": Category.UNKNOWN_USER,
    "Permanent/Suppressed": Category.PROVIDER_SUPPRESSED,
    "Permanent/OnAccountSuppressionList": Category.PROVIDER_SUPPRESSED,
    "Permanent/UnsubscribedRecipient": Category.PROVIDER_SUPPRESSED,
    "Transient/MailboxFull": Category.MAILBOX_FULL,
    "Transient/MessageTooLarge": Category.TOO_LARGE,
    "Transient/ContentRejected": Category.SPAM_CONTENT,
    "Transient/AttachmentRejected": Category.CONTENT,
    "Transient/CustomTimeoutExceeded": Category.EXPIRED,
}
"""By bounceType and bounceSubType (SES developer guide, "Bounce types")."""
OWN = {Deed.REJECTED: Category.VIRUS, Deed.FAILED: Category.CONTENT}
"""SES rejects a message itself for a virus, and fails to render a template."""
CONFIRMING = ("SubscriptionConfirmation", "UnsubscribeConfirmation")


def trust(call: Call, secrets: Secrets) -> Trust:
    """By login and by topic; the signature of SNS is checked beside it (`sns`), since that needs a fetch.

    A topic is confirmed only for who knows the login or listed it: anybody may point a topic of theirs at us.
    """
    message = record(json_of(call.body))
    if not message:
        return Trust.REFUSED
    verdict = together(by_login(call, secrets), _topic(message, secrets))
    if message.get("Type") in CONFIRMING and verdict is Trust.UNCHECKED:
        return Trust.REFUSED
    return verdict


def _topic(message: Mapping[str, Any], secrets: Secrets) -> Trust:
    if not secrets.topics:
        return Trust.UNCHECKED
    return Trust.GENUINE if message.get("TopicArn") in secrets.topics else Trust.REFUSED


def told(call: Call) -> list[Told]:
    return told_in(call.body)


def told_in(body: bytes | str) -> list[Told]:
    """The events of a notification; SNS may deliver it raw, without its wrapping."""
    outer = record(json_of(body))
    if outer.get("Type") in CONFIRMING:
        return []
    event = record(json_of(text(outer.get("Message")))) if "Message" in outer else outer
    if "notificationType" not in event and "eventType" not in event:
        return []
    return _told(event, text(outer.get("MessageId")) or None, outer.get("Timestamp"))


def _told(event: Mapping[str, Any], event_id: str | None, stamp: Any) -> list[Told]:
    kind = text(event.get("eventType")) or text(event.get("notificationType"))
    mail = record(event.get("mail"))
    detail = record(event.get(_key(kind)))
    deed = DEEDS.get(kind, Deed.UNKNOWN)
    people = _people(detail) or [{"emailAddress": each} for each in _destinations(mail)]
    return [
        Told(
            deed=deed,
            recipient=text(each.get("emailAddress")) or None,
            at=moment(detail.get("timestamp")) or moment(stamp),
            event_id=event_id,
            message_id=text(mail.get("messageId")) or None,
            token=token_in(mail.get("tags"), _headers(mail)),
            reason=REASONS.get(deed),
            said=text(each.get("diagnosticCode")) or text(detail.get("smtpResponse")) or _subtype(detail),
            status=text(each.get("status")),
            url=text(detail.get("link")),
            agent=text(detail.get("userAgent")),
            word="/".join(filter(None, (kind, _subtype(detail)))),
            hint=OWN.get(deed) or HINTS.get(_subtype(detail)),
        )
        for each in people[:MOST_EVENTS]
    ]


def _key(kind: str) -> str:
    """Where the details of an event stand: bounce, deliveryDelay, failure (for a failed rendering)."""
    return "failure" if kind == "Rendering Failure" else kind[:1].lower() + kind[1:]


def _people(detail: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    for name in ("bouncedRecipients", "complainedRecipients", "delayedRecipients"):
        if found := records(detail.get(name)):
            return found
    delivered = detail.get("recipients")
    if isinstance(delivered, list):
        return [{"emailAddress": each} for each in delivered if isinstance(each, str)]
    return []


def _destinations(mail: Mapping[str, Any]) -> list[str]:
    found = mail.get("destination")
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _headers(mail: Mapping[str, Any]) -> Mapping[str, Any]:
    return {text(each.get("name")).lower(): each.get("value") for each in records(mail.get("headers"))}


def _subtype(detail: Mapping[str, Any]) -> str:
    """SES's own words, where it gives no reply: "Permanent/Suppressed"."""
    kind, sub = text(detail.get("bounceType")), text(detail.get("bounceSubType"))
    return f"{kind}/{sub}" if kind else ""
