"""A store whose every look could find out nothing: DNS has been away since the first of them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.model import Severity, State
from data.migrate import migrate
from data.store import Store
from data.tables import target
from tests.dashboards.story import instrument
from tests.dashboards.story.rows import Run, add, question


def tell_unknown(store: Store, now: datetime) -> None:
    migrate(store)
    with store.write() as connection:
        _dark(connection, "dark.test", now)
        instrument.tell(connection, now)


def _dark(connection: Connection, domain: str, now: datetime) -> None:
    id_ = add(
        connection,
        target,
        domain=domain,
        profile="bulk",
        ips=[{"ip": "192.0.2.1", "origin": "configured"}],
        selectors=[],
        helos=[],
        origin="file",
        paused=False,
        at=now - timedelta(days=1),
    )
    run = Run(
        State.UNKNOWN, now - timedelta(hours=7), now - timedelta(minutes=1), Severity.HIGH, {"why": "timeout"}
    )
    for code, subject in (
        ("SPF-001", domain),
        ("RDNS-001", "192.0.2.1"),
        ("BL-001", "192.0.2.1 @ zen.spamhaus.org"),
    ):
        question(connection, id_, code, subject, [run])
