"""When a condition is believed: every move of the machine, and that "could not tell" makes none."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from data.alerts import LastNotice, NoticeKind
from data.incidents import FIRING, IncidentState
from monitor.incidents.machine import Case, Next, Policy, Sighting, step
from monitor.incidents.notices import needs_notice

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LISTING = Policy(looks=2, clear_looks=2, apart=2 * MINUTE, fresh=True)

FAULT, CLEAR, UNKNOWN = Sighting.FAULT, Sighting.CLEAR, Sighting.UNKNOWN
PENDING, OPEN, RECOVERING = IncidentState.PENDING, IncidentState.OPEN, IncidentState.RECOVERING
CLOSED, WITHDRAWN = IncidentState.CLOSED, IncidentState.WITHDRAWN


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


@pytest.mark.parametrize(
    ("case", "sighting", "minutes", "fresh", "state", "again"),
    [
        (None, FAULT, 0, False, PENDING, 2),
        (None, CLEAR, 0, True, None, None),
        (None, UNKNOWN, 0, True, None, None),
        (Case(PENDING, NOON, faults=1), FAULT, 2, True, OPEN, None),
        (Case(PENDING, NOON, faults=1), FAULT, 2, False, PENDING, 0),  # a cached answer confirms nothing
        (Case(PENDING, NOON, faults=1), FAULT, 1, True, PENDING, 1),  # too soon
        (Case(PENDING, NOON, faults=1), CLEAR, 1, False, WITHDRAWN, None),
        (Case(PENDING, NOON, faults=1), UNKNOWN, 2, True, PENDING, 2),
        (Case(PENDING, NOON, faults=1, unknowns=3), UNKNOWN, 9, True, PENDING, 16),
        (Case(OPEN, NOON, faults=2), FAULT, 60, False, OPEN, None),
        (Case(OPEN, NOON, faults=2), UNKNOWN, 60, True, OPEN, None),
        (Case(OPEN, NOON, faults=2), CLEAR, 60, False, RECOVERING, 2),
        (Case(RECOVERING, NOON, clears=1), CLEAR, 2, True, CLOSED, None),
        (Case(RECOVERING, NOON, clears=1), CLEAR, 2, False, RECOVERING, 0),
        (Case(RECOVERING, NOON, clears=1), CLEAR, 0.5, True, RECOVERING, 1.5),
        (Case(RECOVERING, NOON, clears=1), FAULT, 2, True, OPEN, None),
        (Case(RECOVERING, NOON, clears=1), UNKNOWN, 2, True, RECOVERING, 2),
    ],
)
def test_each_move(
    case: Case | None,
    sighting: Sighting,
    minutes: float,
    *,
    fresh: bool,
    state: IncidentState | None,
    again: float | None,
) -> None:
    then = step(case, sighting, at(minutes), fresh, LISTING)

    assert (then.case and then.case.state) == state
    assert then.again_in == (None if again is None else again * MINUTE)


def test_a_policy_of_one_look_fires_at_once() -> None:
    then = step(None, FAULT, NOON, False, Policy(looks=1, clear_looks=1, apart=MINUTE, fresh=False))

    assert then == Next(Case(OPEN, NOON, faults=1))


def test_three_looks_take_three_looks_apart() -> None:
    policy = Policy(looks=3, clear_looks=1, apart=MINUTE, fresh=False)
    case, states = None, []
    for minute in range(3):
        case = step(case, FAULT, at(minute), False, policy).case
        states.append(case and case.state)

    assert states == [PENDING, PENDING, OPEN]


def test_nothing_fires_without_two_conclusive_faults_nor_clears_without_two_clears() -> None:
    """100,000 looks of which a third cannot tell: what happened must always be what was seen."""
    rng = random.Random(2026)
    for _ in range(2000):
        case: Case | None = None
        conclusive: list[Sighting] = []
        for look in range(50):
            sighting = rng.choice([FAULT, CLEAR, CLEAR, UNKNOWN, UNKNOWN])
            before = case
            case = step(case, sighting, at(3 * look), rng.random() < 0.8, LISTING).case
            if sighting is UNKNOWN:
                assert (case and case.state) == (before and before.state)
                continue
            conclusive.append(sighting)
            opened = case is not None and case.state is OPEN and (before is None or before.state is PENDING)
            assert not opened or conclusive[-2:] == [FAULT, FAULT]
            if case is not None and case.state in (CLOSED, WITHDRAWN):
                assert case.state is WITHDRAWN or conclusive[-2:] == [CLEAR, CLEAR]
                case = None


def told(kind: NoticeKind, minutes_ago: float, times: int = 1) -> LastNotice:
    return LastNotice(kind, at(-minutes_ago), times)


@pytest.mark.parametrize(
    ("last", "firing", "notice"),
    [
        (None, True, NoticeKind.FIRED),
        (None, False, None),
        (told(NoticeKind.FIRED, 1), True, None),
        (told(NoticeKind.FIRED, 240), True, NoticeKind.REPEATED),
        (told(NoticeKind.REPEATED, 240, 2), True, None),
        (told(NoticeKind.REPEATED, 480, 2), True, NoticeKind.REPEATED),
        (told(NoticeKind.REPEATED, 240 * 16, 50), True, NoticeKind.REPEATED),
        (told(NoticeKind.FIRED, 1), False, NoticeKind.RECOVERED),
        (told(NoticeKind.REPEATED, 1, 3), False, NoticeKind.RECOVERED),
        (told(NoticeKind.RECOVERED, 1), False, None),
        (told(NoticeKind.RECOVERED, 1), True, NoticeKind.FIRED),
    ],
)
def test_who_is_told_what(last: LastNotice | None, *, firing: bool, notice: NoticeKind | None) -> None:
    assert needs_notice(last, firing, NOON, repeat=timedelta(hours=4)) == notice


def test_an_incident_that_recovers_still_fires() -> None:
    """Otherwise one missed look would say "over" and the next one "again"."""
    assert set(FIRING) == {OPEN, RECOVERING}


@pytest.mark.parametrize("fresh", [True, False])
def test_a_list_that_flaps_within_minutes_is_never_told(*, fresh: bool) -> None:
    """Golden vector L15: on it, off it, on it again; only two looks in a row that agree are believed."""
    case: Case | None = None
    for minute in range(0, 60, 2):
        case = step(case, FAULT if minute % 4 == 0 else CLEAR, at(minute), fresh, LISTING).case

        assert case is None or case.state in (PENDING, WITHDRAWN)
        case = case if case is not None and case.state is PENDING else None
