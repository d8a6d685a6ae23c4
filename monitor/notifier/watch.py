"""Misses the scheduler: a house in which nobody looks any more must not look quiet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from checks.model import Severity
from data import heartbeats, incidents
from data.alerts import NoticeKind
from data.incidents import Incident, IncidentState
from monitor.app import App
from monitor.incidents.telling import tell

MISSED_AFTER = timedelta(seconds=20)
"""Four beats."""
FINGERPRINT = "instance|scheduler"
TITLE = "Nobody looks"
SENTENCE = (
    "The scheduler has given no sign of life since {since:%Y-%m-%d %H:%M:%S} UTC, so nothing is looked at."
)
FIX = "Look into {log}; restart Homing if it does not come back by itself."


def watch(app: App, since: datetime) -> None:
    """Open or close the incident about the scheduler. `since` is when this watch began."""
    now = app.now()
    with app.store.read() as connection:
        last = _last_beat(connection) or since
        known = _known(connection)
    silent = now - last > MISSED_AFTER
    if silent == (known is not None):
        return
    with app.store.write() as connection:
        if known is None:
            _open(connection, app, last, now)
        else:
            _close(connection, app, known, now)


def _last_beat(connection: Connection) -> datetime | None:
    beats = (beat.at for beat in heartbeats.heartbeats(connection) if beat.process == "scheduler")
    return next(beats, None)


def _known(connection: Connection) -> Incident | None:
    alive = incidents.alive(connection, None)
    return next((entry for entry in alive if entry.fingerprint == FINGERPRINT), None)


def _open(connection: Connection, app: App, last: datetime, now: datetime) -> None:
    sentence = SENTENCE.format(since=last)
    detail = {
        "title": TITLE,
        "sentence": sentence,
        "fix": FIX.format(log=app.home.log_dir / "scheduler.log"),
        "evidence": [],
        "faults": [],
    }
    values = {
        "fingerprint": FINGERPRINT,
        "kind": "instance",
        "target_id": None,
        "code": "",
        "subject": "scheduler",
        "severity": Severity.CRITICAL.value,
        "state": IncidentState.OPEN.value,
        "first_seen": last,
        "opened_at": now,
        "detail": detail,
    }
    incident_id = incidents.begin(connection, values)
    _put(connection, app, incident_id, NoticeKind.FIRED, detail | {"text": sentence})


def _close(connection: Connection, app: App, known: Incident, now: datetime) -> None:
    incidents.change(connection, known.id, {"state": IncidentState.CLOSED.value, "closed_at": now})
    words = dict(known.detail) | {"text": "The scheduler is back: things are looked at again.", "fix": ""}
    _put(connection, app, known.id, NoticeKind.RECOVERED, words)


def _put(
    connection: Connection, app: App, incident_id: int, kind: NoticeKind, words: Mapping[str, Any]
) -> None:
    now = app.now()
    payload = {
        **words,
        "type": f"incident.{kind}",
        "incident": incident_id,
        "kind": "instance",
        "domain": "",
        "subject": "scheduler",
        "code": "",
        "severity": Severity.CRITICAL.value,
        "at": now.isoformat(),
    }
    tell(connection, app.config, incident_id, kind, payload, now)
