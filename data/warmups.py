"""Warm-ups: how much of a plan a server may give each mailbox provider today, and how each day went."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, insert, select, update

from data.dialect import insert as insert_or
from data.recipients import is_waiting
from data.tables import attempt, campaign, event, lane, lane_hour, recipient, server, warmup, warmup_day

EVERYBODY = ""
"""The provider of a warm-up that begins one for each provider when the first message to it is due."""


class WarmupState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    """By a person: the limit stays, nothing grows."""
    FROZEN = "frozen"
    """By a listing: the limit stays until a person resumes it."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Warmup:
    """`day` is the midnight (UTC) for which `allowance` and `taken` count, `sent_at` when mail last went."""

    id: int
    egress: str
    provider: str
    plan: str
    state: WarmupState
    step: int
    day: datetime
    allowance: int
    taken: int
    reason: str
    started_at: datetime
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """Plan against actual, of a day that is over."""

    day: datetime
    step: int
    allowance: int
    taken: int
    accepted: int
    deferred: int
    hard: int
    blocked: int
    complaints: int
    verdict: str
    reason: str


def begin(
    connection: Connection, egress: str, provider: str, plan: str, step: int, allowance: int, day: datetime
) -> None:
    """Begin a warm-up, or begin it anew."""
    values = {
        "plan": plan,
        "state": WarmupState.RUNNING.value,
        "step": step,
        "day": day,
        "allowance": allowance,
        "taken": 0,
        "reason": "",
        "started_at": day,
        "sent_at": day,
    }
    statement = insert_or(connection, warmup).values(egress=egress, provider=provider, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["egress", "provider"], set_=values))


def of_lane(connection: Connection, egress: str, provider: str) -> Mapping[str, Warmup]:
    """The lane's own warm-up and everybody's, by provider, kept from others until the transaction ends."""
    wanted = select(warmup).where(warmup.c.egress == egress, warmup.c.provider.in_((provider, EVERYBODY)))
    return {row.provider: _read(row) for row in connection.execute(wanted.with_for_update())}


def all_warmups(connection: Connection, egress: str = "") -> Sequence[Warmup]:
    wanted = select(warmup).order_by(warmup.c.egress, warmup.c.provider)
    if egress:
        wanted = wanted.where(warmup.c.egress == egress)
    return [_read(row) for row in connection.execute(wanted)]


def save(connection: Connection, changed: Warmup) -> None:
    values = asdict(changed)
    connection.execute(update(warmup).where(warmup.c.id == values.pop("id")).values(values))


def take(connection: Connection, warmup_id: int, count: int) -> None:
    """Debit today's allowance; a negative count gives back what was not sent after all."""
    taken = warmup.c.taken + count
    values = {"taken": case((taken < 0, 0), else_=taken)}
    connection.execute(update(warmup).where(warmup.c.id == warmup_id).values(values))


def give_back(connection: Connection, egress: str, provider: str, count: int) -> None:
    chosen = and_(warmup.c.egress == egress, warmup.c.provider == provider)
    taken = warmup.c.taken - count
    connection.execute(update(warmup).where(chosen).values(taken=case((taken < 0, 0), else_=taken)))


def end(connection: Connection, egress: str, provider: str | None = None) -> int:
    """Forget a server's warm-ups, or one of them, and what its days were; returns how many."""
    chosen = warmup.c.egress == egress
    if provider is not None:
        chosen = and_(chosen, warmup.c.provider == provider)
    ids = select(warmup.c.id).where(chosen)
    connection.execute(delete(warmup_day).where(warmup_day.c.warmup_id.in_(ids)))
    return int(connection.execute(delete(warmup).where(chosen)).rowcount)


def note(connection: Connection, warmup_id: int, day: Day) -> None:
    """Keep how a day went."""
    connection.execute(insert(warmup_day).values(warmup_id=warmup_id, **asdict(day)))


def days(connection: Connection, warmup_id: int, limit: int = 60) -> Sequence[Day]:
    """The last days of sending, the oldest first."""
    found = select(warmup_day).where(warmup_day.c.warmup_id == warmup_id)
    rows = connection.execute(found.order_by(warmup_day.c.day.desc()).limit(limit)).mappings().all()
    return [Day(**{name: row[name] for name in Day.__dataclass_fields__}) for row in reversed(rows)]


def tries(
    connection: Connection, egress: str, provider: str, since: datetime, until: datetime
) -> Mapping[str, int]:
    """A lane's attempts between two full hours: {accepted, refused, deferred, unknown: how many}."""
    found = (
        select(lane_hour.c.result, func.sum(lane_hour.c.count))
        .join(lane, lane.c.id == lane_hour.c.lane_id)
        .where(lane.c.egress == egress, lane.c.provider == provider)
        .where(lane_hour.c.hour >= since, lane_hour.c.hour < until)
    )
    return {row[0]: int(row[1]) for row in connection.execute(found.group_by(lane_hour.c.result))}


def refusals(
    connection: Connection, egress: str, provider: str, since: datetime, until: datetime
) -> Mapping[str, int]:
    """Why messages were refused or put off there, {category: how many}."""
    found = (
        select(attempt.c.category, func.count())
        .join(lane, lane.c.id == attempt.c.lane_id)
        .where(lane.c.egress == egress, lane.c.provider == provider)
        .where(attempt.c.at >= since, attempt.c.at < until)
    )
    return {row[0]: row[1] for row in connection.execute(found.group_by(attempt.c.category))}


def complaints(connection: Connection, egress: str, provider: str, since: datetime, until: datetime) -> int:
    """Complaints that came in about that lane's messages."""
    found = (
        select(func.count())
        .select_from(event)
        .join(recipient, recipient.c.id == event.c.recipient_id)
        .join(lane, lane.c.id == recipient.c.lane_id)
        .where(event.c.kind == "complaint", event.c.at >= since, event.c.at < until)
        .where(lane.c.egress == egress, lane.c.provider == provider)
    )
    return int(connection.execute(found).scalar_one())


def waiting(connection: Connection, egress: str, provider: str) -> int:
    """People of sending campaigns who wait for this server at this provider."""
    found = (
        select(func.count())
        .select_from(recipient)
        .join(campaign, campaign.c.id == recipient.c.campaign_id)
        .join(server, server.c.id == campaign.c.server_id)
        .where(campaign.c.state == "sending", server.c.name == egress)
        .where(recipient.c.provider == provider, is_waiting())
    )
    return int(connection.execute(found).scalar_one())


def _read(row: Any) -> Warmup:
    values: dict[str, Any] = {name: getattr(row, name) for name in Warmup.__dataclass_fields__}
    values["state"] = WarmupState(row.state)
    return Warmup(**values)
