"""Warm-ups at work: today's allowance in the transaction that claims, and each day's judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from data import warmups
from data.warmups import EVERYBODY, Day, Warmup, WarmupState
from sender.delivery.warmup import PLANS, Results, Verdict, judged, next_step, plan_for, trouble

DAY = timedelta(days=1)
LOOK_AGAIN = timedelta(minutes=1)
"""How soon a lane that has used up its allowance asks again: a person may have ended its warm-up."""
HARD = ("unknown_user", "bad_address", "bad_domain", "inactive", "moved")
BLOCKED = ("blocked_ip", "blocked_url", "spam_content", "auth_failed")
LISTED = ("blocked_dnsbl", "reputation")


@dataclass(frozen=True, slots=True)
class Allowed:
    """How many of the wanted messages may go today; `warmup_id` None where nothing is warmed up."""

    count: int
    warmup_id: int | None = None
    next_at: datetime | None = None

    def take(self, connection: Connection, count: int) -> None:
        """Debit what was claimed."""
        if self.warmup_id is not None and count:
            warmups.take(connection, self.warmup_id, count)


def allowed(connection: Connection, egress: str, provider: str, now: datetime, wanted: int) -> Allowed:
    """Asked in the transaction that claims, so that no number of workers goes over the day's allowance."""
    known = warmups.of_lane(connection, egress, provider)
    if not known:
        return Allowed(wanted)
    own = known.get(provider) or _begun(connection, known[EVERYBODY], provider, now)
    own = today(connection, own, now)
    if own.state is WarmupState.DONE:
        return Allowed(wanted)
    left = max(0, own.allowance - own.taken)
    later = None if left else min(now + LOOK_AGAIN, own.day + DAY)
    return Allowed(min(wanted, left), own.id, later)


def _begun(connection: Connection, everybody: Warmup, provider: str, now: datetime) -> Warmup:
    """A provider's own warm-up, when the first message to it is due."""
    begin(connection, everybody.egress, provider, everybody.plan, now)
    return warmups.of_lane(connection, everybody.egress, provider)[provider]


def begin(
    connection: Connection, egress: str, provider: str, plan: str, now: datetime, step: int = 0
) -> None:
    """Begin a warm-up with its first day (or a later `step`) today; `plan` "" is the provider's usual one."""
    chosen = plan or (plan_for(provider) if provider != EVERYBODY else "")
    allowance = PLANS[chosen].days[step] if chosen else 0
    warmups.begin(connection, egress, provider, chosen, step, allowance, midnight(now))


def midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def today(connection: Connection, held: Warmup, now: datetime) -> Warmup:
    """The warm-up as it stands today; the first to ask on a new day judges the last day of sending."""
    if held.day >= midnight(now) or held.state is WarmupState.DONE:
        return held
    plan, results = PLANS[held.plan], results_of(connection, held, held.day + DAY)
    verdict, reason = judged(plan, held.step, held.taken, held.allowance, results)
    if held.taken:
        warmups.note(connection, held.id, _day(held, results, verdict, reason))
    sent_at = held.day if held.taken else held.sent_at
    changed = replace(
        _moved(held, verdict, midnight(now) - sent_at),
        day=midnight(now),
        taken=0,
        sent_at=sent_at,
        reason=reason,
    )
    warmups.save(connection, changed)
    return changed


def _moved(held: Warmup, verdict: Verdict, idle: timedelta) -> Warmup:
    plan = PLANS[held.plan]
    growing = held.state is WarmupState.RUNNING
    if verdict is Verdict.DONE and growing:
        return replace(held, state=WarmupState.DONE)
    if verdict is Verdict.FREEZE:
        held = replace(held, state=WarmupState.FROZEN)
    step = next_step(plan, held.step, verdict if growing or verdict is Verdict.BACK else Verdict.AGAIN, idle)
    return replace(held, step=step, allowance=plan.days[step])


def mind(connection: Connection, now: datetime) -> None:
    """Stop today's sending of a warm-up that goes badly: nothing more until tomorrow."""
    for held in warmups.all_warmups(connection):
        if held.provider == EVERYBODY or held.day < midnight(now) or held.taken >= held.allowance:
            continue
        if found := trouble(results_of(connection, held, now)):
            verdict, reason = found
            state = WarmupState.FROZEN if verdict is Verdict.FREEZE else held.state
            # a day that was cut short has used its allowance, so that it is judged by what went wrong
            warmups.save(connection, replace(held, allowance=held.taken, state=state, reason=reason))


def results_of(connection: Connection, held: Warmup, until: datetime) -> Results:
    """What became of a warm-up's messages on its day."""
    asked = (held.egress, held.provider, held.day, until)
    tries = warmups.tries(connection, *asked)
    why = warmups.refusals(connection, *asked)
    return Results(
        accepted=tries.get("accepted", 0),
        deferred=tries.get("deferred", 0),
        hard=_of(why, HARD),
        blocked=_of(why, BLOCKED),
        listed=_of(why, LISTED),
        complaints=warmups.complaints(connection, *asked),
    )


def _of(counts: Mapping[str, int], categories: tuple[str, ...]) -> int:
    return sum(counts.get(category, 0) for category in categories)


def _day(held: Warmup, results: Results, verdict: Verdict, reason: str) -> Day:
    return Day(
        *(held.day, held.step, held.allowance, held.taken, results.accepted, results.deferred, results.hard),
        *(results.blocked + results.listed, results.complaints, verdict.value, reason),
    )
