"""Sending servers: how mail leaves, and how they stand. `data.secrets` keeps their keys sealed.

A server that asked us to wait, or that has used up a quota, goes on by itself at `resume_at`. One that
breaks is stopped: it is looked at again at `resume_at`, or a person resumes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, or_, select, update

from data.dialect import insert
from data.tables import campaign, placement_test, server, server_member, server_usage

POOL = "pool"
"""The kind of a server that only names others."""


class Standing(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    """It asked for it."""
    SPENT = "spent"
    """A quota is used up; what is claimed already may go."""
    STOPPED = "stopped"
    """It broke."""
    PAUSED = "paused"
    """By a person, until a person resumes it."""


_BY_ITSELF = (Standing.WAITING, Standing.SPENT)


@dataclass(frozen=True, slots=True)
class Server:
    """`kind` is a key of `sender.delivery.transports.TRANSPORTS`; `name` is the egress of its lanes.

    `at` is when kind or settings were last changed, `strikes` counts stops without a success between.
    """

    id: int
    name: str
    kind: str
    settings: Mapping[str, Any]
    at: datetime | None = None
    state: Standing = Standing.OPEN
    reason: str = ""
    since: datetime | None = None
    resume_at: datetime | None = None
    strikes: int = 0

    def usable(self, now: datetime) -> bool:
        """Mail may be claimed for it."""
        over = self.resume_at is not None and self.resume_at <= now
        return self.state is Standing.OPEN or (self.state in _BY_ITSELF and over)


def save_server(
    connection: Connection, name: str, kind: str, settings: Mapping[str, Any], now: datetime
) -> int:
    """Make or change a server; returns its id."""
    values = {"kind": kind, "settings": dict(settings), "at": now}
    statement = insert(connection, server).values(name=name, **values)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_=values)
    return int(connection.execute(statement.returning(server.c.id)).scalar_one())


def all_servers(connection: Connection) -> Sequence[Server]:
    return [_read(row) for row in connection.execute(select(server).order_by(server.c.id))]


def find_server(connection: Connection, name: str) -> Server | None:
    row = connection.execute(select(server).where(server.c.name == name)).one_or_none()
    return None if row is None else _read(row)


def server_by_id(connection: Connection, server_id: int) -> Server | None:
    row = connection.execute(select(server).where(server.c.id == server_id)).one_or_none()
    return None if row is None else _read(row)


def campaigns_of(connection: Connection, server_id: int) -> Sequence[str]:
    """The campaigns that name this server, and so keep it from being removed."""
    named = select(campaign.c.name).where(campaign.c.server_id == server_id)
    return list(connection.scalars(named.order_by(campaign.c.id)))


def remove_server(connection: Connection, server_id: int) -> bool:
    """Forget a server that no campaign and no placement test names; says whether it is gone."""
    named = or_(
        exists().where(campaign.c.server_id == server_id),
        exists().where(placement_test.c.server_id == server_id),
    )
    if connection.execute(select(named)).scalar_one():
        return False
    belongs = or_(server_member.c.pool_id == server_id, server_member.c.server_id == server_id)
    connection.execute(delete(server_member).where(belongs))
    connection.execute(delete(server_usage).where(server_usage.c.server_id == server_id))
    return connection.execute(delete(server).where(server.c.id == server_id)).rowcount == 1


def is_usable(now: datetime) -> Any:
    """The condition that `Server.usable` is, for queries."""
    waited = and_(server.c.state.in_(_BY_ITSELF), server.c.resume_at <= now)
    return or_(server.c.state == Standing.OPEN.value, waited)


# ---- how they stand ------------------------------------------------------------------------------


def pause(connection: Connection, server_id: int, reason: str, now: datetime) -> None:
    """A person wants nothing sent through it."""
    _stand(connection, server_id, Standing.PAUSED, reason, now, None)


def resume(connection: Connection, server_id: int, now: datetime) -> None:
    """Back to work; whatever made it stop is forgotten."""
    _stand(connection, server_id, Standing.OPEN, "", now, None, strikes=0)


def wait(
    connection: Connection,
    server_id: int,
    reason: str,
    now: datetime,
    until: datetime,
    state: Standing = Standing.WAITING,
) -> bool:
    """It asked to be left alone, or its quota is used up; False for one that does not work anyway."""
    working = server.c.state.in_((Standing.OPEN, *_BY_ITSELF))
    longer = or_(server.c.resume_at.is_(None), server.c.resume_at < until)
    values = {"state": state.value, "reason": reason, "since": now, "resume_at": until}
    waits = update(server).where(server.c.id == server_id, working, longer).values(values)
    return connection.execute(waits).rowcount == 1


def stop(connection: Connection, server_id: int, reason: str, now: datetime, look_at: datetime) -> bool:
    """It broke; False if it had stopped before, or a person paused it."""
    working = server.c.state.in_((Standing.OPEN, *_BY_ITSELF))
    values = {"state": Standing.STOPPED.value, "reason": reason, "since": now, "resume_at": look_at}
    stops = update(server).where(server.c.id == server_id, working)
    return connection.execute(stops.values(strikes=server.c.strikes + 1, **values)).rowcount == 1


def take_looks(connection: Connection, now: datetime, until: datetime) -> Sequence[Server]:
    """Stopped servers that should be looked at now; nobody else looks at them until then."""
    due = and_(server.c.state == Standing.STOPPED.value, server.c.resume_at <= now)
    taken = update(server).where(due).values(resume_at=until).returning(server)
    return [_read(row) for row in connection.execute(taken)]


def still_broken(connection: Connection, server_id: int, reason: str, look_at: datetime) -> None:
    """A look showed that a stopped server has not mended."""
    still = and_(server.c.id == server_id, server.c.state == Standing.STOPPED.value)
    values = {"reason": reason, "resume_at": look_at, "strikes": server.c.strikes + 1}
    connection.execute(update(server).where(still).values(values))


def mended(connection: Connection, server_id: int, now: datetime) -> bool:
    """A look showed that a stopped server works; its strikes stay until a message was taken."""
    still = and_(server.c.id == server_id, server.c.state == Standing.STOPPED.value)
    values = {"state": Standing.OPEN.value, "reason": "", "since": now, "resume_at": None}
    return connection.execute(update(server).where(still).values(values)).rowcount == 1


def thrives(connection: Connection, name: str) -> None:
    """A message was taken."""
    struck = and_(server.c.name == name, server.c.strikes > 0)
    connection.execute(update(server).where(struck).values(strikes=0))


def _stand(
    connection: Connection,
    server_id: int,
    state: Standing,
    reason: str,
    now: datetime,
    resume_at: datetime | None,
    **more: Any,
) -> None:
    values = {"state": state.value, "reason": reason, "since": now, "resume_at": resume_at, **more}
    connection.execute(update(server).where(server.c.id == server_id).values(values))


def _read(row: Row[Any]) -> Server:
    return Server(
        *(row.id, row.name, row.kind, row.settings, row.at, Standing(row.state)),
        *(row.reason, row.since, row.resume_at, row.strikes),
    )
