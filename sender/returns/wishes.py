"""What people want of us, told by somebody else: a complaint, or to be off a list. Idempotent by key."""

from datetime import datetime

from sqlalchemy import Connection

from data.bounces import address_of
from data.campaigns import campaign_by_id
from data.events import Kind, NewEvent, Whose, record
from data.suppression import Kind as What
from data.suppression import Reason, suppress
from sender.audience.leave import leave

NO_WISH = frozenset({"not-spam", "auth-failure", "dkim", "virus"})
"""Feedback that is recorded and changes nothing for the contact."""


def complained(connection: Connection, who: Whose, kind: str, at: datetime, key: str, source: str) -> bool:
    """A complaint ends everything; a request to opt out ends the subscription. False if told before."""
    opted_out = kind.startswith("opt-out")
    event = NewEvent(
        kind=Kind.UNSUBSCRIBE if opted_out else Kind.COMPLAINT,
        at=at,
        key=key,
        campaign_id=who.campaign_id,
        recipient_id=who.recipient_id,
        contact_id=who.contact_id,
        provider=who.provider,
        detail={"feedback_type": kind, "source": source},
    )
    if record(connection, [event]) == 0:
        return False
    if kind in NO_WISH:
        return True
    leave(connection, who.contact_id, _list_of(connection, who), "complaint", at)
    address = address_of(connection, who.contact_id)
    if address is not None and not opted_out:
        suppress(connection, What.ADDRESS, address, Reason.COMPLAINT, at, detail=f"{source}: {kind}")
    return True


def _list_of(connection: Connection, who: Whose) -> int:
    campaign = campaign_by_id(connection, who.campaign_id)
    return (campaign.list_id if campaign else None) or 0
