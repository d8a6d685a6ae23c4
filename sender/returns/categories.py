"""The classes of what comes back, and what follows from each: whose fault, what for the contact, what to do.

Only a recipient's own fault ever counts against a contact. Blocks, authentication, content and faults on
the way are the sender's or somebody else's, whatever the code in the reply looked like.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    UNKNOWN_USER = "unknown_user"
    BAD_ADDRESS = "bad_address"
    BAD_DOMAIN = "bad_domain"
    MOVED = "moved"
    INACTIVE = "inactive"
    MAILBOX_FULL = "mailbox_full"
    RECIPIENT_RATE = "recipient_rate"
    GREYLISTED = "greylisted"
    THROTTLED = "throttled"
    REPUTATION = "reputation"
    CONNECTION = "connection"
    REMOTE = "remote_temporary"
    EXPIRED = "expired"
    BLOCKED_IP = "blocked_ip"
    BLOCKED_DNSBL = "blocked_dnsbl"
    BLOCKED_URL = "blocked_url"
    SPAM_CONTENT = "spam_content"
    POLICY = "policy"
    FILTERED = "filtered"
    AUTH_FAILED = "auth_failed"
    TLS = "tls"
    TOO_LARGE = "too_large"
    CONTENT = "content"
    VIRUS = "virus"
    SENDER_CONFIG = "sender_config"
    PROTOCOL = "protocol"
    RELAY = "relay"
    PROVIDER_SUPPRESSED = "provider_suppressed"
    AUTO_REPLY = "auto_reply"
    CHALLENGE = "challenge"
    COMPLAINT = "complaint"
    UNSUBSCRIBE_REPLY = "unsubscribe_reply"
    DELIVERED = "delivered"
    UNCLASSIFIED = "unclassified"


class Fault(StrEnum):
    RECIPIENT = "recipient"
    SENDER = "sender"
    CONTENT = "content"
    INFRASTRUCTURE = "infrastructure"
    PROVIDER = "provider"
    NONE = "none"


class Effect(StrEnum):
    """On the contact: suppressed at once, counted, or nothing."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


class Action(StrEnum):
    """What the sender does next."""

    SUPPRESS = "suppress"
    SCORE = "score"
    UNSUBSCRIBE = "unsubscribe"
    RETRY = "retry"
    BACK_OFF = "back_off"
    SUSPEND_EGRESS = "suspend_egress"
    PAUSE_PROVIDER = "pause_provider"
    PAUSE_DOMAIN = "pause_domain"
    STOP_CAMPAIGN = "stop_campaign"
    STOP_SERVER = "stop_server"
    COUNT = "count"
    IGNORE = "ignore"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Consequence:
    fault: Fault
    effect: Effect
    action: Action


CONSEQUENCES: Mapping[Category, Consequence] = {
    Category.UNKNOWN_USER: Consequence(Fault.RECIPIENT, Effect.HARD, Action.SUPPRESS),
    Category.BAD_ADDRESS: Consequence(Fault.RECIPIENT, Effect.HARD, Action.SUPPRESS),
    Category.BAD_DOMAIN: Consequence(Fault.RECIPIENT, Effect.HARD, Action.SUPPRESS),
    Category.MOVED: Consequence(Fault.RECIPIENT, Effect.HARD, Action.SUPPRESS),
    # an account that was switched off is often switched on again: it has to bounce more than once
    Category.INACTIVE: Consequence(Fault.RECIPIENT, Effect.SOFT, Action.SCORE),
    Category.MAILBOX_FULL: Consequence(Fault.RECIPIENT, Effect.SOFT, Action.SCORE),
    Category.EXPIRED: Consequence(Fault.INFRASTRUCTURE, Effect.SOFT, Action.SCORE),
    Category.RECIPIENT_RATE: Consequence(Fault.PROVIDER, Effect.NONE, Action.RETRY),
    Category.GREYLISTED: Consequence(Fault.PROVIDER, Effect.NONE, Action.RETRY),
    Category.THROTTLED: Consequence(Fault.SENDER, Effect.NONE, Action.BACK_OFF),
    Category.REPUTATION: Consequence(Fault.SENDER, Effect.NONE, Action.BACK_OFF),
    Category.CONNECTION: Consequence(Fault.INFRASTRUCTURE, Effect.NONE, Action.RETRY),
    Category.REMOTE: Consequence(Fault.PROVIDER, Effect.NONE, Action.RETRY),
    Category.BLOCKED_IP: Consequence(Fault.SENDER, Effect.NONE, Action.SUSPEND_EGRESS),
    Category.BLOCKED_DNSBL: Consequence(Fault.SENDER, Effect.NONE, Action.SUSPEND_EGRESS),
    Category.BLOCKED_URL: Consequence(Fault.CONTENT, Effect.NONE, Action.STOP_CAMPAIGN),
    Category.SPAM_CONTENT: Consequence(Fault.CONTENT, Effect.NONE, Action.PAUSE_PROVIDER),
    Category.POLICY: Consequence(Fault.SENDER, Effect.NONE, Action.COUNT),
    Category.FILTERED: Consequence(Fault.RECIPIENT, Effect.SOFT, Action.SCORE),
    Category.AUTH_FAILED: Consequence(Fault.SENDER, Effect.NONE, Action.PAUSE_DOMAIN),
    Category.TLS: Consequence(Fault.INFRASTRUCTURE, Effect.NONE, Action.RETRY),
    Category.TOO_LARGE: Consequence(Fault.CONTENT, Effect.NONE, Action.STOP_CAMPAIGN),
    Category.CONTENT: Consequence(Fault.CONTENT, Effect.NONE, Action.STOP_CAMPAIGN),
    Category.VIRUS: Consequence(Fault.CONTENT, Effect.NONE, Action.STOP_CAMPAIGN),
    Category.SENDER_CONFIG: Consequence(Fault.SENDER, Effect.NONE, Action.STOP_SERVER),
    Category.PROTOCOL: Consequence(Fault.SENDER, Effect.NONE, Action.STOP_SERVER),
    Category.RELAY: Consequence(Fault.SENDER, Effect.NONE, Action.STOP_SERVER),
    Category.PROVIDER_SUPPRESSED: Consequence(Fault.RECIPIENT, Effect.HARD, Action.SUPPRESS),
    Category.AUTO_REPLY: Consequence(Fault.NONE, Effect.NONE, Action.IGNORE),
    Category.CHALLENGE: Consequence(Fault.NONE, Effect.NONE, Action.IGNORE),
    Category.COMPLAINT: Consequence(Fault.RECIPIENT, Effect.HARD, Action.UNSUBSCRIBE),
    Category.UNSUBSCRIBE_REPLY: Consequence(Fault.NONE, Effect.NONE, Action.UNSUBSCRIBE),
    Category.DELIVERED: Consequence(Fault.NONE, Effect.NONE, Action.IGNORE),
    Category.UNCLASSIFIED: Consequence(Fault.NONE, Effect.NONE, Action.REVIEW),
}
