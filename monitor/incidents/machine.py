"""The life of an incident, as a pure function of what was known and what the latest look saw.

    (none) ─ fault ─► pending ─ the second look agrees ─► open ─ clear ─► recovering ─ clear again ─► closed
                         └─ clear ─► withdrawn              ◄─── fault ─────┘

"Could not tell" moves nothing: it neither fires nor clears, it only asks for another look.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from data.incidents import IncidentState

LONGEST_DOUBLING = 5
FLAPPING_FROM = 3
"""The third time that it comes within a day is flapping (`flapping`)."""


class Sighting(StrEnum):
    """What one look says about one condition."""

    FAULT = "fault"
    CLEAR = "clear"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Policy:
    """When a condition is believed. A look counts when it is `apart` from the one counted before it."""

    looks: int
    clear_looks: int
    apart: timedelta
    fresh: bool
    """Whether a look that counts beyond the first must have gone to the wire, past every cache."""
    keep_firing: timedelta = timedelta()
    """How long it must have been clear without a break before it is over."""
    flaps: int = 0
    """How often the same thing was over lately."""


@dataclass(frozen=True, slots=True)
class Case:
    """An incident as far as the machine cares. `counted_at` is the latest look that counted."""

    state: IncidentState
    counted_at: datetime
    faults: int = 0
    clears: int = 0
    unknowns: int = 0
    """Looks in a row that could not tell."""
    clear_since: datetime | None = None
    """The first of the looks in a row that found nothing."""
    flaps: int = 1
    """How often it came: this time, the times before within a day, and each time that it came back."""
    flapping: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """`case` is None where there is no incident; `again_in` asks for a fresh look that much later."""

    case: Case | None
    again_in: timedelta | None = None


def step(case: Case | None, sighting: Sighting, now: datetime, fresh: bool, policy: Policy) -> Next:
    """What follows from one look. `case` is None or alive; `fresh` says whether the look was uncached."""
    if case is None:
        return _begin(sighting, now, policy)
    if sighting is Sighting.UNKNOWN:
        return _unknown(case, policy)
    counts = now - case.counted_at >= policy.apart and (fresh or not policy.fresh)
    case = replace(case, unknowns=0)
    if sighting is Sighting.FAULT:
        return _fault(case, now, counts, policy)
    return _clear(case, now, counts, policy)


def _begin(sighting: Sighting, now: datetime, policy: Policy) -> Next:
    if sighting is not Sighting.FAULT:
        return Next(None)
    came = policy.flaps + 1
    born = Case(IncidentState.PENDING, now, faults=1, flaps=came, flapping=came >= FLAPPING_FROM)
    if policy.looks <= 1:
        return Next(replace(born, state=IncidentState.OPEN))
    return Next(born, policy.apart)


def _unknown(case: Case, policy: Policy) -> Next:
    case = replace(case, unknowns=case.unknowns + 1)
    if case.state is IncidentState.OPEN:
        return Next(case)
    return Next(case, policy.apart * 2 ** min(case.unknowns - 1, LONGEST_DOUBLING))


def _fault(case: Case, now: datetime, counts: bool, policy: Policy) -> Next:
    if case.state is not IncidentState.PENDING:
        return Next(_again(case, now))
    if not counts:
        return Next(case, _rest(case, now, policy))
    if case.faults + 1 >= policy.looks:
        return Next(replace(case, state=IncidentState.OPEN, counted_at=now, faults=case.faults + 1))
    return Next(replace(case, faults=case.faults + 1, counted_at=now), policy.apart)


def _again(case: Case, now: datetime) -> Case:
    """Still there, or back before it was over: the latter is a flap."""
    flaps = case.flaps + (case.state is IncidentState.RECOVERING)
    return Case(
        IncidentState.OPEN,
        now,
        faults=case.faults + 1,
        flaps=flaps,
        flapping=case.flapping or flaps >= FLAPPING_FROM,
    )


def _clear(case: Case, now: datetime, counts: bool, policy: Policy) -> Next:
    if case.state is IncidentState.PENDING:
        return Next(replace(case, state=IncidentState.WITHDRAWN))
    first = case.state is IncidentState.OPEN
    if not first and not counts:
        return Next(case, _rest(case, now, policy))
    since = now if first or case.clear_since is None else case.clear_since
    seen = replace(case, clears=case.clears + 1, counted_at=now, clear_since=since)
    if seen.clears >= policy.clear_looks and now - since >= policy.keep_firing:
        return Next(replace(seen, state=IncidentState.CLOSED))
    return Next(replace(seen, state=IncidentState.RECOVERING), policy.apart)


def _rest(case: Case, now: datetime, policy: Policy) -> timedelta:
    """Until the next look may count."""
    return max(case.counted_at + policy.apart - now, timedelta(0))
