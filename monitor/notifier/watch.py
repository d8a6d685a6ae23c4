"""Misses what should be alive: a house in which nobody looks, or nobody can see, must not look quiet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.model import Severity
from data import heartbeats, incidents, standings
from monitor.app import App
from monitor.incidents.blind import DECISIVE, ONE_LOOK
from monitor.incidents.follow import follow
from monitor.incidents.machine import Sighting
from monitor.incidents.matter import Matter, Words

MISSED_AFTER = timedelta(seconds=20)
"""Four beats."""
DARK_AFTER = timedelta(minutes=5)
DARK_TARGETS, DARK_SHARE = 3, 0.5
"""So many domains, and such a share of all, without an answer at once: it is not their name servers."""


@dataclass(frozen=True, slots=True)
class Missed:
    title: str
    sentence: str
    over: str


PROCESSES: Mapping[str, Missed] = {
    "scheduler": Missed(
        "Nobody looks",
        "The scheduler has given no sign of life since {since}, so nothing is looked at.",
        "The scheduler is back: things are looked at again.",
    ),
    "worker": Missed(
        "Nobody works",
        "No worker has given a sign of life since {since}, so nothing is looked at or sent.",
        "A worker is back: things are looked at and sent again.",
    ),
}
"""Those without which the pages would show old news as the state of things."""


def watch(app: App, since: datetime) -> None:
    """Open or close the incidents about the instance itself. `since` is when this watch began."""
    now = app.now()
    with app.store.read() as connection:
        matters = [*_processes(connection, app, since, now), _resolver(connection, now)]
        known = {each.fingerprint for each in incidents.alive(connection, None)}
    moving = [each for each in matters if (each.sighting is Sighting.FAULT) != (each.fingerprint in known)]
    if moving:
        with app.store.write() as connection:
            for matter in moving:
                entry = incidents.find_alive(connection, matter.fingerprint)
                follow(connection, app.config, matter, entry, now)


def _processes(connection: Connection, app: App, since: datetime, now: datetime) -> list[Matter]:
    beats = {beat.process: beat.at for beat in heartbeats.heartbeats(connection)}
    return [_process(name, app, max(beats.get(name, since), since), now) for name in PROCESSES]


def _process(name: str, app: App, last: datetime, now: datetime) -> Matter:
    told, log = PROCESSES[name], app.home.log_dir / f"{name}.log"
    words = Words(
        title=told.title,
        sentence=told.sentence.format(since=f"{last:%Y-%m-%d %H:%M:%S} UTC"),
        fix=f"Look into {log}; restart Homing if it does not come back by itself.",
        over=told.over,
    )
    return _about(name, now - last > MISSED_AFTER, words, since=last)


def _resolver(connection: Connection, now: datetime) -> Matter:
    """Whether so many domains are dark at once that it must be our own resolver."""
    dark, watched = standings.dark_targets(connection, DECISIVE, now - DARK_AFTER)
    blind = dark >= DARK_TARGETS and dark >= DARK_SHARE * watched
    words = Words(
        title="Resolver degraded",
        sentence=(
            f"{dark} of {watched} domains have had decisive questions without an answer for five minutes or "
            "more. What is shown of them is old."
        ),
        fix="Examine it: homing doctor. Nothing is told of the domains themselves while this lasts.",
        over="The resolver answers again.",
    )
    return _about("resolver", blind, words)


def _about(kind: str, fault: bool, words: Words, since: datetime | None = None) -> Matter:
    return Matter(
        fingerprint=f"instance|{kind}",
        kind=kind,
        domain="",
        target_id=None,
        subject=kind,
        sighting=Sighting.FAULT if fault else Sighting.CLEAR,
        policy=ONE_LOOK,
        severity=Severity.CRITICAL,
        words=words if fault else None,
        cause="instance",
        since=since,
    )
