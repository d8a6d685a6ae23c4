"""Silences and acknowledgements: what is kept back, and what never is."""

from datetime import timedelta

import pytest

from checks.model import State
from data.alerts import NoticeKind
from data.silences import Acknowledgement, acknowledge, add_silence, end_silence
from monitor.incidents.quiet import matches
from tests.monitor.conftest import StillApp
from tests.monitor.incidents.test_track import alive, finding, looked, notices

DAY = timedelta(days=1)


def silenced(app: StillApp, **matchers: str) -> int:
    now = app.now()
    with app.store.write() as connection:
        return add_silence(connection, matchers, "maintenance", "ada", now, now + DAY, now)


def opened(app: StillApp, target: int) -> None:
    for fresh in (False, True):
        looked(app, target, finding(State.FAIL), fresh=fresh)


def closed(app: StillApp, target: int) -> None:
    for _ in range(2):
        looked(app, target, finding(State.PASS), fresh=True)


def test_a_silenced_incident_opens_and_tells_nobody_of_begin_and_end(app: StillApp, target_id: int) -> None:
    silenced(app, domain="*.COM", code="RDNS-*")
    opened(app, target_id)
    assert len(alive(app, target_id)) == 1
    closed(app, target_id)
    assert notices(app) == []


def test_what_still_lasts_when_a_silence_ends_is_told_at_the_next_look(app: StillApp, target_id: int) -> None:
    number = silenced(app, subject="192.0.2.*")
    opened(app, target_id)
    with app.store.write() as connection:
        assert end_silence(connection, number, app.now())
        assert not end_silence(connection, number, app.now())
    looked(app, target_id, finding(State.FAIL), fresh=True)
    assert [kind for kind, _ in notices(app)] == [NoticeKind.FIRED] * 2


def test_a_silence_about_something_else_keeps_nothing_back(app: StillApp, target_id: int) -> None:
    silenced(app, domain="example.com", code="SPF-*")
    opened(app, target_id)
    assert [kind for kind, _ in notices(app)] == [NoticeKind.FIRED] * 2


def test_an_end_is_told_where_the_beginning_arrived_though_it_is_silenced_by_now(
    app: StillApp,
    target_id: int,
) -> None:
    opened(app, target_id)
    silenced(app, domain="example.com")
    closed(app, target_id)
    assert notices(app)[-1][0] is NoticeKind.RECOVERED


def test_who_takes_an_incident_on_hears_no_repetition_until_then(app: StillApp, target_id: int) -> None:
    opened(app, target_id)
    (incident,) = alive(app, target_id)
    with app.store.write() as connection:
        acknowledge(connection, Acknowledgement(incident.id, "ada", "", app.now(), app.now() + DAY))
    looked(app, target_id, finding(State.FAIL), fresh=True, wait=23 * 60)
    assert len(notices(app)) == 2
    looked(app, target_id, finding(State.FAIL), fresh=True, wait=2 * 60)
    assert [kind for kind, _ in notices(app)][2:] == [NoticeKind.REPEATED] * 2


@pytest.mark.parametrize(
    ("matchers", "fits"),
    [
        ({"domain": "example.com"}, True),
        ({"domain": "*", "code": "SPF-00?"}, True),
        ({"domain": "example.com", "code": "DKIM-*"}, False),
        ({}, False),
        ({"kind": "listing"}, False),
    ],
)
def test_all_patterns_must_fit_and_none_fits_nothing(matchers: dict[str, str], fits: bool) -> None:
    assert matches(matchers, {"domain": "example.com", "code": "SPF-004", "kind": "record"}) is fits
