"""Empties the outbox of alerts: at least once, in order for each incident and channel, later if it fails."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from checks.model import Again
from data import alerts
from data.alerts import Alert, NoticeKind
from monitor.app import App
from monitor.channels import Channel, Notice, Told

LEASE = timedelta(minutes=1)
"""Longer than any channel may take: another try begins only after it."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
PATIENCE = timedelta(days=3)
log = logging.getLogger(__name__)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 5 s, 20 s, 80 s … one hour."""
    return min(FIRST_PAUSE * float(4 ** min(attempts - 1, 10)), LONGEST_PAUSE)


def empty(app: App, channels: Mapping[str, Channel]) -> int:
    """Tell everything that is due; returns how many notices were tried."""
    tried = 0
    while (alert := _claim(app)) is not None:
        tried += 1
        _settle(app, alert, _tell(app, alert, channels))
    return tried


def _claim(app: App) -> Alert | None:
    with app.store.read() as connection:  # an idle notifier takes no write lock
        if not alerts.waits(connection, app.now()):
            return None
    with app.store.write() as connection:
        return alerts.claim(connection, app.now(), LEASE)


def _tell(app: App, alert: Alert, channels: Mapping[str, Channel]) -> Told:
    channel = channels.get(alert.channel)
    if channel is None:
        return Told(Again.NEVER, f'there is no channel "{alert.channel}" any more')
    if alert.notice is NoticeKind.RECOVERED and not _was_told(app, alert):
        return Told(Again.NEVER, "its beginning never arrived here, so its end is no news")
    try:
        return channel.tell(Notice(alert.key, alert.at, alert.payload), app.now())
    except Exception as error:  # one channel's fault must not silence the others
        log.exception("channel %s failed", alert.channel)
        return Told(Again.LATER, f"{type(error).__name__}: {error}")


def _was_told(app: App, alert: Alert) -> bool:
    if alert.incident_id is None:
        return True
    with app.store.read() as connection:
        return alerts.was_told(connection, alert.incident_id, alert.channel)


def _settle(app: App, alert: Alert, told: Told) -> None:
    now = app.now()
    with app.store.write() as connection:
        if told.arrived:
            alerts.sent(connection, alert.id, now)
        elif told.again is Again.NEVER or now - alert.at > PATIENCE:
            alerts.give_up(connection, alert.id, told.why)
            log.error("notice %s on %s given up: %s", alert.key, alert.channel, told.why)
        else:
            alerts.put_off(connection, alert.id, now + pause_after(alert.attempts), told.why)
