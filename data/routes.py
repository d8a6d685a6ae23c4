"""Whose servers take a domain's mail: looked up once a week, shared by all workers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from data.dialect import insert
from data.tables import domain_route


@dataclass(frozen=True, slots=True)
class DomainRoute:
    """`hosts` are the MX names by preference; none where there was no answer."""

    domain: str
    provider: str
    hosts: tuple[str, ...]
    at: datetime


def known(
    connection: Connection, domains: Collection[str], newer_than: datetime
) -> Mapping[str, DomainRoute]:
    """What was found out about these domains since then."""
    wanted = select(domain_route).where(domain_route.c.domain.in_(list(domains)))
    rows = connection.execute(wanted.where(domain_route.c.at > newer_than))
    return {row.domain: DomainRoute(row.domain, row.provider, tuple(row.hosts), row.at) for row in rows}


def remember(connection: Connection, routes: Sequence[DomainRoute]) -> None:
    """Keep what was looked up."""
    for found in routes:
        values = {"provider": found.provider, "hosts": list(found.hosts), "at": found.at}
        statement = insert(connection, domain_route).values(domain=found.domain, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["domain"], set_=values))
