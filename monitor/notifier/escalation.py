"""Who is told of what nobody has taken on: the channels with an `after`, of what is critical and that old."""

from datetime import datetime

from sqlalchemy import Connection

from checks.model import Severity
from data import alerts
from data.alerts import NoticeKind
from data.incidents import get
from data.panels.incidents import open_incidents
from data.silences import acknowledged
from monitor.app import App
from monitor.incidents.quiet import kept_back, taken_on
from monitor.incidents.telling import put
from monitor.incidents.words import notice


def escalate(app: App) -> None:
    """Put into the outbox what has waited for somebody long enough."""
    ladder = [channel for channel in app.config.channels if channel.after]
    if not ladder:
        return
    now = app.now()
    with app.store.read() as connection:
        grave = [each for each in open_incidents(connection) if each.severity is Severity.CRITICAL]
        due = [
            (each.id, each.domain, channel.name)
            for each in grave
            for channel in ladder
            if each.opened_at and now - each.opened_at >= channel.after
            if not alerts.told_on(connection, each.id, channel.name)
        ]
    for incident_id, domain, channel in due:
        with app.store.write() as connection:
            _escalate(connection, app, incident_id, domain, channel, now)


def _escalate(
    connection: Connection, app: App, incident_id: int, domain: str, channel: str, now: datetime
) -> None:
    incident = get(connection, incident_id)
    if taken_on(acknowledged(connection, incident_id), now):
        return
    if kept_back(connection, app.config, incident, domain, NoticeKind.FIRED, now):
        return
    payload = {**notice(incident, domain, NoticeKind.FIRED, now), "escalated": True}
    put(connection, channel, incident_id, NoticeKind.FIRED, payload, now)
