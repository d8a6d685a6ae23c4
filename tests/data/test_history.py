"""The history of records: a row for each value in turn, and an outage is no change."""

from datetime import timedelta

from checks.model import Target
from checks.records.model import Kind, Record
from data import history, targets
from data.store import Store
from data.targets import Origin
from tests.fakes.campaign import NOON

DAY = timedelta(days=1)


def mx(*hosts: str) -> Record:
    value = {"hosts": [[10, host] for host in hosts]} if hosts else None
    return Record(Kind.MX, "example.com", tuple(f"10 {host}" for host in hosts), value)


def looked(store: Store, days: float, *records: Record) -> None:
    with store.write() as connection:
        target = targets.save(connection, Target("example.com"), Origin.STORE, NOON)
        history.save_records(connection, target, records, NOON + days * DAY)


def test_an_unchanged_record_is_one_row_that_is_seen_again(store: Store) -> None:
    for day in range(3):
        looked(store, day, mx("a.example"))
    with store.read() as connection:
        (span,) = history.spans(connection, "example.com")
        assert history.turns(connection, NOON, NOON + 9 * DAY) == []
    assert (span.first_seen, span.last_seen, span.looks) == (NOON, NOON + 2 * DAY, 3)


def test_another_value_is_another_row_also_when_it_is_an_old_one(store: Store) -> None:
    for day, record in enumerate((mx("a.example"), mx("b.example"), mx("a.example"), mx())):
        looked(store, day, record)
    with store.read() as connection:
        found = history.turns(connection, NOON, NOON + 9 * DAY, "example.com")
        assert history.turns(connection, NOON, NOON + 9 * DAY, "other.example") == []
    assert [(turn.before.raw, turn.after.raw) for turn in found] == [
        (("10 a.example",), ()),
        (("10 b.example",), ("10 a.example",)),
        (("10 a.example",), ("10 b.example",)),
    ]
    assert (found[0].until, found[0].at) == (NOON + 2 * DAY, NOON + 3 * DAY)
    assert found[0].after.absent


def test_a_look_that_could_not_tell_leaves_everything_as_it_was(store: Store) -> None:
    looked(store, 0, mx("a.example"))
    looked(store, 1)
    looked(store, 2, mx("a.example"))
    with store.read() as connection:
        (span,) = history.spans(connection, "example.com")
    assert span.looks == 2


def test_what_stood_at_a_moment_is_what_was_seen_by_then(store: Store) -> None:
    looked(store, 0, mx("a.example"))
    looked(store, 2, mx("b.example"))
    with store.read() as connection:
        assert history.standing_at(connection, "example.com", NOON - DAY) == []
        (then,) = history.standing_at(connection, "example.com", NOON + DAY)
        (now,) = history.standing_at(connection, "example.com", NOON + 3 * DAY)
    assert (then.record, now.record) == (mx("a.example"), mx("b.example"))
