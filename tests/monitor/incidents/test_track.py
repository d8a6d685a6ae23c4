"""From looks in the store to incidents, notices in the outbox and the next look, in one transaction."""

from datetime import timedelta

from sqlalchemy import select

from checks.model import Evidence, Finding, Severity, State
from data import alerts, incidents, slots
from data.alerts import NoticeKind
from data.incidents import Incident, IncidentState
from data.observations import Look, Seen, save_look
from data.panels.incidents import open_incidents, pending_incidents
from data.slots import SlotState
from data.tables import incident
from monitor.incidents import track
from monitor.incidents.track import CONFIRM
from tests.monitor.conftest import NOON, StillApp
from tests.monitor.incidents.conftest import DOMAIN

LISTED = "192.0.2.25 @ zen.spamhaus.org"
CODE = "RDNS-001"


def finding(state: State, subject: str = "192.0.2.25") -> Finding:
    return Finding(CODE, state, subject, {"why": "timeout"}, (Evidence("a", "PTR", "nxdomain"),))


def looked(app: StillApp, target_id: int, *found: Finding, fresh: bool = False, wait: float = 3) -> None:
    """One look, `wait` minutes after the one before."""
    app.wait(timedelta(minutes=wait))
    seen = [Seen(one, Severity.HIGH) for one in found]
    look = Look(target_id, DOMAIN, app.now(), seen, frozenset({"RDNS"}))
    with app.store.write() as connection:
        save_look(connection, look)
        track.track(connection, track.Seen(look, fresh, app.config))


def notices(app: StillApp) -> list[tuple[NoticeKind, str]]:
    with app.store.read() as connection:
        return [(alert.notice, alert.channel) for alert in reversed(alerts.recent(connection))]


def alive(app: StillApp, target_id: int) -> list[Incident]:
    with app.store.read() as connection:
        return list(incidents.alive(connection, target_id))


def planned(app: StillApp) -> list[float]:
    """After how many minutes from now the confirming looks are due."""
    with app.store.read() as connection:
        rows = [slot for slot in slots.recent(connection, DOMAIN) if slot.kind == CONFIRM]
    return [(slot.due_at - app.now()) / timedelta(minutes=1) for slot in rows if slot.state is SlotState.DUE]


def test_a_first_fault_is_pending_tells_nobody_and_asks_for_a_second_look(
    app: StillApp, target_id: int
) -> None:
    looked(app, target_id, finding(State.FAIL))

    assert [entry.state for entry in alive(app, target_id)] == [IncidentState.PENDING]
    assert notices(app) == []
    assert planned(app) == [2]


def test_the_second_look_opens_it_and_every_channel_is_told_once(app: StillApp, target_id: int) -> None:
    looked(app, target_id, finding(State.FAIL))
    for _ in range(3):
        looked(app, target_id, finding(State.FAIL), fresh=True)

    (incident,) = alive(app, target_id)
    assert incident.state is IncidentState.OPEN
    assert (incident.first_seen, incident.opened_at) == (
        NOON + timedelta(minutes=3),
        NOON + timedelta(minutes=6),
    )
    assert notices(app) == [(NoticeKind.FIRED, "one"), (NoticeKind.FIRED, "two")]


def test_a_notice_says_what_since_when_on_what_evidence_and_what_to_do(app: StillApp, target_id: int) -> None:
    looked(app, target_id, finding(State.FAIL))
    looked(app, target_id, finding(State.FAIL), fresh=True)

    with app.store.read() as connection:
        payload = alerts.recent(connection)[0].payload

    assert payload["type"] == "incident.fired"
    assert payload["text"].startswith("192.0.2.25 has no PTR record.")
    assert payload["text"].endswith("Since 2026-11-23 12:03 UTC.")
    assert payload["evidence"][0]["answer"] == "nxdomain"
    assert payload["fix"].startswith("Publish a PTR record")


def test_a_fault_that_is_gone_at_the_second_look_never_was(app: StillApp, target_id: int) -> None:
    looked(app, target_id, finding(State.FAIL))
    looked(app, target_id, finding(State.PASS), fresh=True)

    assert alive(app, target_id) == []
    assert notices(app) == []


def test_an_outage_neither_fires_nor_clears(app: StillApp, target_id: int) -> None:
    looked(app, target_id, finding(State.FAIL))
    for _ in range(5):
        looked(app, target_id, finding(State.UNKNOWN), fresh=True)
    assert [entry.state for entry in alive(app, target_id)] == [IncidentState.PENDING]

    looked(app, target_id, finding(State.FAIL), fresh=True)
    for _ in range(5):
        looked(app, target_id, finding(State.UNKNOWN), fresh=True)

    assert [entry.state for entry in alive(app, target_id)] == [IncidentState.OPEN]
    assert [kind for kind, _ in notices(app)] == [NoticeKind.FIRED] * 2


def test_two_misses_close_it_and_whoever_was_told_hears_of_it(app: StillApp, target_id: int) -> None:
    for state in (State.FAIL, State.FAIL, State.PASS):
        looked(app, target_id, finding(state), fresh=True)
    assert [entry.state for entry in alive(app, target_id)] == [IncidentState.RECOVERING]

    looked(app, target_id, finding(State.PASS), fresh=True)

    assert alive(app, target_id) == []
    assert notices(app)[2:] == [(NoticeKind.RECOVERED, "one"), (NoticeKind.RECOVERED, "two")]
    with app.store.read() as connection:
        payload = alerts.recent(connection)[0].payload
    assert payload["text"] == "Over after 9 min: Reverse DNS name, 192.0.2.25."


def test_a_rule_with_nothing_more_to_say_counts_as_gone(app: StillApp, target_id: int) -> None:
    looked(app, target_id, finding(State.FAIL))
    looked(app, target_id, finding(State.FAIL), fresh=True)
    looked(app, target_id)
    looked(app, target_id, fresh=True)

    assert alive(app, target_id) == []


def test_while_it_lasts_it_is_said_again_and_more_rarely_each_time(app: StillApp, target_id: int) -> None:
    looked(app, target_id, finding(State.FAIL))
    looked(app, target_id, finding(State.FAIL), fresh=True)
    for _ in range(14):
        looked(app, target_id, finding(State.FAIL), wait=60)

    kinds = [kind for kind, channel in notices(app) if channel == "one"]

    assert kinds == [NoticeKind.FIRED, NoticeKind.REPEATED, NoticeKind.REPEATED]  # after 4 h, then 8 h


def test_two_conditions_wait_for_one_look(app: StillApp, target_id: int) -> None:
    looked(app, target_id, finding(State.FAIL), finding(State.FAIL, "192.0.2.26"))

    assert len(planned(app)) == 1
    with app.store.read() as connection:
        assert track.unconfirmed(connection, target_id) == {"RDNS"}


def test_pages_see_what_is_open_and_what_waits(app: StillApp, target_id: int) -> None:
    looked(app, target_id, finding(State.FAIL))
    with app.store.read() as connection:
        assert (len(open_incidents(connection)), len(pending_incidents(connection))) == (0, 1)

    looked(app, target_id, finding(State.FAIL), fresh=True)
    with app.store.read() as connection:
        (shown,) = open_incidents(connection)
    assert (shown.domain, shown.kind, shown.code) == (DOMAIN, "record", CODE)


def test_one_clear_look_and_one_outage_are_no_two_clear_looks(app: StillApp, target_id: int) -> None:
    """A hundred thousand look-ups found it: the second clear look was one that could not tell."""
    story = (
        (State.FAIL, "pending"), (State.FAIL, "open"), (State.PASS, "recovering"),
        *((State.UNKNOWN, "recovering"),) * 3, (State.PASS, "closed"),
    )  # fmt: skip
    for state, stands in story:
        looked(app, target_id, finding(state), fresh=True)
        with app.store.read() as connection:
            assert connection.scalar(select(incident.c.state)) == stands, state
