"""What an incident touches: the sending domains, the campaigns under way, and how much of the volume
they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from data.tables import campaign, recipient, sending_domain

LIVE = ("scheduled", "sending", "paused", "held")


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that is, or will be, under way."""

    name: str
    state: str
    domain: str


def campaigns_under_way(connection: Connection, domain: str = "") -> Sequence[Running]:
    """Of one sending domain and those below it, or of all."""
    query = (
        select(campaign.c.name, campaign.c.state, sending_domain.c.domain)
        .join(sending_domain, sending_domain.c.id == campaign.c.sending_domain_id)
        .where(campaign.c.state.in_(LIVE))
        .order_by(campaign.c.id.desc())
        .limit(200)
    )
    found = [Running(*row) for row in connection.execute(query)]
    return [each for each in found if not domain or _of(each.domain, domain)]


def share_of_volume(
    connection: Connection, since: datetime, domain: str = "", provider: str = ""
) -> tuple[int, int]:
    """(messages that went out for this domain or to this provider, all of them) since then."""
    base = (
        select(func.count(recipient.c.id))
        .join(campaign, campaign.c.id == recipient.c.campaign_id)
        .join(sending_domain, sending_domain.c.id == campaign.c.sending_domain_id)
        .where(campaign.c.started_at >= since)
    )
    touched = base
    if domain:
        touched = touched.where(
            (sending_domain.c.domain == domain) | sending_domain.c.domain.endswith(f".{domain}")
        )
    if provider:
        touched = touched.where(recipient.c.provider == provider)
    return connection.scalar(touched) or 0, connection.scalar(base) or 0


def _of(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")
