"""A server as a document for programs and as lines for people; no key is in either."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from data import pools, quotas, servers
from data.lists import list_by_id
from data.pools import Member
from data.servers import POOL, Server
from monitor.app import App
from monitor.servers.keeping import has_secret
from monitor.servers.trying import limits
from sender.delivery.transports import TRANSPORTS


def documents(app: App, name: str = "") -> list[dict[str, Any]]:
    """All servers, or the one of that name."""
    with app.store.read() as connection:
        known = servers.all_servers(connection)
        members = pools.members(connection)
        names = {each.id: each.name for each in known}
        return [
            _document(
                app, connection, each, [_member(connection, m, names) for m in members.get(each.id, ())]
            )
            for each in known
            if name in ("", each.name)
        ]


def _document(
    app: App, connection: Connection, server: Server, members: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    now = app.now()
    kind = TRANSPORTS.get(server.kind)
    settings = {key: value for key, value in server.settings.items() if key != "secret"}
    return {
        "name": server.name,
        "kind": server.kind,
        "state": "open" if server.usable(now) else server.state.value,
        "reason": "" if server.usable(now) else server.reason,
        "since": server.since.isoformat() if server.since else None,
        "resume_at": server.resume_at.isoformat() if server.resume_at else None,
        "settings": settings,
        "has_key": has_secret(connection, server),
        "claimed": {
            "hour": quotas.used(connection, server.id, now - timedelta(hours=1)),
            "day": quotas.used(connection, server.id, now - timedelta(days=1)),
        },
        "cannot": list(limits(kind.can)) if kind else [],
        "members": list(members),
    }


def _member(connection: Connection, member: Member, names: Mapping[int, str]) -> dict[str, Any]:
    audience = list_by_id(connection, member.list_id) if member.list_id else None
    return {
        "server": names[member.server_id],
        "weight": member.weight,
        "provider": member.provider or None,
        "list": audience.name if audience else None,
        "spare": member.spare,
    }


def line(told: Mapping[str, Any]) -> str:
    """One server in one line."""
    where = told["settings"].get("host") or told["settings"].get("region") or told["settings"].get("domain")
    if told["kind"] == POOL:
        where = ", ".join(each["server"] for each in told["members"]) or "no members"
    why = f"  {told['reason']}" if told["reason"] else ""
    return f"{told['name']:20} {told['kind']:9} {told['state']:8} {where or ''}{why}".rstrip()


def page(told: Mapping[str, Any]) -> str:
    """Everything about one server."""
    title = TRANSPORTS[told["kind"]].title if told["kind"] in TRANSPORTS else "A pool of servers"
    lines = [f"{told['name']}: {title}", f"state: {told['state']}"]
    if told["reason"]:
        lines.append(f"because: {told['reason']}")
    if told["resume_at"] and told["state"] != "open":
        lines.append(f"looked at again: {told['resume_at']}")
    lines += [f"{key}: {value}" for key, value in told["settings"].items()]
    lines.append(f"key: {'sealed in the store' if told['has_key'] else 'none'}")
    if told["claimed"]["day"]:
        lines.append(f"claimed: {told['claimed']['hour']} in an hour, {told['claimed']['day']} in a day")
    lines += [f"note: {sentence}" for sentence in told["cannot"]]
    lines += [_shares(each) for each in told["members"]]
    return "\n".join(lines)


def _shares(member: Mapping[str, Any]) -> str:
    words = [f"weight {member['weight']}"]
    words += [f"for {member['provider']}"] if member["provider"] else []
    words += [f"for the list {member['list']}"] if member["list"] else []
    words += ["only while the others cannot"] if member["spare"] else []
    return f"member: {member['server']} ({', '.join(words)})"
