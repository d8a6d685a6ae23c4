"""Whether one recipient may be written to, now: asked at the claim and again just before MAIL FROM.

The rules are the table of `sender.audience.classes`. The facts come from the store (`data.consent`); judging
them is a pure function.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from data.campaigns import MessageClass
from data.consent import Act, Facts, facts
from data.lists import Member
from data.recipients import Recipient, Refusal, RefusalReason
from data.suppression import Reason
from sender.audience.classes import RULES


def may_send(connection: Connection, recipient: Recipient, now: datetime) -> Refusal | None:
    """None if the recipient may be written to at `now`, else why not."""
    return refusals(connection, [recipient], now).get(recipient.id)


def refusals(connection: Connection, recipients: Sequence[Recipient], now: datetime) -> Mapping[int, Refusal]:
    """By recipient id, those who may not be written to; a few queries for the whole batch."""
    known = facts(connection, recipients)
    judged = {each.id: judge(known[each.id], now) if each.id in known else GONE for each in recipients}
    refused = {recipient_id: refusal for recipient_id, refusal in judged.items() if refusal}
    return {**refused, **_twice([each for each in recipients if each.id not in refused], known, now)}


GONE = Refusal(RefusalReason.NO_CONSENT, "The contact was erased.")


def _twice(
    recipients: Sequence[Recipient], known: Mapping[int, Facts], now: datetime
) -> Mapping[int, Refusal]:
    """Who is in this batch a second time with a message that one person gets once a day."""
    seen: set[tuple[int, str]] = set()
    again: dict[int, Refusal] = {}
    for each in recipients:
        message_class = known[each.id].message_class
        if RULES[MessageClass(message_class)].once_in is None:
            continue
        if (each.contact_id, message_class) in seen:
            again[each.id] = Refusal(RefusalReason.TOO_SOON, f"asked at {now:%Y-%m-%d %H:%M} UTC")
        seen.add((each.contact_id, message_class))
    return again


def judge(known: Facts, now: datetime) -> Refusal | None:
    """What the rule of the message's class says (`sender.audience.classes`)."""
    rule = RULES[MessageClass(known.message_class)]
    if rule.own_only and not known.own:
        return Refusal(RefusalReason.NOT_OWN, "Not registered as an own address.")
    return (
        _suppressed(known, rule.stopped_by)
        or (_member(known) if rule.members_only else None)
        or (_consented(known) if rule.consent else None)
        or (_too_soon(known, now, rule.once_in) if rule.once_in else None)
    )


def _suppressed(known: Facts, reasons: frozenset[Reason]) -> Refusal | None:
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


def _too_soon(known: Facts, now: datetime, once_in: timedelta) -> Refusal | None:
    last = known.last_confirmation
    if last is None or now - last >= once_in:
        return None
    return Refusal(RefusalReason.TOO_SOON, f"asked at {last:%Y-%m-%d %H:%M} UTC")
