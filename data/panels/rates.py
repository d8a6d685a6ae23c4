"""How sending went in a span of time, over all campaigns: the numbers that go wrong first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, distinct, func, select

from data.tables import campaign, event, recipient, sending_domain


@dataclass(frozen=True, slots=True)
class Rates:
    """Recipients settled in the span, and those of them that bounced or complained.

    `latest` is when the newest of them was settled: None means that nothing was sent.
    """

    accepted: int
    refused: int
    unknown: int
    bounced_later: int
    complained: int
    latest: datetime | None

    @property
    def answered(self) -> int:
        """Those for whom a server said yes or no."""
        return self.accepted + self.refused

    @property
    def bounced(self) -> int:
        return self.refused + self.bounced_later


def sending_rates(
    connection: Connection,
    since: datetime,
    until: datetime,
    domain: str | None = None,
    provider: str | None = None,
) -> Rates:
    """Of mail of the class `campaign` and others alike; seeds and tests are not in the recipient table."""
    where = [recipient.c.settled_at >= since, recipient.c.settled_at < until, *_scope(domain, provider)]

    def of(state: str) -> Any:
        return func.coalesce(func.sum(case((recipient.c.state == state, 1), else_=0)), 0)

    settled = select(of("sent"), of("failed"), of("unknown"), func.max(recipient.c.settled_at))
    accepted, refused, unknown, latest = connection.execute(settled.where(*where)).one()
    returned = (
        select(event.c.kind, func.count(distinct(event.c.recipient_id)))
        .join(recipient, recipient.c.id == event.c.recipient_id)
        .where(*where, recipient.c.state == "sent", event.c.kind.in_(("bounce", "complaint")))
        .group_by(event.c.kind)
    )
    back = {row[0]: row[1] for row in connection.execute(returned)}
    return Rates(accepted, refused, unknown, back.get("bounce", 0), back.get("complaint", 0), latest)


def _scope(domain: str | None, provider: str | None) -> list[Any]:
    where: list[Any] = []
    if provider is not None:
        where.append(recipient.c.provider == provider)
    if domain is not None:
        ours = (
            select(campaign.c.id)
            .join(sending_domain, sending_domain.c.id == campaign.c.sending_domain_id)
            .where(sending_domain.c.domain == domain)
        )
        where.append(recipient.c.campaign_id.in_(ours))
    return where
