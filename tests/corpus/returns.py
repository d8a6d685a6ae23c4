"""Adapters of what comes back: replies and mails."""

from collections.abc import Mapping

from sender.returns.categories import Category, Effect
from sender.returns.classify import classify
from sender.returns.understand import Kind, Result, understand
from tests.corpus.cases import Case
from tests.corpus.suites import Output

COARSE: Mapping[Category, str] = {
    Category.UNKNOWN_USER: "bad_mailbox",
    Category.BAD_ADDRESS: "bad_mailbox",
    Category.MOVED: "bad_mailbox",
    Category.INACTIVE: "inactive_mailbox",
    Category.BAD_DOMAIN: "bad_domain",
    Category.MAILBOX_FULL: "mailbox_full",
    Category.RECIPIENT_RATE: "rate_limited",
    Category.GREYLISTED: "rate_limited",
    Category.THROTTLED: "rate_limited",
    Category.REPUTATION: "blocked",
    Category.CONNECTION: "network",
    Category.REMOTE: "system",
    Category.EXPIRED: "expired",
    Category.BLOCKED_IP: "blocked",
    Category.BLOCKED_DNSBL: "blocked",
    Category.BLOCKED_URL: "blocked",
    Category.SPAM_CONTENT: "spam_content",
    Category.POLICY: "policy",
    Category.FILTERED: "policy",
    Category.AUTH_FAILED: "auth",
    Category.TLS: "auth",
    Category.TOO_LARGE: "too_large",
    Category.CONTENT: "content",
    Category.VIRUS: "content",
    Category.SENDER_CONFIG: "policy",
    Category.PROTOCOL: "protocol",
    Category.RELAY: "relaying",
    Category.PROVIDER_SUPPRESSED: "suppressed",
    Category.AUTO_REPLY: "autoreply",
    Category.CHALLENGE: "autoreply",
    Category.COMPLAINT: "complaint",
    Category.UNSUBSCRIBE_REPLY: "autoreply",
    Category.DELIVERED: "delivered",
    Category.UNCLASSIFIED: "unknown",
}
"""The suites' coarse words for our categories."""


def reply(case: Case) -> Output:
    """One reply's text."""
    verdict = classify(case.input["text"])
    return {
        "category": COARSE[verdict.category],
        "hard": verdict.effect is Effect.HARD,
        "permanent": verdict.permanent,
        "ours": verdict.category.value,
    }


KINDS: Mapping[Kind, str] = {
    Kind.HARD: "bounce",
    Kind.SOFT: "bounce",
    Kind.NONE: "bounce",
    Kind.DELAY: "bounce",
    Kind.COMPLAINT: "complaint",
    Kind.AUTO_REPLY: "autoreply",
    Kind.DELIVERED: "delivered",
    Kind.NOT_A_BOUNCE: "none",
}


def mail(case: Case) -> Output:
    """One whole mail."""
    returned = understand(case.read())
    return {"kind": KINDS[returned.kind], "results": [_result(each) for each in returned.results]}


def _result(each: Result) -> Output:
    return {
        "recipient": each.recipient,
        "action": "delayed" if each.kind is Kind.DELAY else "failed",
        "hard": each.kind is Kind.HARD,
        "temporary": each.kind is Kind.DELAY,
        "category": COARSE[each.verdict.category],
        "status": each.verdict.enhanced,
        "smtp_code": each.verdict.code,
        "feedback_type": each.feedback_type,
        "ours": each.verdict.category.value,
        "diagnostic": each.diagnostic,
    }
