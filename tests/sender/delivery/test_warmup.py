"""Warm-ups: the plans as tables, what a day leads to, and the limit over days and workers."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update

from data import warmups
from data.recipients import counts
from data.states import State
from data.store import Store
from data.tables import server
from data.warmups import Day, Warmup, WarmupState
from sender.delivery import warming
from sender.delivery.engine import Engine, Shift
from sender.delivery.owner import new_owner
from sender.delivery.warmup import (
    PLANS,
    Results,
    Verdict,
    days_for,
    judged,
    next_step,
    plan_for,
    trouble,
)
from tests.fakes.campaign import NOON, frozen
from tests.fakes.delivery import WoundClock, parts

GOOGLE, SMALL = PLANS["google"], PLANS["small"]


def test_plans_grow_by_their_factor_and_the_small_ones_by_twenty_a_day() -> None:
    assert GOOGLE.days[:5] == (50, 65, 84, 110, 143)
    assert SMALL.days[:3] == (20, 40, 60)
    assert (len(PLANS["ses"].days), PLANS["ses"].days[-1]) == (45, 50_000)
    assert all([*plan.days] == sorted({*plan.days}) for plan in PLANS.values())


@pytest.mark.parametrize(
    ("provider", "plan"),
    [("gmail", "google"), ("yahoo", "google"), ("outlook", "microsoft"), ("other", "small")],
)
def test_each_provider_has_its_usual_plan(provider: str, plan: str) -> None:
    assert plan_for(provider) == plan


GOOD = Results(accepted=100)
DAYS = [
    (100, GOOD, Verdict.GROW, ""),
    (60, GOOD, Verdict.GROW, ""),
    (59, GOOD, Verdict.AGAIN, "only 59 of 100 were used"),
    (100, Results(accepted=94, deferred=6), Verdict.AGAIN, "6 deferrals of 100"),
    (100, Results(accepted=95, deferred=5), Verdict.GROW, ""),
    (20, Results(accepted=18, deferred=2), Verdict.AGAIN, "only 20 of 100 were used"),
    (100, Results(accepted=97, hard=3), Verdict.AGAIN, "3 unknown recipients of 100"),
    (100, Results(accepted=100, complaints=1), Verdict.AGAIN, "1 complaints of 100"),
    (1_000, Results(accepted=1_000, complaints=1), Verdict.GROW, ""),
    (100, Results(accepted=99, blocked=1), Verdict.BACK, "1 blocked"),
    (100, Results(accepted=99, listed=1), Verdict.FREEZE, "1 refused for a listing or a low reputation"),
]


@pytest.mark.parametrize(("taken", "results", "verdict", "reason"), DAYS)
def test_a_day_that_was_used_and_went_well_grows_and_no_other(
    taken: int, results: Results, verdict: Verdict, reason: str
) -> None:
    assert judged(GOOGLE, 3, taken, 100, results) == (verdict, reason)


def test_the_last_day_of_a_plan_ends_it() -> None:
    assert judged(SMALL, 99, 2_000, 2_000, GOOD)[0] is Verdict.DONE


def test_a_handful_of_messages_proves_nothing() -> None:
    """One deferral of five is 20 %, and means a greylisting server."""
    assert trouble(Results(accepted=4, deferred=1)) is None
    assert trouble(Results(accepted=9, hard=1)) is None


@pytest.mark.parametrize(
    ("verdict", "idle_days", "step"),
    [
        (Verdict.GROW, 1, 11),
        (Verdict.AGAIN, 1, 10),
        (Verdict.BACK, 1, 9),
        (Verdict.AGAIN, 15, 8),
        (Verdict.AGAIN, 31, 1),  # 40 a day: at most a quarter of 220
    ],
)
def test_reputation_fades_while_nothing_is_sent(verdict: Verdict, idle_days: int, step: int) -> None:
    """Two steps back after a fortnight; after a month a quarter of the last volume."""
    assert next_step(SMALL, 10, verdict, timedelta(days=idle_days)) == step


def test_a_day_before_the_first_is_the_first() -> None:
    assert next_step(GOOGLE, 0, Verdict.BACK, timedelta(days=1)) == 0
    assert next_step(GOOGLE, 1, Verdict.AGAIN, timedelta(days=400)) == 0


def test_it_is_told_when_what_waits_will_be_through() -> None:
    assert days_for(SMALL, 0, 20, 20) == 0
    assert days_for(SMALL, 0, 20, 21) == 1
    assert days_for(SMALL, 0, 0, 40 + 60 + 1) == 3


# ---- with the engine -----------------------------------------------------------------------------


def begin(
    store: Store, provider: str = "gmail", plan: str = "", people: int = 400, **options: object
) -> None:
    with store.write() as connection:
        frozen(connection, people, provider="gmail", **options)
        warming.begin(connection, "relay", provider, plan, NOON)


def standing(store: Store) -> tuple[Warmup, Sequence[Day]]:
    with store.write() as connection:
        found = warmups.of_lane(connection, "relay", "gmail")["gmail"]
        return found, warmups.days(connection, found.id)


def sent(store: Store) -> int:
    with store.read() as connection:
        return counts(connection, 1).get(State.SENT, 0)


def test_over_days_a_server_sends_what_its_plan_allows_and_the_rest_waits(store: Store) -> None:
    begin(store, provider="")
    clock = WoundClock()
    engine = Engine(parts(store, clock=clock))
    totals = []
    for _ in range(5):
        engine.work_once()
        totals.append(sent(store))
        clock.wind(24 * 3600)

    assert totals == [50, 115, 199, 309, 400]
    held, days = standing(store)
    assert (held.step, held.state) == (4, WarmupState.RUNNING)
    assert [(day.allowance, day.taken, day.accepted, day.verdict) for day in days] == [
        *((50, 50, 50, "grow"), (65, 65, 65, "grow"), (84, 84, 84, "grow"), (110, 110, 110, "grow")),
    ]


def test_three_workers_keep_within_one_days_allowance(store: Store) -> None:
    begin(store)
    made = parts(store)
    shifts = [Shift(made, new_owner(), {}) for _ in range(3)]

    async def together() -> None:
        for shift in shifts:
            shift.start()
        for _ in range(6):
            await asyncio.gather(*(shift.round() for shift in shifts))
            for shift in shifts:
                for work in shift.works:
                    await work.settled()
                await shift.ledger.drain()
        for shift in shifts:
            await shift.end(1)

    asyncio.run(together())

    assert sent(store) == 50


def test_a_day_that_goes_badly_is_cut_short_and_repeated(store: Store) -> None:
    """A third are unknown there: the rest of the day is let go, and the next one is no larger."""
    begin(store, plan="manual", settings={"refuse": 0.3, "connections": 2})
    clock = WoundClock()
    engine = Engine(parts(store, clock=clock))
    engine.work_once()
    clock.wind(61)
    engine.work_once()
    clock.wind(24 * 3600)
    with store.write() as connection:
        connection.execute(update(server).values(settings={}, at=clock.at))
    engine.work_once()

    held, days = standing(store)
    assert [day.verdict for day in days] == ["again"]
    assert "unknown recipients of" in days[0].reason
    assert (held.step, held.allowance) == (0, 50)


def test_a_listing_freezes_the_plan_until_a_person_resumes_it(store: Store) -> None:
    begin(store)
    with store.write() as connection:
        held = warmups.of_lane(connection, "relay", "gmail")["gmail"]
        warmups.take(connection, held.id, 50)
        frozen_now = warming._moved(held, Verdict.FREEZE, timedelta(days=1))
        warmups.save(connection, frozen_now)
    clock = WoundClock(NOON + timedelta(days=1))
    engine = Engine(parts(store, clock=clock))
    engine.work_once()
    clock.wind(24 * 3600)
    engine.work_once()

    held, _ = standing(store)
    assert (held.state, held.step) == (WarmupState.FROZEN, 0)
    assert sent(store) == 100, "fifty on each of the two days: the limit stays and nothing grows"
