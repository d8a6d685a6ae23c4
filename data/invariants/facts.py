"""What would break a promise about what was seen and what came back: ids of rows that must not be there."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from data.tables import event, link, observation, standing

UNKNOWN = "unknown"


def hard_for_others_faults(_now: datetime) -> Select[Any]:
    """Bounces that cost a contact its subscription though they were not the recipient's fault."""
    fault = event.c.detail["fault"].as_string()
    hard = event.c.detail["effect"].as_string() == "hard"
    return select(event.c.id).where(event.c.kind == "bounce", hard, fault != "recipient")


def clicks_on_strange_links(_now: datetime) -> Select[Any]:
    """Clicks that led to a destination of another campaign."""
    joined = event.join(link, link.c.id == event.c.link_id)
    return select(event.c.id).select_from(joined).where(event.c.campaign_id != link.c.campaign_id)


def machines_without_evidence(_now: datetime) -> Select[Any]:
    """What is counted as a machine's, and nobody can say why."""
    return select(event.c.id).where(event.c.machine.is_(True), event.c.evidence == "")


def guesses_as_conclusions(_now: datetime) -> Select[Any]:
    """Questions whose last conclusive answer is one that could not tell."""
    joined = standing.join(observation, observation.c.id == standing.c.conclusive_id)
    return select(standing.c.latest_id.label("id")).select_from(joined).where(observation.c.state == UNKNOWN)


def unknown_and_silent(_now: datetime) -> Select[Any]:
    """Questions that could not be answered and do not say since when, or the other way round."""
    joined = standing.join(observation, observation.c.id == standing.c.latest_id)
    silent = (observation.c.state == UNKNOWN) & standing.c.unknown_since.is_(None)
    told = (observation.c.state != UNKNOWN) & standing.c.unknown_since.is_not(None)
    return select(observation.c.id).select_from(joined).where(or_(silent, told))
