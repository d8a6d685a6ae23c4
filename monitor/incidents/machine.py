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


@dataclass(frozen=True, slots=True)
class Case:
    """An incident as far as the machine cares. `counted_at` is the latest look that counted."""

    state: IncidentState
    counted_at: datetime
    faults: int = 0
    clears: int = 0
    unknowns: int = 0
    """Looks in a row that could not tell."""


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
    if policy.looks <= 1:
        return Next(Case(IncidentState.OPEN, now, faults=1))
    return Next(Case(IncidentState.PENDING, now, faults=1), policy.apart)


def _unknown(case: Case, policy: Policy) -> Next:
    case = replace(case, unknowns=case.unknowns + 1)
    if case.state is IncidentState.OPEN:
        return Next(case)
    return Next(case, policy.apart * 2 ** min(case.unknowns - 1, LONGEST_DOUBLING))


def _fault(case: Case, now: datetime, counts: bool, policy: Policy) -> Next:
    if case.state is not IncidentState.PENDING:
        return Next(Case(IncidentState.OPEN, now, faults=case.faults + 1))
    if not counts:
        return Next(case, _rest(case, now, policy))
    if case.faults + 1 >= policy.looks:
        return Next(Case(IncidentState.OPEN, now, faults=case.faults + 1))
    return Next(replace(case, faults=case.faults + 1, counted_at=now), policy.apart)


def _clear(case: Case, now: datetime, counts: bool, policy: Policy) -> Next:
    if case.state is IncidentState.PENDING:
        return Next(replace(case, state=IncidentState.WITHDRAWN))
    first = case.state is IncidentState.OPEN
    if not first and not counts:
        return Next(case, _rest(case, now, policy))
    if case.clears + 1 >= policy.clear_looks:
        return Next(replace(case, state=IncidentState.CLOSED, clears=case.clears + 1, counted_at=now))
    recovering = replace(case, state=IncidentState.RECOVERING, clears=case.clears + 1, counted_at=now)
    return Next(recovering, policy.apart)


def _rest(case: Case, now: datetime, policy: Policy) -> timedelta:
    """Until the next look may count."""
    return max(case.counted_at + policy.apart - now, timedelta(0))
