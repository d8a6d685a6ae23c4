"""Adding a sending domain: one object with everything that belongs to it, and its first key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from checks.names import is_address
from data.dkim_keys import Algorithm
from data.sending_domains import SendingDomain, find_sending_domain, save_sending_domain
from data.servers import find_server
from monitor.app import App
from monitor.problem import Problem
from sender.audience.addresses import AddressError, parse_address
from sender.domains.keys import NoKey, generate


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said of the domain; None leaves what is there, or the usual."""

    domain: str
    ips: Sequence[str] | None = None
    helo: str | None = None
    return_path: str | None = None
    inbound_host: str | None = None
    tracking_url: str | None = None
    tracking_target: str | None = None
    feedback_address: str | None = None
    servers: Sequence[str] | None = None
    selector: str | None = None


def add_domain(app: App, wishes: Wishes) -> SendingDomain:
    """Add it, or change what was added; a new one gets an RSA key. Raises Problem.

    What was verified before has to be verified again if anything changed that is published.
    """
    with app.store.write() as connection:
        before = find_sending_domain(connection, wishes.domain)
        _check(connection, wishes)
        values = _values(app, wishes, before)
        selector = before.selector if before else _first_key(connection, app, wishes)
        if before and any(getattr(before, name) != value for name, value in values.items()):
            values |= {"ready_at": None}
        save_sending_domain(connection, wishes.domain, app.now(), selector=selector, **values)
        found = find_sending_domain(connection, wishes.domain)
    assert found is not None
    return found


def _first_key(connection: Connection, app: App, wishes: Wishes) -> str:
    try:
        key = generate(connection, app.keys, wishes.domain, Algorithm.RSA, app.now(), wishes.selector or "")
    except NoKey as fault:
        raise Problem(str(fault)) from None
    return key.selector


def _check(connection: Connection, wishes: Wishes) -> None:
    missing = [name for name in wishes.servers or () if find_server(connection, name) is None]
    if missing:
        raise Problem(f"there is no sending server {', '.join(missing)}. Add it first: homing server add")
    if wishes.feedback_address:
        try:
            parse_address(wishes.feedback_address)
        except AddressError as error:
            raise Problem(
                f"the feedback address “{wishes.feedback_address}” cannot be used. {error}"
            ) from None


def _values(app: App, wishes: Wishes, before: SendingDomain | None) -> dict[str, Any]:
    """Each field as wished, else as it was, else the usual."""
    usual = _usual(app, wishes)
    given = {
        "ips": None if wishes.ips is None else tuple(wishes.ips),
        "helo": wishes.helo,
        "return_path_domain": wishes.return_path,
        "inbound_host": wishes.inbound_host,
        "tracking_url": wishes.tracking_url,
        "tracking_target": wishes.tracking_target,
        "feedback_address": wishes.feedback_address,
        "servers": None if wishes.servers is None else tuple(wishes.servers),
    }
    kept = {name: getattr(before, name) for name in given} if before else usual
    return {name: kept[name] if value is None else value for name, value in given.items()}


def _usual(app: App, wishes: Wishes) -> dict[str, Any]:
    domain = wishes.domain
    helo = wishes.helo or f"mail.{domain}"
    public = app.config.web.public_url.rstrip("/")
    host = urlsplit(public).hostname or ""
    return {
        "ips": (),
        "helo": helo,
        "return_path_domain": f"bounce.{domain}",
        "inbound_host": wishes.inbound_host or helo,
        "tracking_url": f"https://track.{domain}",
        "tracking_target": host if host and not is_address(host) else wishes.inbound_host or helo,
        "feedback_address": "",
        "servers": (),
    }
