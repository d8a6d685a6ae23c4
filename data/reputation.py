"""What a score rests on, asked of the store, and the scores as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, case, distinct, func, select, type_coerce

from data.dialect import insert
from data.tables import (
    attempt,
    campaign,
    event,
    placement,
    placement_test,
    recipient,
    reputation,
    seed,
    sending_domain,
)

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fates:
    """Recipients settled in a span, of a domain or a provider or of all. `refused` by category."""

    accepted: int
    refused: Mapping[str, int]
    deferred: int
    complained: int
    engaged: int
    """People who opened or clicked."""
    latest: datetime | None

    @property
    def answered(self) -> int:
        return self.accepted + sum(self.refused.values())


def fates(connection: Connection, since: datetime, domain: str = "", provider: str = "") -> Fates:
    """Of campaigns and automations alone: seeds and tests say nothing of readers."""
    where = [*_scope(domain, provider), recipient.c.settled_at >= since]
    settled = (
        select(recipient.c.state, recipient.c.category, func.count(), func.max(recipient.c.settled_at))
        .join(campaign, campaign.c.id == recipient.c.campaign_id)
        .where(*where)
        .group_by(recipient.c.state, recipient.c.category)
    )
    rows = connection.execute(settled).all()
    refused: dict[str, int] = {}
    for state, category, count, _ in rows:
        if state == "failed":
            refused[category] = refused.get(category, 0) + count
    return Fates(
        accepted=sum(row[2] for row in rows if row[0] == "sent"),
        refused=refused,
        deferred=_deferred(connection, where, since),
        complained=_told(connection, where, event.c.kind == "complaint"),
        engaged=_told(connection, where, event.c.kind.in_(("open", "click")) & event.c.machine.is_(False)),
        latest=max((row[3] for row in rows if row[3]), default=None),
    )


def _deferred(connection: Connection, where: Sequence[ColumnElement[bool]], since: datetime) -> int:
    query = (
        select(func.count(distinct(attempt.c.recipient_id)))
        .join(recipient, recipient.c.id == attempt.c.recipient_id)
        .join(campaign, campaign.c.id == recipient.c.campaign_id)
        .where(*where, attempt.c.at >= since, attempt.c.result == "deferred")
    )
    return connection.scalar(query) or 0


def _told(connection: Connection, where: Sequence[ColumnElement[bool]], which: ColumnElement[bool]) -> int:
    query = (
        select(func.count(distinct(event.c.recipient_id)))
        .join(recipient, recipient.c.id == event.c.recipient_id)
        .join(campaign, campaign.c.id == recipient.c.campaign_id)
        .where(*where, which)
    )
    return connection.scalar(query) or 0


def _scope(domain: str, provider: str) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [campaign.c.message_class.in_(("campaign", "automation"))]
    if provider:
        where.append(recipient.c.provider == provider)
    if domain:
        ours = select(sending_domain.c.id).where(sending_domain.c.domain == domain)
        where.append(campaign.c.sending_domain_id.in_(ours))
    return where


def volume_by_day(
    connection: Connection, since: datetime, domain: str = "", provider: str = ""
) -> Sequence[int]:
    """How many were settled on each day with mail, since then."""
    moment = type_coerce(recipient.c.settled_at, BigInteger)
    day = moment - moment % (DAY // timedelta(microseconds=1))
    query = (
        select(func.count())
        .select_from(recipient.join(campaign, campaign.c.id == recipient.c.campaign_id))
        .where(*_scope(domain, provider), recipient.c.settled_at >= since)
        .group_by(day)
    )
    return [int(count) for count in connection.scalars(query)]


def placed_since(
    connection: Connection, since: datetime, domain: str = "", provider: str = ""
) -> tuple[int, int, datetime | None]:
    """(seeds in the inbox or a tab, seeds with a verdict, when the newest verdict came) since then."""
    counted = placement.c.verdict.in_(("inbox", "tab", "spam", "missing"))
    inbox = func.coalesce(func.sum(case((placement.c.verdict.in_(("inbox", "tab")), 1), else_=0)), 0)
    query = (
        select(inbox, func.count(), func.max(placement.c.at))
        .join(placement_test, placement_test.c.id == placement.c.test_id)
        .join(seed, seed.c.id == placement.c.seed_id)
        .where(counted, placement.c.at >= since)
    )
    if provider:
        query = query.where(seed.c.provider == provider)
    if domain:
        ours = select(sending_domain.c.id).where(sending_domain.c.domain == domain)
        query = query.where(placement_test.c.sending_domain_id.in_(ours))
    row = connection.execute(query).one()
    return int(row[0]), int(row[1]), row[2]


@dataclass(frozen=True, slots=True)
class Kept:
    """A score as it was on a day."""

    kind: str
    subject: str
    provider: str
    day: datetime
    at: datetime
    score: float | None
    low: float
    parts: Sequence[Mapping[str, Any]]


def keep_score(connection: Connection, new: Kept) -> None:
    """Once a day; computed again on the same day, the later one stands."""
    names = ("kind", "subject", "provider", "day", "at", "score", "low")
    values = {name: getattr(new, name) for name in names} | {"parts": [dict(part) for part in new.parts]}
    changed = {name: values[name] for name in ("at", "score", "low", "parts")}
    statement = insert(connection, reputation).values(**values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["kind", "subject", "provider", "day"], set_=changed)
    )


def scores(
    connection: Connection, subject: str, provider: str = "", since: datetime | None = None, limit: int = 400
) -> Sequence[Kept]:
    """A subject's scores, the newest first."""
    query = select(reputation).where(reputation.c.subject == subject, reputation.c.provider == provider)
    if since is not None:
        query = query.where(reputation.c.day >= since)
    rows = connection.execute(query.order_by(reputation.c.day.desc()).limit(limit))
    return [
        Kept(row.kind, row.subject, row.provider, row.day, row.at, row.score, row.low, row.parts)
        for row in rows
    ]


def latest_scores(connection: Connection, kind: str = "", limit: int = 500) -> Sequence[Kept]:
    """The newest score of each subject and provider, by subject."""
    newest = (
        select(
            reputation.c.kind,
            reputation.c.subject,
            reputation.c.provider,
            func.max(reputation.c.day).label("day"),
        )
        .group_by(reputation.c.kind, reputation.c.subject, reputation.c.provider)
        .subquery()
    )
    same = (
        (reputation.c.kind == newest.c.kind)
        & (reputation.c.subject == newest.c.subject)
        & (reputation.c.provider == newest.c.provider)
        & (reputation.c.day == newest.c.day)
    )
    query = (
        select(reputation)
        .join(newest, same)
        .order_by(reputation.c.subject, reputation.c.provider)
        .limit(limit)
    )
    if kind:
        query = query.where(reputation.c.kind == kind)
    return [
        Kept(row.kind, row.subject, row.provider, row.day, row.at, row.score, row.low, row.parts)
        for row in connection.execute(query)
    ]
