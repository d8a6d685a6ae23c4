"""A campaign with people who consented, straight into the tables: for tests of what comes after."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert

from data import recipients
from data.tables import campaign, consent, contact, mailing_list, membership, sending_domain, server, template

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def make_list(connection: Connection, addresses: Sequence[str], name: str = "news") -> int:
    """A list whose members all said yes; its id."""
    made = insert(mailing_list).values(name=name, title=name, double_opt_in=False, at=NOON)
    list_id = int(connection.execute(made.returning(mailing_list.c.id)).scalar_one())
    rows = [{"email": a, "address": a.lower(), "attributes": {"name": a}, "at": NOON} for a in addresses]
    if not rows:
        return list_id
    ids = connection.execute(insert(contact).returning(contact.c.id), rows).scalars().all()
    member = {"list_id": list_id, "state": "subscribed", "at": NOON}
    connection.execute(insert(membership), [{**member, "contact_id": each} for each in ids])
    given = {"list_id": list_id, "act": "given", "source": "test", "wording": "yes", "at": NOON}
    connection.execute(insert(consent), [{**given, "contact_id": each} for each in ids])
    return list_id


def make_campaign(
    connection: Connection,
    list_id: int | None,
    *,
    name: str = "c1",
    egress: str = "relay",
    kind: str = "sink",
    settings: Mapping[str, Any] | None = None,
    **columns: Any,
) -> int:
    """A campaign that is sending, through a server of its own; its id. Nobody is frozen yet."""
    made: dict[str, Any] = {
        "name": name,
        "message_class": "campaign",
        "state": "sending",
        "list_id": list_id,
        "from_name": "Ann",
        "from_address": "ann@example.com",
        "tracking": "off",
        "on_unknown": "hold",
        "at": NOON,
        "started_at": NOON,
        "content": {"subject": "Hello", "html": "<p>x</p>", "text": "x", "preheader": ""},
        "template_id": _id(
            connection, template, name=name, subject="Hello", html="<p>x</p>", text="x", at=NOON
        ),
        "sending_domain_id": _id(
            connection,
            sending_domain,
            domain=f"{name}.example.com",
            selector="s",
            return_path_domain="r.example.com",
            tracking_url="https://t.example.com",
            at=NOON,
        ),
        "server_id": _id(connection, server, name=egress, kind=kind, settings=dict(settings or {}), at=NOON),
    }
    return int(_id(connection, campaign, **(made | columns)))


def frozen(connection: Connection, people: int, *, provider: str = "gmail", **options: Any) -> int:
    """A sending campaign to so many people, frozen and looked up; its id."""
    options = {"name": "c1", **options}
    addresses = [f"{options['name']}-{n}@example.net" for n in range(people)]
    list_id = make_list(connection, addresses, f"list of {options['name']}")
    campaign_id = make_campaign(connection, list_id, **options)
    recipients.freeze(connection, campaign_id, list_id, NOON)
    found = recipients.unrouted(connection, people)
    recipients.route(connection, {provider: [row.id for row in found]})
    return campaign_id


def _id(connection: Connection, table: Any, **values: Any) -> int:
    return int(connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())
