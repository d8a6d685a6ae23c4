"""Where seed messages landed: per seed and test, and per provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from data.tables import placement, placement_test, seed, sending_domain

MOST_TESTS = 30
MOST_CELLS = 6000


@dataclass(frozen=True, slots=True)
class Test:
    """One placement test. `domain` is "" where the sender is not one of ours any more."""

    __test__ = False

    id: int
    state: str
    domain: str
    started_at: datetime
    deadline_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One seed in one test. `authentication` is what the receiver said: {"spf": "pass", …}."""

    test_id: int
    seed: str
    address: str
    provider: str
    verdict: str
    folder: str
    delay_seconds: float | None
    authentication: Mapping[str, Any]
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Matrix:
    """Tests oldest first; cells by provider and seed."""

    tests: Sequence[Test]
    cells: Sequence[Cell]


def placement_matrix(
    connection: Connection,
    since: datetime,
    until: datetime,
    domain: str | None = None,
    provider: str | None = None,
) -> Matrix:
    """The latest `MOST_TESTS` tests that began in the span, with every seed's verdict."""
    tests = _tests(connection, since, until, domain)
    query = (
        select(
            placement.c.test_id,
            seed.c.name,
            seed.c.address,
            seed.c.provider,
            placement.c.verdict,
            placement.c.folder,
            placement.c.delay_seconds,
            placement.c.authentication,
            placement.c.note,
            placement.c.at,
        )
        .join(seed, seed.c.id == placement.c.seed_id)
        .where(placement.c.test_id.in_([test.id for test in tests]))
        .order_by(seed.c.provider, seed.c.name, placement.c.test_id)
        .limit(MOST_CELLS)
    )
    if provider is not None:
        query = query.where(seed.c.provider == provider)
    rows: Sequence[Any] = connection.execute(query).all()
    return Matrix(tests, [Cell(*row) for row in rows])


def _tests(connection: Connection, since: datetime, until: datetime, domain: str | None) -> Sequence[Test]:
    query = (
        select(
            placement_test.c.id,
            placement_test.c.state,
            sending_domain.c.domain,
            placement_test.c.started_at,
            placement_test.c.deadline_at,
            placement_test.c.ended_at,
        )
        .outerjoin(sending_domain, sending_domain.c.id == placement_test.c.sending_domain_id)
        .where(placement_test.c.started_at >= since, placement_test.c.started_at < until)
        .order_by(placement_test.c.started_at.desc())
        .limit(MOST_TESTS)
    )
    if domain is not None:
        query = query.where(sending_domain.c.domain == domain)
    rows = connection.execute(query).all()
    return [Test(row[0], row[1], row[2] or "", *row[3:]) for row in reversed(rows)]
