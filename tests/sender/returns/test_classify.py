# ruff: noqa: E501 - replies stand as they were said
"""The classifier on replies as providers word them: the right class, and nobody charged for our faults."""

import pytest

from sender.returns.categories import CONSEQUENCES, Action, Category, Effect, Fault
from sender.returns.classify import Phase, classify

C = Category

REPLIES: list[tuple[Category, str]] = [
    # Gmail
    (C.UNKNOWN_USER, "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n550 5.1.1 x"),
    (C.INACTIVE, "550 5.2.1 The email account that you tried to reach is disabled."),
    (C.RECIPIENT_RATE, "450 4.2.1 The user you are trying to contact is receiving mail too quickly."),
    (C.RECIPIENT_RATE, "550-5.2.1 The user you are trying to contact is receiving mail at a rate that"),
    (C.MAILBOX_FULL, "452 4.2.2 The email account that you tried to reach is over quota."),
    (C.MAILBOX_FULL, "552-5.2.2 The recipient's inbox is out of storage space and inactive."),
    (C.THROTTLED, "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP"),
    (C.SPAM_CONTENT, "550-5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail."),
    (C.REPUTATION, "421-4.7.0 this message is suspicious due to the very low reputation of the sending domain."),
    (C.AUTH_FAILED, "550-5.7.26 This mail has been blocked because the sender is unauthenticated."),
    (C.AUTH_FAILED, "550-5.7.26 Unauthenticated email from x.test is not accepted due to domain's DMARC policy."),
    (C.BLOCKED_IP, "550-5.7.25 [192.0.2.1] The IP address sending this message does not have a PTR record setup"),
    (C.CONTENT, "552-5.7.0 This message was blocked because its content presents a potential security issue."),
    (C.CONTENT, "550-5.7.1 This message is not RFC 5322 compliant. There are multiple From headers."),
    (C.REMOTE, "421 4.3.0 Temporary System Problem. Try again later."),
    # Yahoo
    (C.REPUTATION, "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints"),
    (C.BLOCKED_IP, "421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed."),
    (C.BLOCKED_DNSBL, "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list"),
    (C.UNKNOWN_USER, "554 delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.com) [-9]"),
    (C.MOVED, "554 delivery error: dd Not a valid recipient - this account is no longer valid [-20]"),
    (C.POLICY, "554 5.7.9 Message not accepted for policy reasons."),
    # Microsoft
    (C.UNKNOWN_USER, "550 5.5.0 Requested action not taken: mailbox unavailable"),
    (C.UNKNOWN_USER, "550 5.4.1 Recipient address rejected: Access denied. [x.prod.protection.outlook.com]"),
    (C.REPUTATION, "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. (S775)"),
    (C.THROTTLED, "451 4.7.652 The mail server has exceeded the maximum number of connections. (S3115)"),
    (C.BLOCKED_IP, "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. part of their network is on our block list (S3140)."),
    (C.BLOCKED_IP, "550 5.7.606 Access denied, banned sending IP [192.0.2.1]"),
    (C.AUTH_FAILED, "550 5.7.515 Access denied, sending domain X.TEST doesn't meet the required authentication level."),
    # Apple
    (C.UNKNOWN_USER, "550 5.1.1 <x@icloud.com>: user does not exist"),
    (C.INACTIVE, "550 5.1.1 <x@icloud.com>: inactive email address"),
    (C.BLOCKED_URL, "550 5.7.1 Your email was rejected due to having a domain present in the Spamhaus DBL"),
    (C.POLICY, "550 5.7.1 [CS01] Message rejected due to local policy."),
    # everybody
    (C.UNKNOWN_USER, "550 5.1.1 <x@y.test>: Recipient address rejected: User unknown in virtual mailbox table"),
    (C.GREYLISTED, "451 4.7.1 <x@y.test>: Recipient address rejected: Greylisted, see http://postgrey"),
    (C.RELAY, "554 5.7.1 <x@y.test>: Relay access denied"),
    (C.BAD_DOMAIN, "550 5.4.4 Invalid domain"),
    (C.BAD_DOMAIN, "556 5.1.10 The domain does not accept mail (null MX)"),
    (C.TOO_LARGE, "552 5.3.4 Message size exceeds fixed limit"),
    (C.EXPIRED, "421 4.4.7 Delivery time expired"),
    (C.CONNECTION, "connect to mx.y.test[192.0.2.9]:25: Connection timed out"),
    (C.VIRUS, "550 5.7.1 Virus Eicar-Test-Signature found"),
    (C.TLS, "530 5.7.0 Must issue a STARTTLS command first"),
    (C.SENDER_CONFIG, "553 5.1.8 <x@y.test>: Sender address rejected: Domain not found"),
    (C.UNCLASSIFIED, "xyzzy"),
]  # fmt: skip


@pytest.mark.parametrize(("category", "text"), REPLIES)
def test_a_reply_is_understood(category: Category, text: str) -> None:
    assert classify(text).category is category


@pytest.mark.parametrize(
    ("status", "category"),
    [
        ("5.1.1", C.UNKNOWN_USER),
        ("5.1.2", C.BAD_DOMAIN),
        ("4.2.2", C.MAILBOX_FULL),
        ("5.7.13", C.INACTIVE),
        ("5.7.17", C.MOVED),
        ("5.7.99", C.POLICY),
        ("5.4.7", C.EXPIRED),
        ("5.9.9", C.UNCLASSIFIED),
    ],
)
def test_where_the_text_says_nothing_the_code_does(status: str, category: Category) -> None:
    assert classify("", status=status).category is category


def test_no_fault_of_the_sender_touches_a_contact() -> None:
    """A block, an authentication failure or a bad message must never cost a subscription."""
    ours = (Fault.SENDER, Fault.CONTENT, Fault.PROVIDER)
    for category, consequence in CONSEQUENCES.items():
        if consequence.fault in ours:
            assert consequence.effect is Effect.NONE, category
        if consequence.effect is Effect.HARD:
            assert consequence.fault is Fault.RECIPIENT, category
    assert set(CONSEQUENCES) == set(Category)


def test_a_mailbox_that_was_accepted_and_then_refused_is_not_called_unknown() -> None:
    text = "550 User unknown"
    assert classify(text, phase=Phase.RCPT).category is C.UNKNOWN_USER
    assert classify(text, phase=Phase.DATA).category is C.FILTERED
    assert classify("550 5.1.1 User unknown", phase=Phase.DATA).category is C.UNKNOWN_USER


def test_a_domain_that_fails_for_now_is_not_gone() -> None:
    gone = classify("550 5.1.2 Host unknown")
    assert (gone.effect, gone.action) == (Effect.HARD, Action.SUPPRESS)
    now = classify("451 4.4.3 Host not found, DNS error: domain not found")
    assert now.effect is not Effect.HARD
    assert now.action is not Action.SUPPRESS


@pytest.mark.parametrize("text", ["", "\x00\ufffd" * 50, "5" * 100_000, "a@" * 50_000, " 550-5.1.1" * 20_000])
def test_any_text_is_judged(text: str) -> None:
    assert classify(text).category in Category
