"""What would break a promise about messages: each query finds the ids of rows that must not be there."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, and_, exists, func, literal, null, or_, select

from data.states import LEASED, OPEN, State
from data.tables import (
    attempt,
    campaign,
    consent,
    contact,
    import_change,
    membership,
    recipient,
    suppression,
)

LISTS = ("campaign", "automation")
"""Message classes that go to people who agreed."""
HANDED_OVER = (State.SENDING, State.SENT, State.UNKNOWN)
UNDER_WAY = timedelta(minutes=15)
"""What is said while a message is on its way comes too late for it."""
FORGOTTEN = timedelta(hours=1)
"""A lease lasts minutes; a row whose lease ended that long ago is worked on by nobody."""
ONE_DAY = timedelta(days=1).total_seconds() * 1_000_000


def rows_twice(_now: datetime) -> Select[Any]:
    """People with more than one row for one message."""
    same = (recipient.c.campaign_id, recipient.c.contact_id, recipient.c.step)
    return select(func.max(recipient.c.id).label("id")).group_by(*same).having(func.count() > 1)


def states_unheard_of(_now: datetime) -> Select[Any]:
    """Rows in a state that does not exist."""
    return select(recipient.c.id).where(recipient.c.state.not_in([state.value for state in State]))


def claims_without_holder(_now: datetime) -> Select[Any]:
    """A lease and an owner belong to claimed and sending rows, and to no other."""
    leased = _in(LEASED)
    lease, owner = recipient.c.lease_until.is_not(None), recipient.c.owner.is_not(None)
    return select(recipient.c.id).where(or_(leased != lease, leased != owner))


def sent_without_answer(_now: datetime) -> Select[Any]:
    """Rows that say sent, with nothing to show for it: no time, no fence, or an answer that is no yes."""
    no = and_(recipient.c.code.is_not(None), ~recipient.c.code.between(200, 299))
    bare = or_(recipient.c.settled_at.is_(None), recipient.c.fence < 1, no)
    return select(recipient.c.id).where(recipient.c.state == State.SENT.value, bare)


def handed_over_unnamed(_now: datetime) -> Select[Any]:
    """What may have left must be known by its Message-ID, or a copy could not be told from the first."""
    return select(recipient.c.id).where(_in(HANDED_OVER), recipient.c.message_id == "", ~_erased())


def claims_forgotten(now: datetime) -> Select[Any]:
    """Claims whose lease is long over: nobody gives them back."""
    return select(recipient.c.id).where(recipient.c.lease_until < now - FORGOTTEN)


def finished_and_open(_now: datetime) -> Select[Any]:
    """Campaigns that are called finished while somebody still waits."""
    still = exists().where(recipient.c.campaign_id == campaign.c.id, _in(OPEN))
    return select(campaign.c.id).where(campaign.c.state == "finished", still)


def started_without_content(_now: datetime) -> Select[Any]:
    """Campaigns that send without the copy of their content that is taken at the start."""
    started = campaign.c.state.in_(("sending", "paused", "finished"))
    return select(campaign.c.id).where(started, campaign.c.content.is_(null()))


def sent_without_consent(_now: datetime) -> Select[Any]:
    """Mail to a list, to somebody of whom it is not recorded that they agreed before.

    Whose consent was removed on purpose since, by erasing them or by undoing their import, does not count.
    """
    agreed = exists().where(
        consent.c.contact_id == recipient.c.contact_id,
        consent.c.act.in_(("given", "confirmed")),
        or_(consent.c.list_id.is_(None), consent.c.list_id == campaign.c.list_id),
        or_(recipient.c.settled_at.is_(None), consent.c.at <= recipient.c.settled_at),
    )
    undone = exists().where(
        import_change.c.contact_id == recipient.c.contact_id, import_change.c.undone_at.is_not(None)
    )
    return _to_lists().where(~agreed, ~undone, ~_erased())


def sent_though_suppressed(_now: datetime) -> Select[Any]:
    """Mail to a list, to an address that was suppressed before."""
    before = exists().where(
        suppression.c.kind == "address",
        suppression.c.value == recipient.c.address,
        suppression.c.at < _earlier(UNDER_WAY),
    )
    return _to_lists().where(recipient.c.state == State.SENT.value, before, ~_was_unknown())


def sent_though_they_left(_now: datetime) -> Select[Any]:
    """Mail to a list, to somebody who had left it before."""
    before = exists().where(
        membership.c.list_id == campaign.c.list_id,
        membership.c.contact_id == recipient.c.contact_id,
        membership.c.state == "unsubscribed",
        membership.c.at < _earlier(UNDER_WAY),
    )
    return _to_lists().where(recipient.c.state == State.SENT.value, before, ~_was_unknown())


def confirmations_too_often(_now: datetime) -> Select[Any]:
    """A second request to confirm within a day."""
    other, theirs = recipient.alias(), campaign.alias()
    sooner = (
        select(literal(1))
        .select_from(other.join(theirs, theirs.c.id == other.c.campaign_id))
        .where(other.c.contact_id == recipient.c.contact_id, other.c.id < recipient.c.id)
        .where(theirs.c.message_class == "confirmation", other.c.state == State.SENT.value)
        .where(_number(recipient.c.settled_at) - _number(other.c.settled_at) < ONE_DAY)
        .where(other.c.settled_at <= recipient.c.settled_at)
    )
    return (
        select(recipient.c.id)
        .join(campaign, campaign.c.id == recipient.c.campaign_id)
        .where(campaign.c.message_class == "confirmation", recipient.c.state == State.SENT.value)
        .where(sooner.exists())
    )


def _to_lists() -> Select[Any]:
    return (
        select(recipient.c.id)
        .join(campaign, campaign.c.id == recipient.c.campaign_id)
        .where(campaign.c.message_class.in_(LISTS), _in(HANDED_OVER))
    )


def _was_unknown() -> Any:
    """The time of its settlement is that of a later report."""
    return exists().where(attempt.c.recipient_id == recipient.c.id, attempt.c.result == "unknown")


def _erased() -> Any:
    """What is left of an erased person has neither address nor Message-ID."""
    return exists().where(contact.c.id == recipient.c.contact_id, contact.c.erased_at.is_not(None))


def _in(states: Any) -> Any:
    return recipient.c.state.in_([state.value for state in states])


def _earlier(than: timedelta) -> Any:
    return _number(recipient.c.settled_at) - int(than.total_seconds() * 1_000_000)


def _number(column: Any) -> Any:
    """The microseconds that an `Instant` is in the store."""
    return func.coalesce(column, 0, type_=BigInteger)
