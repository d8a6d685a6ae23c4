"""Who is to get what: one row and one state per (campaign, contact, step). `data.claims` works on them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from data.dialect import domain_of, insert
from data.pools import ways
from data.rules import Rule
from data.segments import matching
from data.states import WAITING, State
from data.tables import campaign, consent, contact, membership, recipient, server, suppression


@dataclass(frozen=True, slots=True)
class Recipient:
    """A claimed row.

    `email` is the address as the person wrote it (where the mail goes), `address` its normalised identity.
    `fence` is the number of this claim: whoever settles must still hold it.
    """

    id: int
    campaign_id: int
    contact_id: int
    step: int
    address: str
    email: str
    provider: str
    attempts: int
    fence: int
    first_at: datetime | None = None
    """When it was first tried; None before that."""
    message_id: str = ""
    """"" until it was rendered once; a resend carries the same."""
    attributes: Mapping[str, Any] = field(default_factory=dict)


class RefusalReason(StrEnum):
    """Why a recipient may not be written to (any more)."""

    SUPPRESSED = "suppressed"
    NO_CONSENT = "no-consent"
    NOT_A_MEMBER = "not-a-member"
    NOT_OWN = "not-own"
    TOO_SOON = "too-soon"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The row is skipped, never failed: nothing was wrong with the address."""

    reason: RefusalReason
    detail: str = ""


def is_waiting() -> Any:
    """The condition of the index `waiting`, in letters: with parameters SQLite would not use that index."""
    states: Any = bindparam(
        "waiting", [state.value for state in WAITING], expanding=True, literal_execute=True
    )
    return recipient.c.state.in_(states)


def freeze(
    connection: Connection,
    campaign_id: int,
    list_id: int,
    now: datetime,
    step: int = 0,
    *,
    rule: Rule | None = None,
) -> int:
    """Give every member who may be written to now a row, due at `now`; returns how many are new.

    Subscribed, with consent that was not withdrawn, not suppressed, and fitting `rule` if there is one.
    Whoever has a row keeps it, so that freezing twice is freezing once. One statement: a million rows never
    come to Python.
    """
    return _freeze(connection, campaign_id, now, step, _mailable(connection, list_id, now, rule))


def freeze_unconfirmed(
    connection: Connection, campaign_id: int, list_id: int, now: datetime, *, pause: timedelta, most: int
) -> int:
    """Rows for those of a list who have not confirmed yet; returns how many.

    Nobody who was asked within `pause`, or `most` times in all: on whatever list, by whatever campaign.
    """
    return _freeze(connection, campaign_id, now, 0, _askable(connection, list_id, now, pause, most))


def count_unconfirmed(
    connection: Connection, list_id: int, now: datetime, *, pause: timedelta, most: int
) -> int:
    """How many rows `freeze_unconfirmed` would make now."""
    members = select(func.count()).select_from(_MEMBERS)
    return connection.scalar(members.where(*_askable(connection, list_id, now, pause, most))) or 0


def _askable(
    connection: Connection, list_id: int, now: datetime, pause: timedelta, most: int
) -> Sequence[ColumnElement[bool]]:
    """A question that waits or is under way counts as asked: two runs must not ask twice."""
    asked = (
        select(func.count())
        .select_from(recipient.join(campaign, campaign.c.id == recipient.c.campaign_id))
        .where(recipient.c.contact_id == contact.c.id, campaign.c.message_class == "confirmation")
        .where(recipient.c.state != State.SKIPPED.value)
        .correlate(contact)
    )
    lately = asked.where(func.coalesce(recipient.c.settled_at, recipient.c.next_at) > now - pause)
    return (
        membership.c.list_id == list_id,
        membership.c.state == "unconfirmed",
        ~_suppressed(connection, contact.c.address),
        asked.scalar_subquery() < most,
        lately.scalar_subquery() == 0,
    )


def _freeze(
    connection: Connection,
    campaign_id: int,
    now: datetime,
    step: int,
    conditions: Sequence[ColumnElement[bool]],
) -> int:
    members = (
        select(
            *(literal(campaign_id), contact.c.id, literal(step), contact.c.address, literal("")),
            *(literal(State.PENDING.value), literal(0), literal(0), literal(now, recipient.c.next_at.type)),
            *(literal(""), literal(""), literal(""), literal("")),
        )
        .select_from(_MEMBERS)
        .where(*conditions)
        .order_by(contact.c.id)
    )
    columns = (
        *(
            "campaign_id",
            "contact_id",
            "step",
            "address",
            "provider",
            "state",
            "attempts",
            "fence",
            "next_at",
        ),
        *("message_id", "enhanced", "response", "category"),
    )
    statement = insert(connection, recipient).from_select(columns, members).on_conflict_do_nothing()
    return int(connection.execute(statement, execution_options=_COUNTED).rowcount)


_MEMBERS = membership.join(contact, contact.c.id == membership.c.contact_id)


def _mailable(
    connection: Connection, list_id: int, now: datetime, rule: Rule | None
) -> Sequence[ColumnElement[bool]]:
    """The conditions under which one of `_MEMBERS` may be written to for this list."""
    return (
        membership.c.list_id == list_id,
        membership.c.state == "subscribed",
        _consented(list_id),
        ~_suppressed(connection, contact.c.address),
        matching(connection, rule, now) if rule else true(),
    )


def count_mailable(connection: Connection, list_id: int, now: datetime, *, rule: Rule | None = None) -> int:
    """How many rows `freeze` would make now."""
    members = select(func.count()).select_from(_MEMBERS)
    return connection.scalar(members.where(*_mailable(connection, list_id, now, rule))) or 0


def add(
    connection: Connection, campaign_id: int, contacts: Collection[int], now: datetime, step: int = 0
) -> int:
    """Rows for these contacts, whoever they are: for tests, seeds and single messages. `now` is when due."""
    addresses = connection.execute(select(contact.c.id, contact.c.address).where(contact.c.id.in_(contacts)))
    same = {"campaign_id": campaign_id, "step": step, "provider": "", "state": State.PENDING, "next_at": now}
    rows = [{**same, "contact_id": row.id, "address": row.address} for row in addresses]
    if not rows:
        return 0
    statement = insert(connection, recipient).on_conflict_do_nothing()
    return int(connection.execute(statement, rows, execution_options=_COUNTED).rowcount)


_COUNTED = {"preserve_rowcount": True}


def _consented(list_id: int) -> Any:
    """Consent to this list or to all, and nothing later that takes it back."""
    given, withdrawn = consent.alias("given"), consent.alias("withdrawn")
    revoked = (
        select(literal(1))
        .where(withdrawn.c.contact_id == given.c.contact_id, withdrawn.c.act == "withdrawn")
        .where(or_(withdrawn.c.list_id.is_(None), withdrawn.c.list_id == list_id))
        .where(
            or_(withdrawn.c.at > given.c.at, and_(withdrawn.c.at == given.c.at, withdrawn.c.id > given.c.id))
        )
    )
    return (
        select(literal(1))
        .where(given.c.contact_id == contact.c.id, given.c.act.in_(("given", "confirmed")))
        .where(or_(given.c.list_id.is_(None), given.c.list_id == list_id), ~revoked.exists())
        .exists()
    )


def _suppressed(connection: Connection, address: Any) -> Any:
    """An erased address is known by its hash only, and is kept out where contacts are made."""
    domain = domain_of(connection, address)
    return (
        select(literal(1))
        .where(
            or_(
                and_(suppression.c.kind == "address", suppression.c.value == address),
                and_(suppression.c.kind == "domain", suppression.c.value == domain),
            )
        )
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Unrouted:
    """A row whose mailbox provider is not known yet; `egress` is the server that its campaign names."""

    id: int
    address: str
    egress: str


def unrouted(connection: Connection, limit: int) -> Sequence[Unrouted]:
    """Rows of sending campaigns whose provider has to be looked up, a batch at a time.

    Campaign by campaign, since a join would go through all that waits to find the few that are wanted.
    """
    found: list[Unrouted] = []
    for campaign_id, egress in connection.execute(_EGRESS).all():
        wanted = {"campaign": campaign_id, "most": limit - len(found)}
        found += [Unrouted(row.id, row.address, egress) for row in connection.execute(_UNROUTED, wanted)]
        if len(found) >= limit:
            break
    return found


_EGRESS = (
    select(campaign.c.id, server.c.name)
    .join(server, server.c.id == campaign.c.server_id)
    .where(campaign.c.state == "sending")
    .order_by(campaign.c.id)
)
_UNROUTED = (
    select(recipient.c.id, recipient.c.address)
    .where(recipient.c.campaign_id == bindparam("campaign"), recipient.c.provider == "", is_waiting())
    .limit(bindparam("most"))
)


def route(connection: Connection, providers: Mapping[str, Collection[int]]) -> None:
    """Store whose mailboxes these are, {provider: row ids}; a row that has a provider keeps it."""
    for provider, ids in providers.items():
        chosen = and_(recipient.c.id.in_(list(ids)), recipient.c.provider == "")
        connection.execute(update(recipient).where(chosen).values(provider=provider))


def counts(connection: Connection, campaign_id: int) -> Mapping[State, int]:
    """How many recipients are in each state; states without any are left out."""
    found = select(recipient.c.state, func.count()).where(recipient.c.campaign_id == campaign_id)
    return {State(row[0]): row[1] for row in connection.execute(found.group_by(recipient.c.state))}


def counts_by_provider(connection: Connection, campaign_id: int) -> Mapping[tuple[str, State], int]:
    """The same for each mailbox provider; "" are those whose provider was not looked up yet."""
    columns = (recipient.c.provider, recipient.c.state)
    found = select(*columns, func.count()).where(recipient.c.campaign_id == campaign_id).group_by(*columns)
    return {(row[0], State(row[1])): row[2] for row in connection.execute(found)}


def some(
    connection: Connection, campaign_id: int, states: Collection[State], after: int = 0, limit: int = 100
) -> Sequence[Mapping[str, Any]]:
    """Rows in these states, by id, from `after` on: for listings, a page at a time."""
    found = (
        select(recipient)
        .where(recipient.c.campaign_id == campaign_id, recipient.c.id > after)
        .where(recipient.c.state.in_([state.value for state in states]))
    )
    return [dict(row) for row in connection.execute(found.order_by(recipient.c.id).limit(limit)).mappings()]


def reopen(
    connection: Connection,
    campaign_id: int,
    states: Collection[State],
    now: datetime,
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> int:
    """A person decides to send again to those who are in these closed states; due now. Returns how many.

    `only` and `without` name categories. Who is suppressed stays as they are. A sent row never goes back:
    the store refuses it. A finished campaign has to be resumed first.
    """
    values = {"state": State.PENDING, "next_at": now, "first_at": None, "attempts": 0, "settled_at": None}
    wanted = _closed(connection, campaign_id, states, only, without)
    return int(connection.execute(update(recipient).where(wanted).values(values)).rowcount)


def count_closed(
    connection: Connection,
    campaign_id: int,
    states: Collection[State],
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> int:
    """How many `reopen` would send again to."""
    wanted = _closed(connection, campaign_id, states, only, without)
    return int(connection.execute(select(func.count()).select_from(recipient).where(wanted)).scalar_one())


def _closed(
    connection: Connection,
    campaign_id: int,
    states: Collection[State],
    only: Collection[str],
    without: Collection[str],
) -> Any:
    wanted = [recipient.c.campaign_id == campaign_id, recipient.c.state.in_([str(s) for s in states])]
    wanted.append(recipient.c.address != "")  # of an erased person only the row is left
    wanted += [recipient.c.category.in_(list(only))] if only else []
    wanted += [recipient.c.category.not_in(list(without))] if without else []
    return and_(*wanted, ~_suppressed(connection, recipient.c.address))


def skip_waiting(
    connection: Connection, campaign_id: int, why: str, now: datetime, limit: int = 10_000
) -> int:
    """Skip up to `limit` rows that nobody has claimed; returns how many. Repeat until it returns 0."""
    first = select(recipient.c.id).where(recipient.c.campaign_id == campaign_id, is_waiting()).limit(limit)
    values = {"state": State.SKIPPED, "category": why, "settled_at": now}
    return int(connection.execute(update(recipient).where(recipient.c.id.in_(first)).values(values)).rowcount)


def finish_if_done(connection: Connection, campaign_id: int, now: datetime) -> bool:
    """Call a sending campaign finished if no row is open. The store refuses it otherwise, whoever asks."""
    waiting = exists().where(recipient.c.campaign_id == campaign_id, is_waiting())
    leased = exists().where(
        recipient.c.campaign_id + 0 == campaign_id,  # no index on that: the leased ones are few
        recipient.c.lease_until.is_not(None),
    )
    done = and_(campaign.c.id == campaign_id, campaign.c.state == "sending", ~waiting, ~leased)
    values = {"state": "finished", "finished_at": now}
    return connection.execute(update(campaign).where(done).values(values)).rowcount == 1


def waiting_providers(connection: Connection) -> Sequence[tuple[str, str]]:
    """(egress, provider) of everything that waits in sending campaigns: the lanes that must exist."""
    way = ways()
    egresses = (
        select(campaign.c.id, server.c.name)
        .join(way, way.c.pool_id == campaign.c.server_id)
        .join(server, server.c.id == way.c.server_id)
        .where(campaign.c.state == "sending")
    )
    by_campaign: dict[int, set[str]] = {}
    for campaign_id, egress in connection.execute(egresses):
        by_campaign.setdefault(campaign_id, set()).add(egress)
    return sorted(
        {
            (egress, provider)
            for campaign_id, names in by_campaign.items()
            for provider in _providers(connection, campaign_id)
            for egress in names
        }
    )


def _providers(connection: Connection, campaign_id: int) -> Iterator[str]:
    """From one provider to the next by the index: as many probes as providers, however many people."""
    last = ""
    while last := connection.execute(_NEXT_PROVIDER, {"campaign": campaign_id, "after": last}).scalar() or "":
        yield last


_NEXT_PROVIDER = select(func.min(recipient.c.provider)).where(
    recipient.c.campaign_id == bindparam("campaign"), recipient.c.provider > bindparam("after"), is_waiting()
)


def is_any_under_way(connection: Connection) -> bool:
    """Whether a campaign is sending, or a cancelled one still has rows to skip."""
    return connection.execute(_SENDING.limit(1)).first() is not None or bool(cancelled(connection))


def sending(connection: Connection) -> Mapping[int, str]:
    """The campaigns that are sending now: {id: message class}."""
    return {row[0]: row[1] for row in connection.execute(_SENDING)}


_SENDING = select(campaign.c.id, campaign.c.message_class).where(campaign.c.state == "sending")


def cancelled(connection: Connection) -> Sequence[int]:
    """Cancelled campaigns that still have rows waiting."""
    waiting = exists().where(recipient.c.campaign_id == campaign.c.id, is_waiting())
    return list(connection.scalars(select(campaign.c.id).where(campaign.c.state == "cancelled", waiting)))
