"""What follows from what a provider's webhook tells, in any order and however often."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from sqlalchemy import Connection

from data.events import Kind as Event
from data.events import NewEvent, Whose, record, whose, whose_step
from sender.returns.categories import Category
from sender.returns.charge import Report, charge
from sender.returns.classify import Verdict, classify
from sender.returns.hooks.model import Deed, Told
from sender.returns.match import MESSAGE_ID
from sender.returns.wishes import complained
from sender.tokens import Purpose, Tokens


class Became(StrEnum):
    """What a report came to. Opens and clicks are left out: our own pixel and links count them."""

    RECORDED = "recorded"
    AGAIN = "recorded before"
    NOT_OURS = "not about a message of ours"
    NOTHING = "says nothing new"
    UNKNOWN = "not known"


FAILURES = frozenset({Deed.BOUNCED, Deed.REJECTED, Deed.FAILED})
NOTES = {
    Deed.DEFERRED: Event.DELAY,
    Deed.DELIVERED: Event.DELIVERED,
    Deed.AUTORESPONDED: Event.AUTO_REPLY,
    Deed.UNKNOWN: Event.OTHER,
}
OLDEST, AHEAD = timedelta(days=30), timedelta(minutes=5)
"""A time outside these is not believed."""
REASONS = {
    "invalid": Category.BAD_ADDRESS,
    "timed_out": Category.EXPIRED,
    "blocked": Category.POLICY,
}
"""Where a provider gives no words; its own suppressions are told apart in `_verdict`."""


def carry_out(connection: Connection, tokens: Tokens, name: str, told: Told, now: datetime) -> Became:
    """One report, in the caller's transaction. `name` is the provider's."""
    who = _whose(connection, tokens, told)
    if who is None:
        return Became.UNKNOWN if told.deed is Deed.UNKNOWN else Became.NOT_OURS
    at = told.at if told.at and now - OLDEST <= told.at <= now + AHEAD else now
    key = f"{name}:{who.recipient_id}:{told.deed}:{_identity(told)}"
    if told.deed in FAILURES or _by_filter(told):
        report = Report(who, _verdict(told), told.said or told.word or told.reason or "", at, key, name)
        return _became(charge(connection, report) is not None)
    if told.deed is Deed.COMPLAINED:
        key = f"complaint:{who.recipient_id}:abuse"  # the same one may come as a report by mail too
        return _became(complained(connection, who, "abuse", at, key, name))
    if told.deed is Deed.UNSUBSCRIBED:
        return _became(complained(connection, who, "opt-out", at, key, name))
    if told.deed not in NOTES:
        return Became.NOTHING
    new = record(connection, [_note(who, told, at, key, name)]) > 0
    return Became.UNKNOWN if told.deed is Deed.UNKNOWN else _became(new)


def _became(new: bool) -> Became:
    return Became.RECORDED if new else Became.AGAIN


def _by_filter(told: Told) -> bool:
    """Some providers call it a complaint when a filter refused."""
    return told.deed is Deed.COMPLAINED and told.hint is Category.SPAM_CONTENT


def _note(who: Whose, told: Told, at: datetime, key: str, name: str) -> NewEvent:
    return NewEvent(
        kind=NOTES[told.deed],
        at=at,
        key=key,
        campaign_id=who.campaign_id,
        recipient_id=who.recipient_id,
        contact_id=who.contact_id,
        provider=who.provider,
        detail={"said": told.said[:500], "source": name, "word": told.word[:100]},
    )


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
    suppressed = told.deed is Deed.REJECTED and told.reason in ("bounced", "spam", "unsubscribed")
    if told.hint is Category.PROVIDER_SUPPRESSED or (suppressed and told.hint is None):
        return replace(verdict, category=Category.PROVIDER_SUPPRESSED, permanent=True)
    if verdict.category is Category.UNCLASSIFIED:
        return replace(verdict, category=told.hint or REASONS.get(told.reason or "", verdict.category))
    return verdict


def _identity(told: Told) -> str:
    """The provider's own id of the event; without one, what it says."""
    said = f"{told.at}{told.said}{told.message_id}"
    return told.event_id or blake2b(said.encode(), digest_size=12).hexdigest()
