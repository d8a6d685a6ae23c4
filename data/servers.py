"""Sending servers: how mail leaves. Passwords are not here; `data.secrets` keeps them sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from data.dialect import insert
from data.tables import server


@dataclass(frozen=True, slots=True)
class Server:
    """`kind` is a key of `sender.delivery.transports.TRANSPORTS`; `name` is the egress of its lanes."""

    id: int
    name: str
    kind: str
    settings: Mapping[str, Any]


def save_server(
    connection: Connection, name: str, kind: str, settings: Mapping[str, Any], now: datetime
) -> int:
    """Make or change a server; returns its id."""
    values = {"kind": kind, "settings": dict(settings)}
    statement = insert(connection, server).values(name=name, at=now, **values)
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


def _read(row: Row[Any]) -> Server:
    return Server(row.id, row.name, row.kind, row.settings)
