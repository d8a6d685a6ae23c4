"""The machine, judged from facts."""

from datetime import UTC, datetime, timedelta

import pytest

from checks.model import State
from data.sqlite import library_version
from monitor.doctor import facts, machine
from monitor.doctor.machine import Clock, Disk, Port
from monitor.doctor.visit import LEVELS
from monitor.doctor.wording import WORDING
from monitor.home import Home, locate, prepare

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GB = 1 << 30


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (Clock(NOW, NOW - timedelta(days=1), True), State.PASS),
        (Clock(NOW, NOW - timedelta(days=1), False), State.WARN),
        (Clock(NOW, NOW - timedelta(days=1), None), State.UNKNOWN),
        (Clock(NOW, NOW + timedelta(days=1), True), State.FAIL),
    ],
)
def test_the_clock_must_be_kept_in_time_and_not_be_before_our_own_files(fact: Clock, state: State) -> None:
    assert machine.clock(fact).state is state


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (Disk("/home", 50 * GB, 100 * GB), State.PASS),
        (Disk("/home", GB // 2, 100 * GB), State.WARN),
        (Disk("/home", 1, 100 * GB), State.FAIL),
        (Disk("/home", 50 * GB, 100 * GB, "Read-only file system"), State.FAIL),
    ],
)
def test_the_home_needs_room_and_must_be_writable(fact: Disk, state: State) -> None:
    assert machine.disk(fact).state is state


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ((3, 40, 1), State.WARN),
        ((3, 44, 5), State.WARN),
        ((3, 44, 6), State.PASS),
        ((3, 45, 0), State.WARN),
        ((3, 50, 7), State.PASS),
        ((3, 51, 2), State.WARN),
        ((3, 51, 3), State.PASS),
        ((3, 53, 0), State.PASS),
        ((4, 0, 0), State.PASS),
    ],
)
def test_sqlite_before_the_end_of_the_wal_reset_bug_warns(version: tuple[int, ...], state: State) -> None:
    """sqlite.org/wal.html: 3.7.0 to 3.51.2, but for the back-ports 3.44.6 and 3.50.7."""
    assert machine.sqlite(version).state is state


def test_a_port_that_homing_itself_has_is_no_fault() -> None:
    taken = Port("web", "127.0.0.1", 8525, "Address already in use")
    assert [finding.state for finding in machine.ports([taken], running=True)] == [State.PASS]
    [finding] = machine.ports([taken], running=False)
    assert (finding.state, finding.subject) == (State.WARN, "127.0.0.1:8525")


def test_one_mail_server_that_can_be_reached_is_enough() -> None:
    assert machine.smtp_out({"a": "timed out", "b": ""}).state is State.PASS
    assert machine.smtp_out({"a": "timed out"}).state is State.WARN
    assert machine.smtp_out({}).state is State.UNKNOWN


def test_python_is_tried_not_asked_for_its_number() -> None:
    """Debian's 3.11.2 has the mends of 3.11.10; upstream's 3.11.7 does not."""
    assert [finding.state for finding in machine.python((3, 11, 2), {})] == [State.PASS]
    faults = {**facts.python_faults(), "breaks": "mended in 9.9"}
    assert {finding.state for finding in machine.python((3, 11, 7), faults)} == {State.WARN}


def test_facts_come_from_this_very_machine() -> None:
    home = prepare(locate())
    disk = facts.disk(home)
    assert 0 < disk.free <= disk.total
    assert disk.unwritable == ""
    assert facts.clock().newest_file <= facts.clock().now
    assert library_version() >= (3, 7, 0)
    assert not facts.running(home)


def test_a_home_that_does_not_exist_yet_is_judged_by_the_folder_above() -> None:
    assert facts.disk(Home(locate().path / "not" / "yet")).total > 0


@pytest.mark.sockets
def test_ports_and_connections_are_tried_on_real_sockets() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        assert facts.port("web", "127.0.0.1", number).taken
        assert facts.connections([("127.0.0.1", number)]) == {"127.0.0.1": ""}
    assert not facts.port("web", "127.0.0.1", number).taken
    assert facts.connections([("127.0.0.1", number)])["127.0.0.1"]


def test_everything_the_doctor_can_say_has_words_and_a_weight() -> None:
    assert set(WORDING) == set(LEVELS)
