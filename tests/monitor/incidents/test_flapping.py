"""What comes and goes is told at most six times a day, and kept open until it has been quiet for an hour."""

from collections import Counter
from datetime import timedelta
from random import Random

from checks.model import Severity
from data import alerts, incidents
from monitor.incidents.follow import follow
from monitor.incidents.machine import Policy, Sighting
from monitor.incidents.matter import Matter, Words
from tests.monitor.conftest import StillApp

LISTING = Policy(looks=2, clear_looks=2, apart=timedelta(minutes=2), fresh=True)
WORDS = Words("Listed", "192.0.2.1 is on zen.spamhaus.org.", faults=({"code": "BL-001"},))


def look(app: StillApp, sighting: Sighting, fingerprint: str = "listing|x|192.0.2.1|spamhaus") -> None:
    matter = Matter(
        fingerprint,
        "listing",
        "",
        None,
        "192.0.2.1 @ zen.spamhaus.org",
        sighting,
        LISTING,
        "BL-001",
        Severity.CRITICAL,
        WORDS if sighting is Sighting.FAULT else None,
        cause="spamhaus",
    )
    with app.store.write() as connection:
        known = incidents.find_alive(connection, fingerprint)
        follow(connection, app.config, matter, known, app.now())


def told(app: StillApp) -> Counter[str]:
    with app.store.read() as connection:
        return Counter(alert.notice.value for alert in alerts.recent(connection, 1000))


def spell(app: StillApp, sighting: Sighting, minutes: int) -> None:
    for _ in range(minutes // 3):
        look(app, sighting)
        app.wait(timedelta(minutes=3))


def test_a_day_of_coming_and_going_is_told_six_times_at_most_and_in_pairs(one_channel: StillApp) -> None:
    app, dice = one_channel, Random(1)
    for _ in range(24 * 4):  # a spell of a quarter of an hour, with or without it
        spell(app, dice.choice((Sighting.FAULT, Sighting.CLEAR)), 15)
    counted = told(app)
    assert sum(counted.values()) <= 6
    assert counted["fired"] - counted["recovered"] in (0, 1), "never an end without a beginning"
    with app.store.read() as connection:
        (alive,) = incidents.alive(connection, None)
        assert alive.detail["case"]["flapping"]


def test_it_is_over_after_an_hour_of_quiet_and_not_before(one_channel: StillApp) -> None:
    app = one_channel
    for _ in range(3):
        spell(app, Sighting.FAULT, 15)
        spell(app, Sighting.CLEAR, 15)
    spell(app, Sighting.CLEAR, 30)
    with app.store.read() as connection:
        assert incidents.alive(connection, None), "three quarters of an hour of quiet"
    spell(app, Sighting.CLEAR, 30)
    with app.store.read() as connection:
        assert not incidents.alive(connection, None)


def test_what_came_once_is_over_after_two_looks(one_channel: StillApp) -> None:
    app = one_channel
    spell(app, Sighting.FAULT, 15)
    spell(app, Sighting.CLEAR, 6)
    assert told(app) == {"fired": 1, "recovered": 1}


def test_could_not_tell_neither_begins_nor_ends_it(one_channel: StillApp) -> None:
    app = one_channel
    spell(app, Sighting.UNKNOWN, 60)
    assert told(app) == {}
    spell(app, Sighting.FAULT, 15)
    spell(app, Sighting.UNKNOWN, 600)
    spell(app, Sighting.CLEAR, 3)
    spell(app, Sighting.UNKNOWN, 600)
    assert told(app)["recovered"] == 0
