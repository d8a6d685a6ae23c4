"""What is told of a campaign, as a document: for `--json`, and what the text is made from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data import recipients
from data.campaigns import Campaign
from data.lists import list_by_id
from data.panels.outcomes import Counts, added, campaign_by_provider
from data.segments import segment_by_id
from data.sending_domains import sending_domain_by_id
from data.servers import server_by_id
from data.states import State
from data.templates import template_by_id


def overview(connection: Connection, campaign: Campaign) -> Mapping[str, Any]:
    """The campaign by the names that people gave, and how many recipients stand where."""
    template = template_by_id(connection, campaign.template_id)
    domain = sending_domain_by_id(connection, campaign.sending_domain_id)
    server = server_by_id(connection, campaign.server_id)
    audience = list_by_id(connection, campaign.list_id) if campaign.list_id else None
    segment = segment_by_id(connection, campaign.segment_id) if campaign.segment_id else None
    return {
        "id": campaign.id,
        "name": campaign.name,
        "class": campaign.message_class.value,
        "state": campaign.state.value,
        "reason": campaign.pause_reason,
        "list": audience.name if audience else None,
        "segment": segment.name if segment else None,
        "template": template.name if template else None,
        "domain": domain.domain if domain else None,
        "server": server.name if server else None,
        "from": {"name": campaign.from_name, "address": campaign.from_address},
        "tracking": campaign.tracking,
        "on_unknown": campaign.on_unknown.value,
        "created_at": _time(campaign.at),
        "scheduled_at": _time(campaign.scheduled_at),
        "started_at": _time(campaign.started_at),
        "finished_at": _time(campaign.finished_at),
        "recipients": {state.value: n for state, n in recipients.counts(connection, campaign.id).items()},
    }


def results(connection: Connection, campaign: Campaign) -> Mapping[str, Any]:
    """The overview with what became of the messages, in all and for each mailbox provider."""
    rows = campaign_by_provider(connection, campaign.id)
    told = {
        "results": _counts(added(rows)),
        "providers": [_counts(row) | {"provider": row.provider} for row in rows],
    }
    return {**overview(connection, campaign), **told}


def headline(document: Mapping[str, Any]) -> str:
    """ "finished, 3 unknown", "held: nobody was there at …"."""
    unknown = document["recipients"].get(State.UNKNOWN.value, 0)
    state = f"{document['state']}, {unknown} unknown" if unknown else str(document["state"])
    if document["state"] == "scheduled":
        state += f" for {document['scheduled_at']}"
    return f"{state}: {document['reason']}" if document["reason"] else state


def _counts(row: Counts) -> dict[str, Any]:
    names = (
        *("audience", "waiting", "skipped", "accepted", "deferred", "failed", "unknown", "bounced_later"),
        *("opened", "machine_opened", "clicked", "machine_clicked", "unsubscribed", "complained"),
    )
    return {name: getattr(row, name) for name in names} | {"delivered": row.delivered}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
