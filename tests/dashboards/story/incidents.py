"""What was found out and told: open incidents, one that recovers, and some that are over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from data.tables import alert, incident, target
from tests.dashboards.story.rows import add


def tell(connection: Connection, now: datetime) -> None:
    ids = {row.domain: row.id for row in connection.execute(select(target.c.domain, target.c.id))}

    def happened(domain: str, kind: str, code: str, subject: str, severity: str, **when: Any) -> int:
        ended = when.get("ended")
        return add(
            connection,
            incident,
            fingerprint=f"{kind}|{subject}|{when['hours']}",
            kind=kind,
            target_id=ids[domain],
            code=code,
            subject=subject,
            severity=severity,
            state=when.get("state", "open" if ended is None else "closed"),
            first_seen=now - timedelta(hours=when["hours"], minutes=2),
            opened_at=now - timedelta(hours=when["hours"]),
            closed_at=None if ended is None else now - timedelta(hours=ended),
            detail={},
        )

    listed = "198.51.100.24 @ zen.spamhaus.org"
    open_ = happened("news.test", "listing", "BL-001", listed, "critical", hours=3)
    happened("bank.test", "record", "DKIM-001", "s1._domainkey.bank.test", "critical", hours=31)
    happened("club.test", "record", "RDNS-001", "192.0.2.77", "critical", hours=31)
    happened("travel.test", "record", "SPF-004", "travel.test", "high", hours=31)
    happened("silent.test", "blind", "SPF-004", "silent.test", "high", hours=4)
    happened("news.test", "listing", "BL-001", listed, "critical", hours=26 * 24, ended=23 * 24)
    happened("club.test", "listing", "BL-001", "192.0.2.77 @ bl.spamcop.net", "high", hours=216, ended=174)
    _told(connection, open_, now - timedelta(hours=3))


def _told(connection: Connection, incident_id: int, at: datetime) -> None:
    for channel in ("ops-webhook", "alerts.jsonl"):
        add(
            connection,
            alert,
            incident_id=incident_id,
            notice="fired",
            channel=channel,
            key=f"{incident_id}|fired|{channel}",
            payload={},
            state="sent",
            attempts=1,
            next_at=at,
            at=at,
            sent_at=at + timedelta(seconds=2),
        )
