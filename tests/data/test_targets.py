"""The file's targets are what the file says; a person's stay a person's."""

from datetime import UTC, datetime

from checks.model import Profile, SendingIp, Target
from data.store import Store
from data.targets import Origin, find, pause, save, sync_file, watched

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FULL = Target("a.example", (SendingIp("192.0.2.1"),), ("s1",), ("mail.a.example",), Profile.TRANSACTIONAL)


def test_a_target_comes_back_as_it_was_given(store: Store) -> None:
    with store.write() as connection:
        save(connection, FULL, Origin.STORE, NOON)
        stored = find(connection, "a.example")

    assert stored is not None
    assert (stored.target, stored.origin, stored.paused) == (FULL, Origin.STORE, False)


def test_a_target_that_leaves_the_file_is_paused_and_watched_again_when_it_returns(store: Store) -> None:
    """Its history is worth keeping; deleting a line must not delete a year."""
    with store.write() as connection:
        sync_file(connection, [FULL, Target("b.example")], NOON)
        sync_file(connection, [Target("b.example")], NOON)
        assert [entry.target.domain for entry in watched(connection, paused=True)] == ["a.example"]

        sync_file(connection, [FULL], NOON)
        assert [entry.target.domain for entry in watched(connection, paused=False)] == ["a.example"]


def test_the_file_does_not_touch_what_a_person_made(store: Store) -> None:
    with store.write() as connection:
        save(connection, Target("own.example"), Origin.STORE, NOON)
        sync_file(connection, [], NOON)

        assert [entry.paused for entry in watched(connection)] == [False]


def test_only_the_stores_own_targets_can_be_paused_by_a_person(store: Store) -> None:
    with store.write() as connection:
        sync_file(connection, [FULL], NOON)
        save(connection, Target("own.example"), Origin.STORE, NOON)

        assert not pause(connection, "a.example", paused=True)
        assert pause(connection, "own.example", paused=True)
