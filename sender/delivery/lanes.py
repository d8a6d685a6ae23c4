"""How fast a lane may go: pace (GCRA), slow start, back-off, suspension and recovery by a probe. Pure.

Each function takes a lane and gives back the lane as it is afterwards; `data.lanes` stores it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import floor

from data.lanes import Lane, LaneState
from sender.delivery.backoff import Rule, Slow

BURST = timedelta(seconds=1)
"""What was not used for so long may be sent at once."""
START_CONNECTIONS = 2
GROW_AFTER = 20
"""Accepted messages for one more connection."""
LONGEST = timedelta(hours=12)
"""However often a suspension is renewed."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What a lane may grow to: the smaller of the provider's, the server's and the warm-up plan's limits."""

    connections: int
    rate: float | None = None
    slow_start: bool = True


def interval(lane: Lane) -> timedelta:
    """Between two messages; zero without a rate."""
    return timedelta(seconds=1 / lane.rate) if lane.rate else timedelta(0)


def allowance(lane: Lane, now: datetime, wanted: int) -> int:
    """How many messages the pace allows at once now: GCRA, with `BURST` as its tolerance."""
    if not lane.rate:
        return wanted
    due = _next_due(lane, now)
    return 0 if due > now else min(wanted, floor((now - due) / interval(lane)) + 1)


def debited(lane: Lane, now: datetime, count: int) -> Lane:
    """After `count` messages were taken; a negative count gives back what was not sent after all."""
    if not lane.rate or not count:
        return lane
    return replace(lane, tat=_next_due(lane, now) + count * interval(lane))


def next_slot(lane: Lane, now: datetime) -> datetime:
    """From when the pace allows one more message."""
    return max(now, lane.tat) if lane.rate and lane.tat else now


def _next_due(lane: Lane, now: datetime) -> datetime:
    """When the next message is due. What a late question missed is made up for, a longer pause is not."""
    return max(lane.tat, now - BURST) if lane.tat else now


def begun(lane: Lane, ceiling: Ceiling, now: datetime) -> Lane:
    """The lane as it may be used now: what was to end by now has ended, and no limit is over its ceiling."""
    if lane.resume_at and lane.resume_at <= now:
        lane = _resumed(lane, ceiling, now)
    if lane.state is LaneState.OPEN:
        start = START_CONNECTIONS if ceiling.slow_start else ceiling.connections
        grown = start + lane.accepted // GROW_AFTER
        lane = replace(lane, rate=ceiling.rate, connections=min(grown, ceiling.connections))
    return lane


def _resumed(lane: Lane, ceiling: Ceiling, now: datetime) -> Lane:
    if lane.state is LaneState.SUSPENDED:
        return replace(
            lane, state=LaneState.PROBING, since=now, resume_at=None, accepted=0, connections=1, rate=0.2
        )
    return opened(lane, ceiling, now)


def opened(lane: Lane, ceiling: Ceiling, now: datetime) -> Lane:
    """Back to normal, which begins slowly."""
    return replace(
        lane,
        state=LaneState.OPEN,
        reason="",
        since=now,
        resume_at=None,
        strikes=0,
        accepted=0,
        rate=ceiling.rate,
        connections=min(START_CONNECTIONS, ceiling.connections),
        per_connection=None,
    )


def accepted(lane: Lane, count: int, ceiling: Ceiling, now: datetime) -> Lane:
    """After so many messages were accepted: a probe that went well opens the lane."""
    if lane.state is LaneState.PROBING and count:
        return opened(lane, ceiling, now)
    return replace(lane, accepted=lane.accepted + count)


def struck(lane: Lane, rule: Rule, reply: str, now: datetime) -> Lane:
    """After a rule of the back-off table has come true. A suspension is never cut short by a slower pace."""
    if lane.state is LaneState.SUSPENDED or _is_milder(lane, rule):
        return lane
    strikes = lane.strikes + 1
    until = now + min(rule.duration * 2 ** (strikes - 1), LONGEST)
    lane = replace(lane, reason=reply, since=now, resume_at=until, strikes=strikes, accepted=0)
    if not isinstance(rule.action, Slow):
        return replace(lane, state=LaneState.SUSPENDED)
    slow = replace(
        lane,
        state=LaneState.BACKING_OFF,
        rate=_slower(lane.rate, rule.action.per_minute),
        connections=min(lane.connections, rule.action.connections or lane.connections),
        per_connection=rule.action.per_connection,
        tat=now,
    )
    return debited(slow, now, 1)


def _is_milder(lane: Lane, rule: Rule) -> bool:
    """A storm goes on for some replies after the lane has slowed down: one strike, not many."""
    return lane.state is LaneState.BACKING_OFF and isinstance(rule.action, Slow)


def _slower(rate: float | None, per_minute: float | None) -> float | None:
    if per_minute is None:
        return rate
    return min(rate or per_minute / 60, per_minute / 60)
