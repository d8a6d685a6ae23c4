"""What the numbers say, where the text says nothing: RFC 3463, RFC 5248, RFC 7372, RFC 7505 and the registry.

The first row whose prefix fits decides; the class digit is left out, since 4.1.1 and 5.1.1 speak of the same
thing. Basic reply codes (RFC 5321 section 4.2) come last: they say the least.
"""

from collections.abc import Mapping

from sender.returns.categories import Category

ENHANCED: Mapping[str, Category] = {
    "1.1": Category.UNKNOWN_USER,
    "1.2": Category.BAD_DOMAIN,
    "1.3": Category.BAD_ADDRESS,
    "1.4": Category.UNKNOWN_USER,
    "1.5": Category.DELIVERED,
    "1.6": Category.MOVED,
    "1.7": Category.SENDER_CONFIG,
    "1.8": Category.SENDER_CONFIG,
    "1.9": Category.REMOTE,
    "1.10": Category.BAD_DOMAIN,
    "1.0": Category.UNKNOWN_USER,
    "2.1": Category.INACTIVE,
    "2.2": Category.MAILBOX_FULL,
    "2.3": Category.TOO_LARGE,
    "2.4": Category.UNKNOWN_USER,
    "2.0": Category.FILTERED,
    "3.1": Category.REMOTE,
    "3.2": Category.REMOTE,
    "3.3": Category.REMOTE,
    "3.4": Category.TOO_LARGE,
    "3.5": Category.REMOTE,
    "3.0": Category.REMOTE,
    "4.1": Category.CONNECTION,
    "4.2": Category.CONNECTION,
    "4.3": Category.CONNECTION,
    "4.4": Category.BAD_DOMAIN,
    "4.5": Category.THROTTLED,
    "4.6": Category.CONNECTION,
    "4.7": Category.EXPIRED,
    "4.0": Category.CONNECTION,
    "5.3": Category.THROTTLED,
    "5": Category.PROTOCOL,
    "6.7": Category.PROTOCOL,
    "6.8": Category.PROTOCOL,
    "6.9": Category.CONTENT,
    "6": Category.CONTENT,
    "7.4": Category.PROTOCOL,
    "7.8": Category.SENDER_CONFIG,
    "7.9": Category.SENDER_CONFIG,
    "7.10": Category.TLS,
    "7.11": Category.TLS,
    "7.13": Category.INACTIVE,
    "7.17": Category.MOVED,
    "7.18": Category.MOVED,
    "7.20": Category.AUTH_FAILED,
    "7.21": Category.AUTH_FAILED,
    "7.22": Category.AUTH_FAILED,
    "7.23": Category.AUTH_FAILED,
    "7.24": Category.AUTH_FAILED,
    "7.25": Category.AUTH_FAILED,
    "7.26": Category.AUTH_FAILED,
    "7.27": Category.SENDER_CONFIG,
    "7.28": Category.THROTTLED,
    "7.29": Category.AUTH_FAILED,
    "7.30": Category.TLS,
    "7": Category.POLICY,
}

BASIC: Mapping[int, Category] = {
    421: Category.REMOTE,
    450: Category.REMOTE,
    451: Category.REMOTE,
    452: Category.REMOTE,
    454: Category.PROTOCOL,
    500: Category.PROTOCOL,
    501: Category.PROTOCOL,
    502: Category.PROTOCOL,
    503: Category.PROTOCOL,
    504: Category.PROTOCOL,
    521: Category.BAD_DOMAIN,
    525: Category.INACTIVE,
    530: Category.SENDER_CONFIG,
    535: Category.SENDER_CONFIG,
    550: Category.POLICY,
    551: Category.UNKNOWN_USER,
    552: Category.MAILBOX_FULL,
    553: Category.UNKNOWN_USER,
    554: Category.POLICY,
    555: Category.PROTOCOL,
    556: Category.BAD_DOMAIN,
    571: Category.POLICY,
}


def by_enhanced(status: str) -> Category | None:
    """ "5.1.1" -> what subject and detail mean; None for an unknown or empty one."""
    _, _, rest = status.partition(".")
    return ENHANCED.get(rest) or ENHANCED.get(rest.partition(".")[0])
