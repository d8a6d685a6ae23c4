"""The moves of a campaign: what a person or the clock may do in which state, as a table.

The store refuses every move that is not in `data.campaigns.MOVES`, whoever asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from data.campaigns import Campaign, State, campaign_by_id, move


class Action(StrEnum):
    START = "start"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    HOLD = "hold"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RESEND = "resend"


_UNSTARTED = frozenset({State.DRAFT, State.SCHEDULED, State.HELD})

MOVES: Mapping[Action, tuple[frozenset[State], State]] = {
    Action.START: (_UNSTARTED, State.SENDING),
    Action.SCHEDULE: (_UNSTARTED, State.SCHEDULED),
    Action.UNSCHEDULE: (frozenset({State.SCHEDULED, State.HELD}), State.DRAFT),
    Action.HOLD: (frozenset({State.SCHEDULED}), State.HELD),
    Action.PAUSE: (frozenset({State.SENDING}), State.PAUSED),
    Action.RESUME: (frozenset({State.PAUSED}), State.SENDING),
    Action.CANCEL: (_UNSTARTED | {State.SENDING, State.PAUSED}, State.CANCELLED),
    Action.RESEND: (
        frozenset({State.SENDING, State.PAUSED, State.FINISHED, State.CANCELLED}),
        State.SENDING,
    ),
}
"""`finished` is decided by the rows alone (`data.recipients.finish_if_done`); nobody may say it."""


@dataclass
class NotNow(Exception):
    """The campaign is in no state for that; `str()` says so."""

    action: Action
    campaign: Campaign

    def __str__(self) -> str:
        allowed = " or ".join(sorted(MOVES[self.action][0]))
        return (
            f"Campaign {self.campaign.name!r} is {self.campaign.state}; "
            f"only one that is {allowed} can be told to {self.action}."
        )


def act(
    connection: Connection, campaign: Campaign, action: Action, now: datetime, *, reason: str = ""
) -> Campaign:
    """Make a move, or raise `NotNow`; returns the campaign as it is then."""
    sources, to = MOVES[action]
    if not move(connection, campaign.id, sources, to, now, reason=reason):
        raise NotNow(action, campaign_by_id(connection, campaign.id) or campaign)
    moved = campaign_by_id(connection, campaign.id)
    assert moved is not None
    return moved
