"""Who sends for whom: the members of a pool of servers, and the spares of a server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, insert, select, union
from sqlalchemy.sql.selectable import Subquery

from data.servers import POOL
from data.tables import server, server_member


@dataclass(frozen=True, slots=True)
class Member:
    """`server_id` sends for `pool_id`: for one list's or one mailbox provider's mail only if it names them.

    Among the members that fit equally well mail is shared by `weight`; a spare sends only while no other can.
    """

    pool_id: int
    server_id: int
    weight: int = 1
    provider: str = ""
    list_id: int | None = None
    spare: bool = False


def add_member(connection: Connection, member: Member) -> None:
    """Let a server send for another; what was said before for the same provider and list is replaced."""
    same_list = (
        server_member.c.list_id.is_(None)
        if member.list_id is None
        else server_member.c.list_id == member.list_id
    )
    same = and_(
        server_member.c.pool_id == member.pool_id,
        server_member.c.server_id == member.server_id,
        server_member.c.provider == member.provider,
        same_list,
    )
    connection.execute(delete(server_member).where(same))
    values = {name: getattr(member, name) for name in Member.__dataclass_fields__}
    connection.execute(insert(server_member).values(values))


def remove_member(connection: Connection, pool_id: int, server_id: int) -> bool:
    """A server sends for another no more; says whether it did."""
    gone = and_(server_member.c.pool_id == pool_id, server_member.c.server_id == server_id)
    return connection.execute(delete(server_member).where(gone)).rowcount > 0


def members(connection: Connection) -> Mapping[int, Sequence[Member]]:
    """All of them, by the pool that they send for."""
    found: dict[int, list[Member]] = {}
    for row in connection.execute(select(server_member).order_by(server_member.c.id)):
        values = {name: getattr(row, name) for name in Member.__dataclass_fields__}
        found.setdefault(row.pool_id, []).append(Member(**values))
    return found


def ways() -> Subquery:
    """(pool_id, server_id) of everybody who may send for a server: itself, and its members."""
    itself = select(server.c.id.label("pool_id"), server.c.id.label("server_id"))
    others = select(server_member.c.pool_id, server_member.c.server_id)
    return union(itself, others).subquery("way")


def kinds_behind(connection: Connection, server_id: int) -> frozenset[str]:
    """The kinds of everybody who may send for a server, spares included; a pool itself sends nothing."""
    way = ways()
    query = select(server.c.kind).join_from(way, server, server.c.id == way.c.server_id)
    found = connection.scalars(query.where(way.c.pool_id == server_id, server.c.kind != POOL))
    return frozenset(found)


def egresses(connection: Connection) -> Mapping[str, Sequence[str]]:
    """{a server's name: the names of those who may send for it}."""
    way, sender = ways(), server.alias("sender")
    rows = select(server.c.name, sender.c.name).join_from(way, server, server.c.id == way.c.pool_id)
    found: dict[str, list[str]] = {}
    for name, other in connection.execute(rows.join(sender, sender.c.id == way.c.server_id)):
        found.setdefault(name, []).append(other)
    return found
