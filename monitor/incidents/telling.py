"""Into the outbox: one row for each channel, in the transaction that changed the incident."""

from collections.abc import Mapping
from datetime import datetime
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
    instance = instance_id(connection)[:12]
    for channel in config.channels:
        key = f"{instance}-{incident_id}-{kind}-{told}-{channel.name}"
        alerts.put(connection, channel.name, kind, key, payload, now, incident_id)
