"""The providers whose webhooks are understood, and what follows from what they say, in any order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection

from data.events import Kind as Event
from data.events import NewEvent, Whose, record, whose, whose_step
from sender.returns.categories import Category
from sender.returns.charge import Report, charge
from sender.returns.classify import Verdict, classify
from sender.returns.hooks import mailgun, mandrill, postmark, sendgrid, ses
from sender.returns.hooks.model import Call, Deed, Secrets, Told, Trust
from sender.returns.match import MESSAGE_ID
from sender.returns.wishes import complained
from sender.tokens import Purpose, Tokens


@dataclass(frozen=True, slots=True)
class Provider:
    """How its calls are checked, and how they are read."""

    trust: Callable[[Call, Secrets], Trust]
    told: Callable[[Call], Sequence[Told]]


PROVIDERS: Mapping[str, Provider] = {
    "mailgun": Provider(mailgun.trust, mailgun.told),
    "mandrill": Provider(mandrill.trust, mandrill.told),
    "postmark": Provider(postmark.trust, postmark.told),
    "sendgrid": Provider(sendgrid.trust, sendgrid.told),
    "ses": Provider(ses.trust, ses.told),
}

FAILURES = frozenset({Deed.BOUNCED, Deed.REJECTED, Deed.FAILED})
NOTES = {Deed.DEFERRED: Event.DELAY, Deed.DELIVERED: Event.DELIVERED, Deed.AUTORESPONDED: Event.AUTO_REPLY}
REASONS = {
    "invalid": Category.BAD_ADDRESS,
    "timed_out": Category.EXPIRED,
    "blocked": Category.POLICY,
}
"""Where a provider gives no words; its own suppressions are told apart in `_verdict`."""


def carry_out(connection: Connection, tokens: Tokens, name: str, told: Told, now: datetime) -> bool:
    """One report in the caller's transaction; False if it is not ours, says nothing new, or was told before.

    Opens and clicks are left out: our own pixel and links count them, and twice is not better.
    """
    who = _whose(connection, tokens, told)
    if who is None:
        return False
    at = told.at or now
    key = f"{name}:{who.recipient_id}:{told.deed}:{_identity(told)}"
    if told.deed in FAILURES:
        report = Report(who, _verdict(told), told.said or (told.reason or ""), at, key, name)
        return charge(connection, report) is not None
    if told.deed is Deed.COMPLAINED:
        return complained(connection, who, "abuse", at, key, name)
    if told.deed is Deed.UNSUBSCRIBED:
        return complained(connection, who, "opt-out", at, key, name)
    if told.deed in NOTES:
        event = NewEvent(
            kind=NOTES[told.deed],
            at=at,
            key=key,
            campaign_id=who.campaign_id,
            recipient_id=who.recipient_id,
            contact_id=who.contact_id,
            provider=who.provider,
            detail={"said": told.said[:500], "source": name},
        )
        return record(connection, [event]) > 0
    return False


def _whose(connection: Connection, tokens: Tokens, told: Told) -> Whose | None:
    """By the token that travelled as metadata, else by our Message-ID where the provider kept it."""
    numbers = tokens.read_mail(Purpose.BOUNCE, told.token) if told.token else None
    if numbers:
        return whose(connection, [numbers[0]]).get(numbers[0])
    match = MESSAGE_ID.fullmatch(told.message_id or "")
    step = tokens.read_mail(Purpose.MESSAGE, match[1]) if match else None
    return whose_step(connection, step[0], step[1], step[2]) if step and len(step) == 3 else None


def _verdict(told: Told) -> Verdict:
    """Their words, classified like anybody's; a provider that did not try has suppressed the address."""
    verdict = classify(told.said, status=told.status)
    if told.deed is Deed.REJECTED and told.reason in ("bounced", "spam", "unsubscribed"):
        return replace(verdict, category=Category.PROVIDER_SUPPRESSED, permanent=True)
    if verdict.category is Category.UNCLASSIFIED and told.reason in REASONS:
        return replace(verdict, category=REASONS[told.reason])
    return verdict


def _identity(told: Told) -> str:
    """The provider's own id of the event; without one, what it says."""
    said = f"{told.at}{told.said}{told.message_id}"
    return told.event_id or blake2b(said.encode(), digest_size=12).hexdigest()
