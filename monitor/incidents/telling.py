"""Into the outbox: one row for each channel, in the transaction that changed the incident."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from data import alerts
from data.alerts import NoticeKind
from data.meta import instance_id
from monitor.config import Config


def tell(
    connection: Connection,
    config: Config,
    incident_id: int,
    kind: NoticeKind,
    payload: Mapping[str, Any],
    now: datetime,
    told: int = 0,
) -> None:
    """`told`: how often it was said before; with the incident and the kind it names this notice for ever."""
    for channel in config.channels:
        if not channel.after or kind is NoticeKind.RECOVERED:  # an end is no news where nothing was told
            put(connection, channel.name, incident_id, kind, payload, now, config.alerts.group_wait, told)


def put(
    connection: Connection,
    channel: str,
    incident_id: int,
    kind: NoticeKind,
    payload: Mapping[str, Any],
    now: datetime,
    wait: timedelta = timedelta(),
    told: int = 0,
) -> None:
    """One channel's notice; it waits for others of the same moment."""
    key = f"{instance_id(connection)[:12]}-{incident_id}-{kind}-{told}-{channel}"
    alerts.put(connection, channel, kind, key, payload, now, incident_id, wait)
