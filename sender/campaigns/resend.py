"""A person has a campaign go again to some of its recipients: unsent, failed, or those of unknown fate.

Each is one transaction, changes nothing when said twice, and leaves an event. Whoever was sent to never gets
it again: the store refuses that move. A message that goes again keeps its Message-ID.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from data import recipients
from data.campaigns import Campaign
from data.campaigns import State as CampaignState
from data.events import Kind, NewEvent, record
from data.states import State
from data.store import Store
from sender.campaigns.lifecycle import MOVES, Action, NotNow, act
from sender.campaigns.start import CANCELLED, named
from sender.returns.categories import CONSEQUENCES, Effect

HARD = tuple(category.value for category, then in CONSEQUENCES.items() if then.effect is Effect.HARD)
"""Nobody lives there, or they want no mail: sending again would only harm the sender."""


class Which(StrEnum):
    """To whom."""

    UNSENT = "unsent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which rows: their states, and which categories among them."""

    states: Sequence[State]
    only: Sequence[str] = ()
    without: Sequence[str] = ()


ROWS: Mapping[Which, Chosen] = {
    Which.UNSENT: Chosen((State.SKIPPED,), only=(CANCELLED,)),  # of a paused campaign they still wait
    Which.FAILED: Chosen((State.FAILED,), without=HARD),
    Which.UNKNOWN: Chosen((State.UNKNOWN,)),
}


@dataclass(frozen=True, slots=True)
class Resent:
    """`again` recipients are due again; the campaign is as it stands after that."""

    campaign: Campaign
    again: int


def resend(store: Store, name: str, which: Which, now: datetime, by: str) -> Resent:
    """Do it; `by` says who decided. Raises `Unfit` or `NotNow`."""
    campaign = named(store, name)
    if campaign.state not in MOVES[Action.RESEND][0]:
        raise NotNow(Action.RESEND, campaign)
    with store.write() as connection:
        return _resend(connection, campaign, which, now, by)


def _resend(connection: Connection, campaign: Campaign, which: Which, now: datetime, by: str) -> Resent:
    chosen = ROWS[which]
    sort = {"only": chosen.only, "without": chosen.without}
    waits = campaign.state is CampaignState.PAUSED
    found = recipients.count_closed(connection, campaign.id, chosen.states, **sort)
    if not found and not (waits and which is Which.UNSENT):
        return Resent(campaign, 0)
    if not waits or which is Which.UNSENT:  # else it stays paused, and they go when it is resumed
        campaign = act(connection, campaign, Action.RESEND, now)
    again = recipients.reopen(connection, campaign.id, chosen.states, now, **sort)
    key = f"resend:{campaign.id}:{which}:{now.isoformat()}"
    detail = {"which": which.value, "recipients": again, "by": by}
    record(connection, [NewEvent(Kind.RESEND, now, key, campaign_id=campaign.id, detail=detail)])
    return Resent(campaign, again)
