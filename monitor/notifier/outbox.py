"""Empties the outbox of alerts: at least once, in order for each incident and channel, later if it fails."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.model import Again
from data import alerts
from data.alerts import Alert, NoticeKind
from monitor.app import App
from monitor.channels import Channel, Notice, Told
from monitor.incidents.grouping import digest, is_digest, key_of

LEASE = timedelta(minutes=1)
"""Longer than any channel may take: another try begins only after it."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
PATIENCE = timedelta(days=3)
FALL_BACK_AFTER = timedelta(minutes=5)
log = logging.getLogger(__name__)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 5 s, 20 s, 80 s … one hour."""
    return min(FIRST_PAUSE * float(4 ** min(attempts - 1, 10)), LONGEST_PAUSE)


def empty(app: App, channels: Mapping[str, Channel]) -> int:
    """Tell everything that is due; returns how many notices were tried."""
    tried = 0
    while batch := _claim(app):
        tried += 1
        _settle(app, batch, _tell(app, batch, channels))
    return tried


def _claim(app: App) -> Sequence[Alert]:
    """One notice, or those that are told together; () when nothing is to be told now."""
    now = app.now()
    with app.store.read() as connection:  # an idle notifier takes no write lock
        if not alerts.waits(connection, now):
            return ()
    with app.store.write() as connection:
        for name in alerts.due_channels(connection, now):
            due = alerts.due_for(connection, name, now)
            batch = due if is_digest(due) else due[:1]
            if not batch or (is_digest(due) and _too_soon(alerts.last_digest(connection, name), app, now)):
                continue
            ids = [each.id for each in batch]
            if alerts.claim_these(connection, ids, now, LEASE):
                if len(ids) > 1:
                    alerts.mark_digest(connection, ids, key_of(batch))
                return batch
    return ()


def _too_soon(last: datetime | None, app: App, now: datetime) -> bool:
    return last is not None and now - last < app.config.alerts.group_interval


def _tell(app: App, batch: Sequence[Alert], channels: Mapping[str, Channel]) -> Told:
    first, now = batch[0], app.now()
    channel = channels.get(first.channel)
    if channel is None:
        return Told(Again.NEVER, f'there is no channel "{first.channel}" any more')
    news = [each for each in batch if each.notice is not NoticeKind.RECOVERED or _was_told(app, each)]
    if not news:
        return Told(Again.NEVER, "its beginning never arrived here, so its end is no news")
    notice = Notice(first.key, first.at, first.payload)
    if len(batch) > 1:
        notice = Notice(key_of(batch), now, digest(news, now))
    try:
        return channel.tell(notice, now)
    except Exception as error:  # one channel's fault must not silence the others
        log.exception("channel %s failed", first.channel)
        return Told(Again.LATER, f"{type(error).__name__}: {error}")


def _was_told(app: App, alert: Alert) -> bool:
    if alert.incident_id is None:
        return True
    with app.store.read() as connection:
        return alerts.was_told(connection, alert.incident_id, alert.channel)


def _settle(app: App, batch: Sequence[Alert], told: Told) -> None:
    now = app.now()
    with app.store.write() as connection:
        for alert in batch:
            if told.arrived:
                alerts.sent(connection, alert.id, now)
            elif told.again is Again.NEVER or now - alert.at > PATIENCE:
                alerts.give_up(connection, alert.id, told.why)
                log.error("notice %s on %s given up: %s", alert.key, alert.channel, told.why)
            else:
                alerts.put_off(connection, alert.id, now + pause_after(alert.attempts + 1), told.why)
            if not told.arrived and (told.again is Again.NEVER or now - alert.at >= FALL_BACK_AFTER):
                _fall_back(connection, app, alert, now)


def _fall_back(connection: Connection, app: App, alert: Alert, now: datetime) -> None:
    """Tell another channel what this one could not be told; once, since the key is the same every time."""
    other = next((each.fallback for each in app.config.channels if each.name == alert.channel), "")
    if other:
        payload = {**alert.payload, "instead_of": alert.channel}
        key = f"{alert.key}-instead-of-{alert.channel}"
        alerts.put(connection, other, alert.notice, key, payload, now, alert.incident_id)
