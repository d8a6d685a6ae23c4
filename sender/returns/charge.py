"""Who is charged for a failure: the one place where what was reported has consequences for a contact.

Only a recipient's own fault touches the contact, and a single report never drops a reader who was known to
be there: providers have called valid users unknown during their own outages, for hours and by the million.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from data.bounces import (
    accepted_by,
    address_of,
    first_bounce,
    known_good,
    last_sign_of_life,
    soft_campaigns,
    unknown_users,
    was_delivered,
)
from data.events import Kind, NewEvent, Whose, record
from data.suppression import Kind as What
from data.suppression import Reason, suppress
from sender.returns.categories import Category, Effect
from sender.returns.classify import Verdict
from sender.returns.storable import storable

KNOWN_FOR = timedelta(days=60)
"""Who accepted a message this lately is known to be there; soft bounces older than this do not count."""
APART = timedelta(days=3)
"""Two hard reports about somebody who is known to be there must lie this far apart."""
SOFT_LIMIT = 5
"""Campaigns, not attempts."""
STORM_WINDOW = timedelta(hours=1)
STORM_SHARE = 0.05
STORM_KNOWN = 5


class Weight(StrEnum):
    """What a report did to the contact."""

    HARD = "hard"
    UNCONFIRMED = "hard_unconfirmed"
    SOFT = "soft"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Report:
    """A failure of one recipient; the same `key` is the same report, told again. `source`: "smtp", "mail"."""

    who: Whose
    verdict: Verdict
    said: str
    at: datetime
    key: str
    source: str


def charge(connection: Connection, report: Report) -> Weight | None:
    """Record a failure and let it weigh on the contact; None if it was recorded before."""
    weight = _weight(connection, report)
    if record(connection, [_event(report, weight)]) == 0:
        return None
    address = address_of(connection, report.who.contact_id)
    if address is None:
        return weight
    said = storable(f"{report.verdict.category}: {report.said[:300]}")
    if weight is Weight.HARD:
        suppress(connection, What.ADDRESS, address, Reason.HARD_BOUNCE, report.at, detail=said)
    elif weight is Weight.SOFT and _too_often(connection, report):
        suppress(connection, What.ADDRESS, address, Reason.SOFT_BOUNCES, report.at, detail=said)
    return weight


def _weight(connection: Connection, report: Report) -> Weight:
    match report.verdict.effect:
        case Effect.NONE:
            return Weight.NONE
        case Effect.SOFT:
            return Weight.SOFT
        case Effect.HARD:
            sure = _confirmed(connection, report) and not _storm(connection, report)
            return Weight.HARD if sure else Weight.UNCONFIRMED


def _confirmed(connection: Connection, report: Report) -> bool:
    """Nobody whom we know to be there is dropped at the first word."""
    if report.verdict.category is not Category.UNKNOWN_USER:
        return True
    who, lately = report.who, report.at - KNOWN_FOR
    if not was_delivered(connection, who.contact_id, lately, who.campaign_id):
        return True
    first = first_bounce(connection, who.contact_id, Weight.UNCONFIRMED, lately)
    return first is not None and report.at - first >= APART


def _storm(connection: Connection, report: Report) -> bool:
    """A provider that suddenly knows nobody, though it took mail for several of them lately."""
    if report.verdict.category is not Category.UNKNOWN_USER or not report.who.provider:
        return False
    since = report.at - STORM_WINDOW
    unknown = [*unknown_users(connection, report.who.provider, since), report.who.contact_id]
    if len(unknown) < 2 * STORM_KNOWN:
        return False
    accepted = accepted_by(connection, report.who.provider, since - STORM_WINDOW)
    if len(unknown) / (len(unknown) + accepted) <= STORM_SHARE:
        return False
    return known_good(connection, unknown, report.at - KNOWN_FOR) >= STORM_KNOWN


def _too_often(connection: Connection, report: Report) -> bool:
    since = report.at - KNOWN_FOR
    alive = last_sign_of_life(connection, report.who.contact_id)
    return soft_campaigns(connection, report.who.contact_id, max(since, alive or since)) >= SOFT_LIMIT


def _event(report: Report, weight: Weight) -> NewEvent:
    verdict = report.verdict
    return NewEvent(
        kind=Kind.BOUNCE,
        at=report.at,
        key=report.key,
        campaign_id=report.who.campaign_id,
        recipient_id=report.who.recipient_id,
        contact_id=report.who.contact_id,
        provider=report.who.provider,
        detail={
            "category": verdict.category.value,
            "effect": weight.value,
            "fault": verdict.fault.value,
            "action": verdict.action.value,
            "status": verdict.enhanced,
            "code": verdict.code,
            "said": storable(report.said[:1000]),
            "source": report.source,
        },
    )
