"""Campaigns: what they are made of, what state they are in, and the destinations their links lead to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, literal, select, update

from data.dialect import insert
from data.tables import campaign, link, mailing_list, sending_domain


class MessageClass(StrEnum):
    """Who may be written to, and when, hangs on it (docs/design.md, What always holds, 5)."""

    CAMPAIGN = "campaign"
    AUTOMATION = "automation"
    CONFIRMATION = "confirmation"
    TRANSACTIONAL = "transactional"
    SEED = "seed"
    TEST = "test"
    ALERT = "alert"


class State(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    """Starts by itself at `scheduled_at`."""
    HELD = "held"
    """Its time came and it was not started: `pause_reason` says why; a person decides."""
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SCHEDULED, State.SENDING, State.CANCELLED}),
    State.SCHEDULED: frozenset({State.DRAFT, State.SENDING, State.HELD, State.CANCELLED}),
    State.HELD: frozenset({State.DRAFT, State.SCHEDULED, State.SENDING, State.CANCELLED}),
    State.SENDING: frozenset({State.PAUSED, State.FINISHED, State.CANCELLED}),
    State.PAUSED: frozenset({State.SENDING, State.CANCELLED}),
    State.FINISHED: frozenset({State.SENDING}),  # a person sends again to some
    State.CANCELLED: frozenset({State.SENDING}),
}
"""The store itself refuses every other move (migration 0007)."""


class OnUnknown(StrEnum):
    """What becomes of a message whose fate is not known: kept for a person to decide, or sent again."""

    HOLD = "hold"
    RESEND = "resend"


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What a draft needs. `tracking` is off, anonymous or individual."""

    name: str
    message_class: MessageClass
    list_id: int | None
    template_id: int
    sending_domain_id: int
    server_id: int
    from_name: str
    from_address: str
    tracking: str
    on_unknown: OnUnknown
    segment_id: int | None = None
    """Which of the list's people; None: all of them."""


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    name: str
    message_class: MessageClass
    state: State
    list_id: int | None
    template_id: int
    sending_domain_id: int
    server_id: int
    from_name: str
    from_address: str
    tracking: str
    on_unknown: OnUnknown
    at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    pause_reason: str = ""
    segment_id: int | None = None
    scheduled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """Everything that its messages are made from; `content` is the copy taken at the start."""

    campaign: Campaign
    content: Mapping[str, Any] | None
    domain: str
    return_path_domain: str
    tracking_url: str
    list_name: str
    list_title: str
    feedback_address: str = ""


def create_campaign(connection: Connection, new: NewCampaign, now: datetime) -> int:
    """Add a draft; returns its id. Raises IntegrityError if the name is taken or a part does not exist."""
    values = {name: getattr(new, name) for name in new.__dataclass_fields__}
    values |= {"message_class": new.message_class.value, "on_unknown": new.on_unknown.value}
    statement = insert(connection, campaign).values(**values, state=State.DRAFT.value, at=now)
    return int(connection.execute(statement.returning(campaign.c.id)).scalar_one())


def find_campaign(connection: Connection, name: str) -> Campaign | None:
    row = connection.execute(select(campaign).where(campaign.c.name == name)).one_or_none()
    return None if row is None else _read(row)


def campaign_by_id(connection: Connection, campaign_id: int) -> Campaign | None:
    row = connection.execute(select(campaign).where(campaign.c.id == campaign_id)).one_or_none()
    return None if row is None else _read(row)


def all_campaigns(connection: Connection) -> Sequence[Campaign]:
    """The newest first."""
    return [_read(row) for row in connection.execute(select(campaign).order_by(campaign.c.id.desc()))]


def making(connection: Connection, campaign_id: int) -> Making | None:
    """What the renderer needs, in one query; None for an unknown campaign."""
    joined = campaign.join(sending_domain, sending_domain.c.id == campaign.c.sending_domain_id).outerjoin(
        mailing_list, mailing_list.c.id == campaign.c.list_id
    )
    query = (
        select(
            campaign,
            sending_domain.c.domain,
            sending_domain.c.return_path_domain,
            sending_domain.c.tracking_url,
            sending_domain.c.feedback_address,
            mailing_list.c.name.label("list_name"),
            mailing_list.c.title.label("list_title"),
        )
        .select_from(joined)
        .where(campaign.c.id == campaign_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Making(
        _read(row),
        row.content,
        row.domain,
        row.return_path_domain,
        row.tracking_url,
        row.list_name or "",
        row.list_title or "",
        row.feedback_address,
    )


def move(
    connection: Connection,
    campaign_id: int,
    sources: Iterable[State],
    to: State,
    now: datetime,
    *,
    reason: str = "",
) -> bool:
    """Move a campaign if it is in one of `sources`; False if somebody moved it before."""
    values: dict[str, Any] = {"state": to.value, "pause_reason": reason}
    if to is State.SENDING:
        began = literal(now, campaign.c.started_at.type)  # coalesce does not lend it the column's type
        values["started_at"] = func.coalesce(campaign.c.started_at, began)
        values["released_at"] = now
    if to in (State.FINISHED, State.CANCELLED):
        values["finished_at"] = now
    there = (campaign.c.id == campaign_id) & campaign.c.state.in_([state.value for state in sources])
    return connection.execute(update(campaign).where(there).values(values)).rowcount == 1


def hold(connection: Connection, reason: str, *, released_before: datetime | None = None) -> Sequence[str]:
    """Pause what is sending until a person resumes it; returns the names.

    With `released_before` only mail to lists (campaign, automation) that nobody has let go since then.
    """
    there = campaign.c.state == State.SENDING.value
    if released_before is not None:
        lists = (MessageClass.CAMPAIGN.value, MessageClass.AUTOMATION.value)
        since = func.coalesce(
            campaign.c.released_at, campaign.c.started_at, type_=campaign.c.released_at.type
        )
        there &= campaign.c.message_class.in_(lists) & (since < released_before)
    values = {"state": State.PAUSED.value, "pause_reason": reason}
    paused = update(campaign).where(there).values(values).returning(campaign.c.name)
    return sorted(connection.scalars(paused))


def hold_scheduled(connection: Connection, reason: str) -> Sequence[str]:
    """Let nothing start by itself until a person says so; returns the names."""
    values = {"state": State.HELD.value, "pause_reason": reason}
    planned = update(campaign).where(campaign.c.state == State.SCHEDULED.value).values(values)
    return sorted(connection.scalars(planned.returning(campaign.c.name)))


def schedule_at(connection: Connection, campaign_id: int, at: datetime | None) -> None:
    """When a campaign is to start by itself; None takes that back."""
    connection.execute(update(campaign).where(campaign.c.id == campaign_id).values(scheduled_at=at))


def freeze_content(connection: Connection, campaign_id: int, content: Mapping[str, Any]) -> None:
    """Keep the copy of the template that every message of this campaign is made from."""
    connection.execute(update(campaign).where(campaign.c.id == campaign_id).values(content=dict(content)))


def store_links(connection: Connection, campaign_id: int, urls: Sequence[str]) -> None:
    """The destinations by position; the same call twice changes nothing."""
    for position, url in enumerate(urls):
        statement = insert(connection, link).values(campaign_id=campaign_id, position=position, url=url)
        connection.execute(statement.on_conflict_do_nothing(index_elements=["campaign_id", "position"]))


def links_of(connection: Connection, campaign_id: int) -> Sequence[tuple[int, str]]:
    """(link id, destination) by position."""
    query = select(link.c.id, link.c.url).where(link.c.campaign_id == campaign_id).order_by(link.c.position)
    return [(row.id, row.url) for row in connection.execute(query)]


def _read(row: Row[Any]) -> Campaign:
    values = {name: getattr(row, name) for name in Campaign.__dataclass_fields__}
    values["message_class"] = MessageClass(row.message_class)
    values["state"] = State(row.state)
    values["on_unknown"] = OnUnknown(row.on_unknown)
    return Campaign(**values)
