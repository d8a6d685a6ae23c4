"""A resolver that invents answers is the one fault that makes every other finding worthless."""

from datetime import timedelta

import pytest

from checks.model import State
from checks.resolver import CHECK, impossible_names
from tests.checks.judge import NOW, findings, states

NAMES = impossible_names(NOW)


@pytest.mark.parametrize(
    ("zone", "state"),
    [
        ({}, State.PASS),
        ({NAMES[0]: {"A": ["203.0.113.5"]}}, State.FAIL),
        ({NAMES[1]: {"TXT": [["as if it existed"]]}}, State.WARN),
        ({name: {"*": "TIMEOUT"} for name in NAMES}, State.UNKNOWN),
        ({NAMES[0]: {"*": "SERVFAIL"}}, State.PASS),
    ],
)
def test_names_that_cannot_exist_tell_what_the_resolver_does(zone: dict[str, object], state: State) -> None:
    """RES-007: rewriting shows as blocklist hits that nobody has (mailcow-logs-viewer issue 102)."""
    assert states(findings(CHECK, zone), "RES-007") == [state]


def test_the_address_that_names_are_sent_to_is_told() -> None:
    [finding] = findings(CHECK, {name: {"A": ["203.0.113.5"]} for name in NAMES})
    assert finding.args["sent_to"] == ("203.0.113.5",)


def test_the_names_change_every_day_and_not_within_one() -> None:
    """Ten thousand domains share two questions; a name that somebody registers is gone tomorrow."""
    assert impossible_names(NOW + timedelta(hours=1)) == NAMES
    assert not set(impossible_names(NOW + timedelta(days=1))) & set(NAMES)
