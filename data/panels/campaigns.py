"""The campaigns there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from data.tables import campaign, sending_domain, template

LIMIT = 500
OWN = ("seed", "test", "alert")
"""What goes to nobody but the operator."""


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    name: str
    state: str
    subject: str
    sending_domain: str
    started_at: datetime | None
    finished_at: datetime | None


def campaigns(connection: Connection, domain: str | None = None) -> Sequence[Campaign]:
    """The newest first, letters to people before those to one's own boxes; of one sending domain if given."""
    query = (
        select(
            campaign.c.id,
            campaign.c.name,
            campaign.c.state,
            template.c.subject,
            sending_domain.c.domain,
            campaign.c.started_at,
            campaign.c.finished_at,
        )
        .join(template, template.c.id == campaign.c.template_id)
        .join(sending_domain, sending_domain.c.id == campaign.c.sending_domain_id)
        .order_by(campaign.c.message_class.in_(OWN), campaign.c.started_at.is_(None))
        .order_by(campaign.c.started_at.desc(), campaign.c.id.desc())
        .limit(LIMIT)
    )
    if domain is not None:
        query = query.where(sending_domain.c.domain == domain)
    return [Campaign(*row) for row in connection.execute(query)]
