"""Sending domains: the From domain with what belongs to it. Keys are sealed in `data.secrets`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from data.dialect import insert
from data.tables import sending_domain


@dataclass(frozen=True, slots=True)
class SendingDomain:
    """`tracking_url` is the public base of its links, without a trailing slash."""

    id: int
    domain: str
    selector: str
    return_path_domain: str
    tracking_url: str


def save_sending_domain(
    connection: Connection,
    domain: str,
    now: datetime,
    *,
    selector: str,
    return_path_domain: str,
    tracking_url: str,
) -> int:
    """Make or change a sending domain; returns its id."""
    values = {"selector": selector, "return_path_domain": return_path_domain, "tracking_url": tracking_url}
    statement = insert(connection, sending_domain).values(domain=domain, at=now, **values)
    statement = statement.on_conflict_do_update(index_elements=["domain"], set_=values)
    return int(connection.execute(statement.returning(sending_domain.c.id)).scalar_one())


def find_sending_domain(connection: Connection, domain: str) -> SendingDomain | None:
    row = connection.execute(select(sending_domain).where(sending_domain.c.domain == domain)).one_or_none()
    return None if row is None else _read(row)


def all_sending_domains(connection: Connection) -> Sequence[SendingDomain]:
    return [
        _read(row) for row in connection.execute(select(sending_domain).order_by(sending_domain.c.domain))
    ]


def _read(row: Row[Any]) -> SendingDomain:
    return SendingDomain(row.id, row.domain, row.selector, row.return_path_domain, row.tracking_url)
