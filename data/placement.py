"""Seeds, placement tests and where each message landed. Pages read them in `data.panels.placement`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update
from sqlalchemy import insert as plain_insert

from data.dialect import insert
from data.states import State
from data.tables import contact, own_address, placement, placement_test, recipient, seed


class Verdict(StrEnum):
    """Where a seed's message is. `account_error` and `not_sent` say nothing of placement."""

    WAITING = "waiting"
    INBOX = "inbox"
    TAB = "tab"
    """In a folder that is neither the inbox nor spam: a category, or the owner's own rule."""
    SPAM = "spam"
    MISSING = "missing"
    ACCOUNT_ERROR = "account_error"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Seed:
    """A mailbox of our own. `location` is what its adapter needs to read it."""

    id: int
    name: str
    address: str
    provider: str
    adapter: str
    location: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Test:
    """One test; `campaign_id` is the campaign of class "seed" whose rows say what was sent."""

    __test__ = False

    id: int
    marker: str
    campaign_id: int | None
    state: str
    started_at: datetime
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the message to one seed, as far as sending goes."""

    state: State
    message_id: str
    settled_at: datetime | None
    response: str


@dataclass(frozen=True, slots=True)
class Open:
    """A seed whose verdict is still awaited; `sent` is None when it has no recipient row."""

    seed: Seed
    sent: Sent | None


@dataclass(frozen=True, slots=True)
class Landed:
    """What is known of one seed's message. `delay_seconds` is from our server's acceptance to arrival."""

    verdict: Verdict
    folder: str = ""
    delay_seconds: float | None = None
    authentication: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One seed of a test."""

    seed: str
    provider: str
    landed: Landed


def save_seed(connection: Connection, new: Seed, now: datetime) -> int:
    """Add or change a seed by its name, and register its address as an own one; returns its id."""
    values = {
        "address": new.address,
        "provider": new.provider,
        "adapter": new.adapter,
        "location": dict(new.location),
    }
    own = insert(connection, own_address).values(address=new.address, at=now)
    connection.execute(own.on_conflict_do_nothing())
    statement = insert(connection, seed).values(name=new.name, at=now, **values)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_=values)
    return int(connection.execute(statement.returning(seed.c.id)).scalar_one())


def seeds(connection: Connection) -> Sequence[Seed]:
    """All seeds, by provider and name."""
    return [_seed(row) for row in connection.execute(select(seed).order_by(seed.c.provider, seed.c.name))]


def find_seed(connection: Connection, name: str) -> Seed | None:
    row = connection.execute(select(seed).where(seed.c.name == name)).one_or_none()
    return None if row is None else _seed(row)


def remove_seed(connection: Connection, name: str) -> bool:
    """Its results go with it; its address stays an own one. Says whether there was one."""
    found = find_seed(connection, name)
    if found is None:
        return False
    connection.execute(delete(placement).where(placement.c.seed_id == found.id))
    return connection.execute(delete(seed).where(seed.c.id == found.id)).rowcount == 1


def begin_test(
    connection: Connection, marker: str, parts: Mapping[str, int], now: datetime, deadline: datetime
) -> int:
    """A new test that waits for every seed. `parts`: campaign_id, template_id, server_id …"""
    values = {"marker": marker, **parts, "state": "waiting", "started_at": now, "deadline_at": deadline}
    new = plain_insert(placement_test).values(values).returning(placement_test.c.id)
    test_id = int(connection.execute(new).scalar_one())
    rows = [
        {"test_id": test_id, "seed_id": each.id, "verdict": Verdict.WAITING.value, "at": now}
        for each in seeds(connection)
    ]
    if rows:
        connection.execute(plain_insert(placement), [{**row, "authentication": {}} for row in rows])
    return test_id


def find_test(connection: Connection, test_id: int) -> Test | None:
    row = connection.execute(select(placement_test).where(placement_test.c.id == test_id)).one_or_none()
    if row is None:
        return None
    return Test(row.id, row.marker, row.campaign_id, row.state, row.started_at, row.deadline_at)


def open_seeds(connection: Connection, test: Test) -> Sequence[Open]:
    """The seeds whose verdict is awaited, with what became of sending to them."""
    query = (
        select(seed, recipient.c.state, recipient.c.message_id, recipient.c.settled_at, recipient.c.response)
        .join(placement, placement.c.seed_id == seed.c.id)
        .outerjoin(contact, contact.c.address == seed.c.address)
        .outerjoin(
            recipient,
            (recipient.c.contact_id == contact.c.id) & (recipient.c.campaign_id == test.campaign_id),
        )
        .where(placement.c.test_id == test.id, placement.c.verdict == Verdict.WAITING)
        .order_by(seed.c.id)
    )
    return [Open(_seed(row), _sent(row)) for row in connection.execute(query)]


def last_test(connection: Connection) -> int | None:
    """The number of the test that began last."""
    last: int | None = connection.scalar(select(func.max(placement_test.c.id)))
    return last


def results(connection: Connection, test_id: int) -> Sequence[Result]:
    """Every seed of a test with what is known of its message, by provider and name."""
    query = (
        select(placement, seed.c.name, seed.c.provider)
        .join(seed, seed.c.id == placement.c.seed_id)
        .where(placement.c.test_id == test_id)
        .order_by(seed.c.provider, seed.c.name)
    )
    return [
        Result(
            row.name,
            row.provider,
            Landed(Verdict(row.verdict), row.folder, row.delay_seconds, row.authentication, row.note),
        )
        for row in connection.execute(query)
    ]


def verdicts_of(connection: Connection, test_id: int) -> Mapping[str, Sequence[Verdict]]:
    """The verdicts of a test's seeds, by provider."""
    return _by_provider(connection, placement.c.test_id == test_id)


def verdicts_before(connection: Connection, test_id: int, since: datetime) -> Mapping[str, Sequence[Verdict]]:
    """The same of the earlier tests that began since then."""
    tests = select(placement_test.c.id).where(
        placement_test.c.started_at >= since, placement_test.c.id < test_id
    )
    return _by_provider(connection, placement.c.test_id.in_(tests))


def _by_provider(connection: Connection, which: ColumnElement[bool]) -> Mapping[str, Sequence[Verdict]]:
    query = select(seed.c.provider, placement.c.verdict).join(seed, seed.c.id == placement.c.seed_id)
    found: dict[str, list[Verdict]] = {}
    for provider, verdict in connection.execute(query.where(which).limit(20_000)):
        found.setdefault(provider, []).append(Verdict(verdict))
    return found


def settle(connection: Connection, test_id: int, seed_id: int, landed: Landed, now: datetime) -> None:
    values = {
        "verdict": landed.verdict.value,
        "folder": landed.folder,
        "delay_seconds": landed.delay_seconds,
        "authentication": dict(landed.authentication),
        "note": landed.note,
        "at": now,
    }
    here = (placement.c.test_id == test_id) & (placement.c.seed_id == seed_id)
    connection.execute(update(placement).where(here).values(values))


def finish_test(connection: Connection, test_id: int, now: datetime) -> bool:
    """End the test once no seed is awaited; says whether it has ended."""
    awaited = (placement.c.test_id == test_id) & (placement.c.verdict == Verdict.WAITING)
    if connection.execute(select(placement.c.seed_id).where(awaited).limit(1)).first():
        return False
    done = {"state": "done", "ended_at": now}
    connection.execute(update(placement_test).where(placement_test.c.id == test_id).values(done))
    return True


def _seed(row: Row[Any]) -> Seed:
    return Seed(row.id, row.name, row.address, row.provider, row.adapter, row.location)


def _sent(row: Row[Any]) -> Sent | None:
    if row.state is None:
        return None
    return Sent(State(row.state), row.message_id, row.settled_at, row.response)
