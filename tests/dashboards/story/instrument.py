"""The instrument itself: processes that live, looks that ran and looks that are due."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert

from data.tables import heartbeat, slot
from tests.dashboards.story.domains import DOMAINS
from tests.dashboards.story.rows import add

EVERY = timedelta(hours=1)


def tell(connection: Connection, now: datetime) -> None:
    for process in ("scheduler", "worker", "web", "notifier", "dashboard"):
        sign = insert(heartbeat).values(
            process=process,
            pid=4000 + len(process),
            at=now - timedelta(seconds=3),
            detail={},
        )
        connection.execute(sign)
    for domain in DOMAINS:
        for past in range(24):
            _slot(connection, domain.name, now - timedelta(minutes=5) - EVERY * past, "ran")
        _slot(connection, domain.name, now - timedelta(minutes=5) + EVERY, "due")


def _slot(connection: Connection, subject: str, due_at: datetime, state: str) -> None:
    ran = state == "ran"
    add(
        connection,
        slot,
        kind="audit",
        subject=subject,
        due_at=due_at,
        state=state,
        args={},
        started_at=due_at if ran else None,
        ended_at=due_at + timedelta(seconds=9) if ran else None,
    )
