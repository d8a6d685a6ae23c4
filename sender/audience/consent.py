"""Whether one recipient may be written to, now: asked at the claim and again just before MAIL FROM.

The rules are docs/design.md, What always holds, 5. The facts come from the store (`data.consent`); judging
them is a pure function, so that the rules can be read and tested as a table.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from data.campaigns import MessageClass
from data.consent import Act, Facts, facts
from data.lists import Member
from data.recipients import Recipient, Refusal, RefusalReason
from data.suppression import Reason

ASK_AGAIN_AFTER = timedelta(days=1)
OWN_ONLY = frozenset({MessageClass.SEED, MessageClass.TEST, MessageClass.ALERT})
NEVER_TRANSACTIONAL = frozenset({Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.ERASED, Reason.PROVIDER})
"""What stops even a receipt: nobody lives there, or somebody called us spam."""


def may_send(connection: Connection, recipient: Recipient, now: datetime) -> Refusal | None:
    """None if the recipient may be written to at `now`, else why not."""
    return refusals(connection, [recipient], now).get(recipient.id)


def refusals(connection: Connection, recipients: Sequence[Recipient], now: datetime) -> Mapping[int, Refusal]:
    """By recipient id, those who may not be written to; a few queries for the whole batch."""
    known = facts(connection, recipients)
    judged = {each.id: judge(known[each.id], now) if each.id in known else GONE for each in recipients}
    return {recipient_id: refusal for recipient_id, refusal in judged.items() if refusal}


GONE = Refusal(RefusalReason.NO_CONSENT, "The contact was erased.")


def judge(known: Facts, now: datetime) -> Refusal | None:
    """The rules of the message classes."""
    match MessageClass(known.message_class):
        case MessageClass.CAMPAIGN | MessageClass.AUTOMATION:
            return _suppressed(known) or _member(known) or _consented(known)
        case MessageClass.TRANSACTIONAL:
            return _suppressed(known, NEVER_TRANSACTIONAL)
        case MessageClass.CONFIRMATION:
            return _suppressed(known, frozenset(Reason) - {Reason.UNSUBSCRIBED}) or _too_soon(known, now)
        case MessageClass.SEED | MessageClass.TEST | MessageClass.ALERT:
            return None if known.own else Refusal(RefusalReason.NOT_OWN, "Not registered as an own address.")


def _suppressed(known: Facts, reasons: frozenset[Reason] = frozenset(Reason)) -> Refusal | None:
    entry = known.suppressed
    if entry is None or entry.reason not in reasons:
        return None
    return Refusal(RefusalReason.SUPPRESSED, f"{entry.reason} since {entry.at:%Y-%m-%d}")


def _member(known: Facts) -> Refusal | None:
    if known.list_id is None or known.member is Member.SUBSCRIBED:
        return None
    return Refusal(RefusalReason.NOT_A_MEMBER, known.member or "not on the list")


def _consented(known: Facts) -> Refusal | None:
    if known.last_act in (Act.GIVEN, Act.CONFIRMED):
        return None
    return Refusal(RefusalReason.NO_CONSENT, "withdrawn" if known.last_act else "none recorded")


def _too_soon(known: Facts, now: datetime) -> Refusal | None:
    last = known.last_confirmation
    if last is None or now - last >= ASK_AGAIN_AFTER:
        return None
    return Refusal(RefusalReason.TOO_SOON, f"asked at {last:%Y-%m-%d %H:%M} UTC")
