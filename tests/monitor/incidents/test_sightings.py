"""What belongs together: one operator's listing, one record's faults."""

from datetime import UTC, datetime

import pytest

from checks.model import Severity, State
from data.standings import Observed, Standing
from monitor.incidents.machine import Sighting
from monitor.incidents.sightings import Kind, conditions

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def standing(
    code: str, subject: str, state: State, severity: Severity = Severity.HIGH, *, unknown: bool = False
) -> Standing:
    observed = Observed(1, state, severity, {}, [], NOON, NOON, 1)
    return Standing(7, "example.com", code, subject, observed, observed, NOON if unknown else None)


def test_the_faults_of_one_record_are_one_condition_and_the_worst_speaks_first() -> None:
    (condition,) = conditions(
        [
            standing("SPF-004", "example.com", State.FAIL),
            standing("SPF-001", "example.com", State.FAIL, Severity.CRITICAL),
            standing("SPF-002", "example.com", State.PASS),
        ],
        Severity.HIGH,
    )

    assert (condition.kind, condition.sighting) == (Kind.RECORD, Sighting.FAULT)
    assert [fault.code for fault in condition.faults] == ["SPF-001", "SPF-004"]


def test_each_address_and_operator_is_a_listing_of_its_own() -> None:
    found = conditions(
        [
            standing("BL-001", "192.0.2.1 @ a.example", State.FAIL),
            standing("BL-001", "192.0.2.2 @ a.example", State.FAIL),
            standing("BL-001", "192.0.2.1 @ b.example", State.FAIL),
        ],
        Severity.HIGH,
    )

    assert len({condition.fingerprint for condition in found}) == 3
    assert {condition.kind for condition in found} == {Kind.LISTING}


def test_two_lists_of_one_operator_are_one_listing() -> None:
    (condition,) = conditions(
        [
            standing("BL-001", "example.com @ zen.spamhaus.org", State.FAIL),
            standing("BL-001", "example.com @ dbl.spamhaus.org", State.FAIL, Severity.CRITICAL),
        ],
        Severity.HIGH,
    )

    assert [fault.subject for fault in condition.faults] == [
        "example.com @ dbl.spamhaus.org",
        "example.com @ zen.spamhaus.org",
    ]


@pytest.mark.parametrize(
    ("state", "severity", "unknown", "sighting"),
    [
        (State.FAIL, Severity.HIGH, False, Sighting.FAULT),
        (State.FAIL, Severity.HIGH, True, Sighting.UNKNOWN),
        (State.FAIL, Severity.MEDIUM, False, Sighting.CLEAR),  # shown on the page, not told
        (State.WARN, Severity.HIGH, False, Sighting.CLEAR),
        (State.PASS, Severity.INFO, False, Sighting.CLEAR),
        (State.PASS, Severity.INFO, True, Sighting.CLEAR),
        (State.NOT_APPLICABLE, Severity.INFO, False, Sighting.CLEAR),
    ],
)
def test_what_a_standing_says(state: State, severity: Severity, *, unknown: bool, sighting: Sighting) -> None:
    (condition,) = conditions([standing("SPF-001", "a", state, severity, unknown=unknown)], Severity.HIGH)

    assert condition.sighting is sighting


def test_our_own_faults_are_nobodys_incident() -> None:
    assert conditions([standing("BUG-001", "example.com", State.FAIL)], Severity.HIGH) == []
