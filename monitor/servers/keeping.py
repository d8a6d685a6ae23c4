"""Making, changing and removing servers; their keys go into the store sealed, and never out of it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from data import servers
from data.secrets import forget_secret, put_secret, secret_names
from data.servers import POOL, Server
from monitor.app import App
from monitor.problem import Problem
from sender.delivery.transports import TRANSPORTS, Kind

KINDS = (*TRANSPORTS, POOL)


def secret_name(server: str) -> str:
    """Under which name a server's key is sealed."""
    return f"server/{server}"


def named(connection: Connection, name: str) -> Server:
    """The server of that name. Raises Problem."""
    found = servers.find_server(connection, name)
    if found is None:
        known = ", ".join(each.name for each in servers.all_servers(connection)) or "none"
        raise Problem(f"there is no server “{name}”. There are: {known}.")
    return found


def checked(kind: str, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Settings as they are stored: what was given, each of its type. Raises Problem."""
    if kind == POOL:
        if settings:
            raise Problem(f"a pool has members and no settings, so not {', '.join(settings)}.")
        return {}
    if kind not in TRANSPORTS:
        raise Problem(f"there is no kind of server “{kind}”. There are: {', '.join(KINDS)}.")
    try:
        model = TRANSPORTS[kind].settings.model_validate(dict(settings))
    except ValidationError as fault:
        raise Problem("; ".join(_said(kind, each) for each in fault.errors()) + ".") from None
    stored: Mapping[str, Any] = model.model_dump(exclude_unset=True)
    return stored


def _said(kind: str, error: Mapping[str, Any]) -> str:
    name = ".".join(map(str, error["loc"]))
    known = ", ".join(each for each in TRANSPORTS[kind].settings.model_fields if each != "secret")
    match error["type"]:
        case "missing":
            return f"a server of kind {kind} needs “{name}” (--set {name}=…)"
        case "extra_forbidden":
            return f"a server of kind {kind} has no setting “{name}”. It has: {known}"
    said = str(error["msg"]).removeprefix("Value error, ")
    return f"“{name}”: {said}" if name else said


def wants_secret(kind: str, settings: Mapping[str, Any]) -> bool:
    """Whether a server of this kind cannot work without a key."""
    known: Kind | None = TRANSPORTS.get(kind)
    return known is not None and (known.needs_key or bool(settings.get("user")))


def keep(app: App, name: str, kind: str, settings: Mapping[str, Any], secret: str = "") -> None:
    """Store a server, and its key if one is given, in one transaction. Raises Problem."""
    settings = dict(settings)
    if secret:
        settings["secret"] = secret_name(name)
    stored, now, keys = checked(kind, settings), app.now(), app.keys if secret else None
    with app.store.write() as connection:
        server_id = servers.save_server(connection, name, kind, stored, now)
        if keys is not None:
            put_secret(connection, keys, secret_name(name), secret.encode(), now)
        found = servers.find_server(connection, name)
        if found is not None and found.state is servers.Standing.STOPPED:
            servers.resume(connection, server_id, now)  # what made it stop may be what was changed


def remove(app: App, name: str) -> None:
    """Forget a server and its key. Raises Problem while a campaign names it."""
    with app.store.write() as connection:
        server = named(connection, name)
        if not servers.remove_server(connection, server.id):
            using = servers.campaigns_of(connection, server.id)
            what = f"campaigns go through it: {', '.join(using[:5])}" if using else "a placement test used it"
            raise Problem(f"“{name}” cannot be removed: {what}. `homing server pause {name}` stops it.")
        forget_secret(connection, secret_name(name))


def has_secret(connection: Connection, server: Server) -> bool:
    return secret_name(server.name) in secret_names(connection)
