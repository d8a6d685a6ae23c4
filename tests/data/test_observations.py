"""History tells what was seen and since when; "could not tell" never replaces an answer."""

from datetime import UTC, datetime, timedelta

import pytest

from checks.model import Finding, Severity, State, Target, Value
from data.observations import Look, Seen, save_look
from data.standings import Standing, history, standings
from data.store import Store
from data.targets import Origin, save

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LISTED = "192.0.2.25 @ zen.spamhaus.org"


def found(code: str, state: State, subject: str = "example.com", **args: Value) -> Seen:
    return Seen(Finding(code, state, subject, args), Severity.HIGH)


@pytest.fixture
def target_id(store: Store) -> int:
    with store.write() as connection:
        return save(connection, Target("example.com"), Origin.STORE, NOON)


def look(store: Store, target_id: int, hours: int, *seen: Seen, blind: frozenset[str] = frozenset()) -> None:
    covered = frozenset({"SPF", "BL"})
    with store.write() as connection:
        save_look(connection, Look(target_id, "example.com", NOON + hours * HOUR, seen, covered, blind))


def only(store: Store) -> Standing:
    with store.read() as connection:
        (standing,) = standings(connection)
    return standing


def test_an_unchanged_answer_moves_last_seen_and_looks_and_adds_no_row(store: Store, target_id: int) -> None:
    for hours in range(3):
        look(store, target_id, hours, found("SPF-004", State.FAIL, lookups=12))

    with store.read() as connection:
        (run,) = history(connection, target_id, "SPF-004", "example.com", NOON)

    assert (run.first_seen, run.last_seen, run.looks) == (NOON, NOON + 2 * HOUR, 3)


def test_a_changed_argument_is_a_new_row(store: Store, target_id: int) -> None:
    look(store, target_id, 0, found("SPF-004", State.FAIL, lookups=12))
    look(store, target_id, 1, found("SPF-004", State.FAIL, lookups=13))

    with store.read() as connection:
        runs = history(connection, target_id, "SPF-004", "example.com", NOON)

    assert [run.args["lookups"] for run in runs] == [12, 13]


def test_an_answer_that_could_not_be_had_keeps_the_last_good_one(store: Store, target_id: int) -> None:
    look(store, target_id, 0, found("SPF-001", State.PASS))
    look(store, target_id, 1, found("SPF-001", State.UNKNOWN))
    look(store, target_id, 2, found("SPF-001", State.UNKNOWN))

    standing = only(store)

    assert standing.state is State.UNKNOWN
    assert standing.unknown_since == NOON + HOUR
    assert standing.conclusive is not None
    assert (standing.conclusive.state, standing.conclusive.last_seen) == (State.PASS, NOON)


def test_an_outage_ends_with_the_next_answer(store: Store, target_id: int) -> None:
    for hours, state in enumerate((State.PASS, State.UNKNOWN, State.PASS)):
        look(store, target_id, hours, found("SPF-001", state))

    standing = only(store)

    assert (standing.state, standing.unknown_since) == (State.PASS, None)


def test_trouble_with_a_list_keeps_what_was_known_of_each_address_on_it(store: Store, target_id: int) -> None:
    """With a list's self-test failing its addresses are not mentioned: neither listed nor clear."""
    look(store, target_id, 0, found("BL-001", State.FAIL, LISTED))
    look(store, target_id, 1, found("BL-002", State.UNKNOWN, "zen.spamhaus.org"))

    with store.read() as connection:
        listed = next(
            standing for standing in standings(connection, family="BL") if standing.code == "BL-001"
        )

    assert listed.unknown_since == NOON + HOUR
    assert listed.conclusive is not None
    assert listed.conclusive.state is State.FAIL


def test_trouble_with_another_list_does_not_blind_this_one(store: Store, target_id: int) -> None:
    look(store, target_id, 0, found("BL-001", State.FAIL, LISTED))
    look(store, target_id, 1, found("BL-002", State.UNKNOWN, "bl.spamcop.net"))

    with store.read() as connection:
        listed = next(standing for standing in standings(connection) if standing.code == "BL-001")

    assert listed.state is State.NOT_APPLICABLE


def test_the_same_answer_after_an_outage_ends_it_without_a_new_row(store: Store, target_id: int) -> None:
    look(store, target_id, 0, found("BL-001", State.FAIL, LISTED))
    look(store, target_id, 1, found("BL-002", State.UNKNOWN, "example.com"))
    look(store, target_id, 2, found("BL-001", State.FAIL, LISTED))

    with store.read() as connection:
        listed = next(standing for standing in standings(connection) if standing.code == "BL-001")
        runs = history(connection, target_id, "BL-001", LISTED, NOON)

    assert (listed.state, listed.unknown_since, len(runs)) == (State.FAIL, None, 1)


def test_a_check_that_raised_blinds_its_whole_family(store: Store, target_id: int) -> None:
    look(store, target_id, 0, found("SPF-004", State.FAIL))
    look(store, target_id, 1, blind=frozenset({"SPF"}))

    assert only(store).unknown_since == NOON + HOUR


def test_a_rule_that_has_nothing_to_say_any_more_is_withdrawn_once(store: Store, target_id: int) -> None:
    for hours in range(4):
        look(store, target_id, hours, *([found("SPF-004", State.FAIL)] if hours == 0 else []))

    with store.read() as connection:
        runs = history(connection, target_id, "SPF-004", "example.com", NOON)

    assert [(run.state, run.looks) for run in runs] == [(State.FAIL, 1), (State.NOT_APPLICABLE, 1)]


def test_a_look_of_other_checks_says_nothing_about_this_one(store: Store, target_id: int) -> None:
    look(store, target_id, 0, found("DKIM-001", State.FAIL))
    look(store, target_id, 1)

    assert only(store).state is State.FAIL


def test_findings_of_one_code_about_one_subject_speak_with_the_gravest(store: Store, target_id: int) -> None:
    """Otherwise two includes that fail would take turns, and each look would be a change."""
    both = (
        found("SPF-007", State.WARN, include="a"),
        found("SPF-007", State.FAIL, include="b"),
        found("SPF-007", State.FAIL, include="c"),
    )
    look(store, target_id, 0, *both)
    look(store, target_id, 1, *both)

    standing = only(store)

    assert (standing.state, standing.latest.looks) == (State.FAIL, 2)
    assert standing.latest.args == {"include": "b", "more": [{"include": "c"}]}
