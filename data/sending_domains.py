"""Sending domains: the From domain with what belongs to it. Keys are sealed in `data.secrets`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from data.dialect import insert
from data.tables import EPOCH, sending_domain


@dataclass(frozen=True, slots=True)
class SendingDomain:
    """`tracking_url` is the public base of its links, without a trailing slash."""

    id: int
    domain: str
    selector: str
    """Of the key that signs now."""
    return_path_domain: str
    tracking_url: str
    feedback_address: str = ""
    """Where receivers may send complaints (CFBL-Address, RFC 9477)."""
    servers: tuple[str, ...] = ()
    """The sending servers that may be used for it; none named: any."""
    ips: tuple[str, ...] = ()
    """Its mail leaves from these addresses."""
    helo: str = ""
    inbound_host: str = ""
    """The host that takes its bounces: the MX of the return path."""
    tracking_target: str = ""
    """What the tracking host is an alias of."""
    second_signature: bool = False
    """An Ed25519 signature beside the RSA one (RFC 8463)."""
    ready_at: datetime | None = None
    """When all its records were last seen on all name servers; None: not ready."""
    verification: Mapping[str, Any] | None = None
    """What was seen at the last look; None: nobody looked."""
    at: datetime = EPOCH
    """When it was added."""

    def allows(self, server: str) -> bool:
        return not self.servers or server in self.servers


def save_sending_domain(
    connection: Connection,
    domain: str,
    now: datetime,
    *,
    selector: str,
    return_path_domain: str,
    tracking_url: str,
    **more: Any,
) -> int:
    """Make or change a sending domain; returns its id. `more` are further fields of `SendingDomain`."""
    values: dict[str, Any] = {
        "selector": selector,
        "return_path_domain": return_path_domain,
        "tracking_url": tracking_url,
    }
    values |= {name: list(value) if isinstance(value, tuple) else value for name, value in more.items()}
    statement = insert(connection, sending_domain).values(domain=domain, at=now, **values)
    statement = statement.on_conflict_do_update(index_elements=["domain"], set_=values)
    return int(connection.execute(statement.returning(sending_domain.c.id)).scalar_one())


def keep_verification(
    connection: Connection, domain: str, seen: Mapping[str, Any], ready_at: datetime | None
) -> None:
    """Remember what a look at the domain's records saw, and whether all of it was in place."""
    values = {"verification": dict(seen), "ready_at": ready_at}
    connection.execute(update(sending_domain).where(sending_domain.c.domain == domain).values(values))


def select_key(connection: Connection, domain: str, selector: str) -> None:
    """Sign with this selector from now on."""
    connection.execute(
        update(sending_domain).where(sending_domain.c.domain == domain).values(selector=selector)
    )


def sign_twice(connection: Connection, domain: str, *, on: bool) -> None:
    """Switch the second signature on or off."""
    connection.execute(
        update(sending_domain).where(sending_domain.c.domain == domain).values(second_signature=on)
    )


def find_sending_domain(connection: Connection, domain: str) -> SendingDomain | None:
    row = connection.execute(select(sending_domain).where(sending_domain.c.domain == domain)).one_or_none()
    return None if row is None else _read(row)


def sending_domain_by_id(connection: Connection, domain_id: int) -> SendingDomain | None:
    row = connection.execute(select(sending_domain).where(sending_domain.c.id == domain_id)).one_or_none()
    return None if row is None else _read(row)


def all_sending_domains(connection: Connection) -> Sequence[SendingDomain]:
    return [
        _read(row) for row in connection.execute(select(sending_domain).order_by(sending_domain.c.domain))
    ]


def _read(row: Row[Any]) -> SendingDomain:
    values: dict[str, Any] = {name: getattr(row, name) for name in SendingDomain.__dataclass_fields__}
    values |= {"servers": tuple(row.servers), "ips": tuple(row.ips)}
    return SendingDomain(**values)
