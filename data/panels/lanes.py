"""The lanes that a campaign's mail goes through: which of them are held back, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from data.tables import lane, recipient


@dataclass(frozen=True, slots=True)
class Lane:
    """`reason` is in the receiving server's words, or in ours."""

    provider: str
    state: str
    reason: str
    since: datetime | None
    resume_at: datetime | None


def lanes_of(connection: Connection, campaign_id: int) -> Mapping[str, Lane]:
    """provider -> the lane that its recipients were claimed by last."""
    used = select(recipient.c.lane_id).where(recipient.c.campaign_id == campaign_id).distinct()
    query = select(lane.c.provider, lane.c.state, lane.c.reason, lane.c.since, lane.c.resume_at)
    return {row.provider: Lane(*row) for row in connection.execute(query.where(lane.c.id.in_(used)))}
