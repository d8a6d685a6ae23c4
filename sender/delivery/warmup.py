"""Warm-up plans: how many messages a young sender gives a mailbox provider on each day it sends. Pure.

Growth is by provider and counts days on which mail went out, not days of the calendar. A day that went badly
is repeated, one on which we were blocked is taken back, and a listing freezes the plan until a person lets it
go on. There is no network of pretended readers here: Google forbids them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Plan:
    """`days` are the allowances of the first, second, … day of sending; after the last there is no limit."""

    key: str
    title: str
    days: tuple[int, ...]


def growing(first: int, factor: float, most: int) -> tuple[int, ...]:
    """From `first` on, each day `factor` times the one before, until `most` was reached."""
    days = [float(first)]
    while days[-1] < most:
        days.append(min(days[-1] * factor, most))
    return tuple(round(day) for day in days)


_MANUAL = (
    *(50, 100, 250, 500, 1_000, 2_500, 5_000, 7_500, 10_000, 15_000, 20_000),
    *(30_000, 40_000, 55_000, 70_000, 100_000, 150_000),
)
PLANS: Mapping[str, Plan] = {
    plan.key: plan
    for plan in (
        Plan("google", "50 a day, then 1.3 times as many each day", growing(50, 1.3, 50_000)),
        Plan("microsoft", "30 a day, then 1.2 times as many each day", growing(30, 1.2, 50_000)),
        Plan("small", "20 more each day", tuple(20 * day for day in range(1, 101))),
        Plan("ses", "45 days to 50,000, as Amazon SES warms an address", growing(50, 1.17, 50_000)),
        Plan("manual", "the steps that SendGrid gives for warming by hand: steep", _MANUAL),
    )
}
"""Facts of the providers' own pages as of 2026 (docs/delivery.md, Warm-up)."""

_BY_PROVIDER: Mapping[str, str] = {
    **dict.fromkeys(("gmail", "yahoo"), "google"),
    **dict.fromkeys(("outlook", "microsoft365"), "microsoft"),
    **dict.fromkeys(("icloud", "gmx", "orange", "comcast"), "microsoft"),
}


def plan_for(provider: str) -> str:
    """The plan of a provider for which nobody chose one."""
    return _BY_PROVIDER.get(provider, "small")


class Verdict(StrEnum):
    """What a day of sending leads to."""

    GROW = "grow"
    AGAIN = "again"
    """Too little was sent to tell, or too much went wrong: the same once more."""
    BACK = "back"
    FREEZE = "freeze"
    """No growth until a person has looked."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Results:
    """What became of a lane's messages."""

    accepted: int = 0
    deferred: int = 0
    hard: int = 0
    """Refused because nobody lives there."""
    blocked: int = 0
    """Refused for what we are or what we write."""
    listed: int = 0
    """Refused for a blocklist, or for a low reputation."""
    complaints: int = 0

    @property
    def attempts(self) -> int:
        return self.accepted + self.deferred + self.hard + self.blocked + self.listed


ENOUGH = 0.6
"""Of its allowance a day must have used, to have shown something."""
LIMITS: tuple[tuple[str, float, int], ...] = (
    ("deferred", 0.05, 3),
    ("hard", 0.02, 2),
    ("complaints", 0.001, 1),
)
"""What stops growth: more than this share, and at least so many of them."""
WORDS: Mapping[str, str] = {"deferred": "deferrals", "hard": "unknown recipients", "complaints": "complaints"}


def trouble(results: Results) -> tuple[Verdict, str] | None:
    """What went too wrong to send more today, the worst first; None if nothing did."""
    if results.listed:
        return Verdict.FREEZE, f"{results.listed} refused for a listing or a low reputation"
    if results.blocked:
        return Verdict.BACK, f"{results.blocked} blocked"
    for name, limit, least in LIMITS:
        count = getattr(results, name)
        if count >= least and count > limit * results.attempts:
            return Verdict.AGAIN, f"{count} {WORDS[name]} of {results.attempts}"
    return None


def judged(plan: Plan, step: int, taken: int, allowance: int, results: Results) -> tuple[Verdict, str]:
    """What the day that is over leads to, and why."""
    if found := trouble(results):
        return found
    if taken < ENOUGH * allowance:
        return Verdict.AGAIN, f"only {taken} of {allowance} were used"
    if step + 1 >= len(plan.days):
        return Verdict.DONE, "the plan is fulfilled"
    return Verdict.GROW, ""


IDLE = timedelta(days=14)
COLD = timedelta(days=30)


def next_step(plan: Plan, step: int, verdict: Verdict, idle: timedelta) -> int:
    """The step of the next day of sending, after so long without one."""
    if idle > COLD:
        quarter = plan.days[min(step, len(plan.days) - 1)] / 4
        return max([at for at, allowance in enumerate(plan.days) if allowance <= quarter], default=0)
    moved = step + {Verdict.GROW: 1, Verdict.BACK: -1}.get(verdict, 0)
    return max(0, moved - 2 if idle > IDLE else moved)


def days_for(plan: Plan, step: int, left_today: int, waiting: int) -> int:
    """On how many more days, today not counted, so many messages go out if every day goes well."""
    waiting, days = waiting - left_today, 0
    while waiting > 0 and step + 1 < len(plan.days):
        step, days = step + 1, days + 1
        waiting -= plan.days[step]
    return days + (1 if waiting > 0 else 0)
