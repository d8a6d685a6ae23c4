"""Lanes: (egress, mailbox provider), with pace, back-off and what became of their messages.

A lane is one row. Whoever claims for it locks that row, debits its pace in the same transaction, and takes
a share of its connections for as long as a lease lasts; so the pace holds over any number of workers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, or_, select, update

from data.dialect import insert
from data.pools import ways
from data.recipients import is_waiting
from data.servers import is_usable
from data.states import State
from data.tables import campaign, lane, lane_hour, lane_share, lane_signal, recipient, server

PARTS = 1_000
SPREAD = 379
"""Spreads rows that follow each other evenly over the parts, however few they are."""
EVERYTHING = (0, PARTS)


class LaneState(StrEnum):
    OPEN = "open"
    BACKING_OFF = "backing-off"
    """Slower than usual until `resume_at`."""
    SUSPENDED = "suspended"
    """Nothing until `resume_at`."""
    PROBING = "probing"
    """One message shows whether it is over."""


@dataclass(frozen=True, slots=True)
class Lane:
    """`rate` is messages a second (None: as fast as it goes), `tat` GCRA's theoretical arrival time.

    `accepted` counts since the state began (`since`), `strikes` the suspensions in a row.
    """

    id: int
    egress: str
    provider: str
    state: LaneState
    connections: int
    rate: float | None = None
    reason: str = ""
    since: datetime | None = None
    resume_at: datetime | None = None
    strikes: int = 0
    accepted: int = 0
    tat: datetime | None = None
    per_connection: int | None = None
    """Messages before a connection is closed, while that is fewer than usual."""


def ensure(
    connection: Connection, egress: str, provider: str, connections: int, rate: float | None, now: datetime
) -> None:
    """Open a lane if there is none; one that exists keeps what it has learned."""
    values = {"state": LaneState.OPEN.value, "connections": connections, "rate": rate, "since": now}
    row = {"egress": egress, "provider": provider, "reason": "", "strikes": 0, "accepted": 0, **values}
    connection.execute(insert(connection, lane).values(row).on_conflict_do_nothing())


def lock(connection: Connection, lane_id: int) -> Lane:
    """The lane, kept from others until this transaction ends (in SQLite the whole store is)."""
    return _read(connection.execute(select(lane).where(lane.c.id == lane_id).with_for_update()).one())


def save(connection: Connection, changed: Lane) -> None:
    """Write a lane back that was locked in this transaction."""
    values = asdict(changed)
    connection.execute(update(lane).where(lane.c.id == values.pop("id")).values(values))


def all_lanes(connection: Connection) -> Sequence[Lane]:
    rows = connection.execute(select(lane).order_by(lane.c.egress, lane.c.provider))
    return [_read(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Work:
    """A campaign that has something due in a lane, and what the lane needs to know of it."""

    campaign_id: int
    lane_id: int
    provider: str
    egress: str
    message_class: str
    on_unknown: str
    server_id: int
    pool_id: int
    """The server that the campaign names: this one, or one that it sends for."""
    list_id: int | None
    share: tuple[int, int] = EVERYTHING
    """Which of the `PARTS` of its rows are this lane's."""


def due(connection: Connection, now: datetime) -> Sequence[Work]:
    """What could be sent now, as far as lanes and servers stand; a probe of the index for each pair."""
    way = ways()
    waiting = [
        exists().where(
            recipient.c.campaign_id == campaign.c.id,
            recipient.c.provider == lane.c.provider,
            recipient.c.state == bindparam(f"waiting_{state}", state.value, literal_execute=True),
            recipient.c.next_at <= now,
            is_waiting(),
        )
        for state in (State.PENDING, State.DEFERRED)
    ]
    pairs = (
        select(
            *(campaign.c.id, lane.c.id, lane.c.provider, lane.c.egress),
            *(campaign.c.message_class, campaign.c.on_unknown),
            *(server.c.id, campaign.c.server_id, campaign.c.list_id),
        )
        .select_from(campaign)
        .join(way, way.c.pool_id == campaign.c.server_id)
        .join(server, server.c.id == way.c.server_id)
        .join(lane, lane.c.egress == server.c.name)
        .where(campaign.c.state == "sending", is_usable(now), or_(*waiting))
        .where(or_(lane.c.state != LaneState.SUSPENDED.value, lane.c.resume_at <= now))
        .order_by(campaign.c.id, lane.c.id)
    )
    return [Work(*row) for row in connection.execute(pairs)]


def take_share(
    connection: Connection, held: Lane, owner: str, in_use: int, now: datetime, lease_until: datetime
) -> int:
    """How many of the lane's connections this owner may use until then; the lane must be locked.

    All workers of a lane have equal parts. What one still uses of a larger part (`in_use`) stays counted as
    its own, so that a newcomer waits for it and the lane never has more connections than it may.
    """
    others: dict[str, int] = {
        row.owner: row.connections for row in connection.execute(_OTHERS, _named(held, owner, now))
    }
    names = sorted([*others, owner])
    part = held.connections // len(names) + (names.index(owner) < held.connections % len(names))
    granted = max(0, min(int(part), held.connections - sum(others.values())))
    values = {"connections": max(granted, in_use), "lease_until": lease_until}
    statement = insert(connection, lane_share).values(lane_id=held.id, owner=owner, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["lane_id", "owner"], set_=values))
    return granted


_OTHERS = select(lane_share.c.owner, lane_share.c.connections).where(
    lane_share.c.lane_id == bindparam("held"),
    lane_share.c.owner != bindparam("mine"),
    lane_share.c.lease_until > bindparam("at"),
)


def _named(held: Lane, owner: str, now: datetime) -> Mapping[str, Any]:
    return {"held": held.id, "mine": owner, "at": now}


def slowed(connection: Connection) -> Mapping[int, datetime | None]:
    """The lanes that do not go at full speed, and since when: {id: since}."""
    return {row.id: row.since for row in connection.execute(_SLOWED)}


_SLOWED = select(lane.c.id, lane.c.since).where(lane.c.state != LaneState.OPEN.value)


def owners(connection: Connection) -> set[str]:
    """Who has connections of a lane, whether or not they hold rows."""
    return set(connection.scalars(select(lane_share.c.owner).distinct()))


def leave_all(connection: Connection) -> None:
    """Nobody works on any lane: what was shared out is free again."""
    connection.execute(delete(lane_share))


def leave(connection: Connection, owner: str, lane_id: int | None = None) -> None:
    """Give up an owner's share of one lane, or of all."""
    mine = lane_share.c.owner == owner
    chosen = mine if lane_id is None else and_(mine, lane_share.c.lane_id == lane_id)
    connection.execute(delete(lane_share).where(chosen))


def signal(connection: Connection, lane_id: int, rule: str, now: datetime, since: datetime) -> int:
    """Note a reply that calls for a slower pace; returns how many of its kind there were since then."""
    connection.execute(insert(connection, lane_signal).values(lane_id=lane_id, rule=rule, at=now))
    same = and_(lane_signal.c.lane_id == lane_id, lane_signal.c.rule == rule, lane_signal.c.at >= since)
    return int(connection.execute(select(func.count()).select_from(lane_signal).where(same)).scalar_one())


def forget_signals(connection: Connection, before: datetime) -> None:
    connection.execute(delete(lane_signal).where(lane_signal.c.at < before))


def tally(connection: Connection, lane_id: int, hour: datetime, results: Mapping[str, int]) -> None:
    """Add to what became of a lane's attempts in that hour."""
    for result, count in results.items():
        row = {"lane_id": lane_id, "hour": hour, "result": result, "count": count}
        statement = insert(connection, lane_hour).values(row)
        grown = {"count": lane_hour.c.count + count}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["lane_id", "hour", "result"], set_=grown)
        )


def _read(row: Any) -> Lane:
    values: dict[str, Any] = {name: getattr(row, name) for name in Lane.__dataclass_fields__}
    values["state"] = LaneState(row.state)
    return Lane(**values)
