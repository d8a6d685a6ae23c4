"""How the mail of the last hours fares, by mailbox provider: what the watch over sending asks, in few
bounded queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, distinct, func, select

from data.events import Kind
from data.tables import attempt, campaign, contact_import, event, lane, lane_hour, mailing_list, recipient

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers of one kind: `messages` counts recipients, each once. `sample` is one of the texts."""

    provider: str
    category: str
    messages: int
    first_at: datetime
    sample: str


def accepted_since(connection: Connection, since: datetime) -> Mapping[str, int]:
    """How many messages each provider accepted since the beginning of that hour."""
    floor = since.replace(minute=0, second=0, microsecond=0)
    query = (
        select(lane.c.provider, func.sum(lane_hour.c.count))
        .join(lane_hour, lane_hour.c.lane_id == lane.c.id)
        .where(lane_hour.c.hour >= floor, lane_hour.c.result == "accepted")
        .group_by(lane.c.provider)
    )
    return {provider: int(count) for provider, count in connection.execute(query)}


def replies_since(connection: Connection, since: datetime) -> Sequence[Reply]:
    """What providers answered that was no acceptance, by category, since then."""
    query = (
        select(
            recipient.c.provider,
            attempt.c.category,
            func.count(distinct(attempt.c.recipient_id)),
            func.min(attempt.c.at),
            func.max(attempt.c.response),
        )
        .join(recipient, recipient.c.id == attempt.c.recipient_id)
        .where(attempt.c.at >= since)
        .group_by(recipient.c.provider, attempt.c.category)
    )
    return [Reply(*row) for row in connection.execute(query)]


def events_since(connection: Connection, kind: Kind, since: datetime) -> Mapping[str, int]:
    """How many recipients of each provider such an event speaks of, since then."""
    query = (
        select(event.c.provider, func.count(distinct(event.c.recipient_id)))
        .where(event.c.kind == kind.value, event.c.at >= since, event.c.provider != "")
        .group_by(event.c.provider)
    )
    return {provider: int(count) for provider, count in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Begun:
    """A campaign that began, or a list that people were brought into."""

    name: str
    at: datetime
    size: int


def campaigns_begun(connection: Connection, since: datetime, until: datetime) -> Sequence[Begun]:
    query = (
        select(campaign.c.name, campaign.c.started_at, func.count(recipient.c.id))
        .join(recipient, recipient.c.campaign_id == campaign.c.id)
        .where(campaign.c.started_at >= since, campaign.c.started_at < until)
        .where(campaign.c.message_class.in_(("campaign", "automation")))
        .group_by(campaign.c.id)
        .order_by(campaign.c.started_at)
        .limit(200)
    )
    return [Begun(*row) for row in connection.execute(query)]


def imports_done(connection: Connection, since: datetime, until: datetime) -> Sequence[Begun]:
    query = (
        select(
            contact_import.c.file, contact_import.c.ended_at, contact_import.c.rows_done, mailing_list.c.name
        )
        .join(mailing_list, mailing_list.c.id == contact_import.c.list_id)
        .where(contact_import.c.ended_at >= since, contact_import.c.ended_at < until)
        .where(contact_import.c.state == "done")
        .order_by(contact_import.c.ended_at)
        .limit(200)
    )
    return [Begun(f"{row[0]} into {row[3]}", row[1], row[2]) for row in connection.execute(query)]


def volume_by_hour(connection: Connection, since: datetime) -> Mapping[str, Mapping[datetime, int]]:
    """Attempts by provider and hour, whatever became of them."""
    query = (
        select(lane.c.provider, lane_hour.c.hour, func.sum(lane_hour.c.count))
        .join(lane_hour, lane_hour.c.lane_id == lane.c.id)
        .where(lane_hour.c.hour >= since)
        .group_by(lane.c.provider, lane_hour.c.hour)
        .limit(20_000)
    )
    found: dict[str, dict[datetime, int]] = {}
    for provider, hour, count in connection.execute(query):
        found.setdefault(provider, {})[hour] = int(count)
    return found
