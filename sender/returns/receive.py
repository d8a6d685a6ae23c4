"""One mail that came back, carried out: its events, and what follows for the contact. Idempotent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b, sha256

from sqlalchemy import Connection

from checks.reports import Report as Document
from checks.reports import Unreadable
from data.events import Kind as Event
from data.events import NewEvent, Whose, record
from data.reports import save_report
from sender.audience.leave import leave
from sender.returns.charge import Report, charge
from sender.returns.mail import Mail
from sender.returns.match import recipient_of, unsubscribing
from sender.returns.reports import NO_REPORT
from sender.returns.storable import storable
from sender.returns.understand import Kind, Result, Returned
from sender.returns.wishes import complained
from sender.tokens import Tokens


class Handled(StrEnum):
    """What became of a mail."""

    RECORDED = "recorded"
    AGAIN = "recorded before"
    NOT_OURS = "not about a message of ours"
    NOTHING = "no notice"
    REPORT = "a report"
    REPORT_AGAIN = "a report that was kept before"
    BAD_REPORT = "a report that cannot be read"


NOT_A_NOTICE = frozenset({Handled.NOT_OURS, Handled.NOTHING})
"""What is no notice about a message may still be a receiver's report."""
TAKEN = frozenset({Handled.RECORDED, Handled.AGAIN, Handled.REPORT, Handled.REPORT_AGAIN})
"""What the store has."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail with what was made of it; `name` is how it is told from others if it has no Message-ID."""

    mail: Mail
    returned: Returned
    envelope_to: str
    at: datetime
    name: str


def receive(connection: Connection, tokens: Tokens, arrival: Arrival) -> Handled:
    """Carry one mail out, in the caller's transaction."""
    kind = arrival.returned.kind
    numbers = unsubscribing(tokens, arrival.mail, arrival.envelope_to)
    if numbers and kind in (Kind.NOT_A_BOUNCE, Kind.AUTO_REPLY, Kind.COMPLAINT):
        return _unsubscribed(connection, arrival, numbers)
    if kind is Kind.NOT_A_BOUNCE:
        return Handled.NOTHING
    who = recipient_of(connection, tokens, arrival.mail, arrival.returned, arrival.envelope_to)
    if who is None:
        return Handled.NOT_OURS
    if kind is Kind.COMPLAINT:
        feedback = arrival.returned.results[0].feedback_type
        key = f"complaint:{who.recipient_id}:{feedback}"
        new = complained(connection, who, feedback, arrival.at, key, "mail")
        return Handled.RECORDED if new else Handled.AGAIN
    told = [_failed_or_told(connection, arrival, who, result) for result in _about(arrival.returned)]
    return Handled.RECORDED if any(told) else Handled.AGAIN


def keep_report(
    connection: Connection, raw: bytes, found: Document | Unreadable | None, at: datetime
) -> Handled:
    """Keep the report that a mail brought, in the caller's transaction; each is counted once."""
    if found is None or found == NO_REPORT:
        return Handled.NOTHING
    if isinstance(found, Unreadable):
        return Handled.BAD_REPORT
    new = save_report(connection, found, sha256(raw).hexdigest(), at)
    return Handled.REPORT if new else Handled.REPORT_AGAIN


def _about(returned: Returned) -> list[Result]:
    """One message has one recipient: of several results the gravest is about it."""
    order = list(Kind)
    return sorted(returned.results, key=lambda each: order.index(each.kind))[:1]


def _failed_or_told(connection: Connection, arrival: Arrival, who: Whose, result: Result) -> bool:
    key = f"mail:{who.recipient_id}:{_identity(arrival)}"
    if result.kind in (Kind.HARD, Kind.SOFT, Kind.NONE):
        report = Report(who, result.verdict, result.diagnostic, arrival.at, key, "mail")
        return charge(connection, report) is not None
    kinds = {Kind.DELAY: Event.DELAY, Kind.DELIVERED: Event.DELIVERED, Kind.AUTO_REPLY: Event.AUTO_REPLY}
    event = _event(kinds[result.kind], arrival, who, key, {"said": storable(result.diagnostic[:500])})
    return record(connection, [event]) > 0


def _unsubscribed(connection: Connection, arrival: Arrival, numbers: tuple[int, ...]) -> Handled:
    contact_id, list_id, recipient_id = (*numbers, 0, 0)[:3]
    changed = leave(connection, contact_id, list_id, "mailto", arrival.at)
    if not changed:
        return Handled.AGAIN
    event = NewEvent(
        kind=Event.UNSUBSCRIBE,
        at=arrival.at,
        key=f"mailto:{contact_id}:{list_id}:{_identity(arrival)}",
        recipient_id=recipient_id or None,
        contact_id=contact_id,
        detail={"method": "mailto", "list": str(list_id)},
    )
    record(connection, [event])
    return Handled.RECORDED


def _event(kind: Event, arrival: Arrival, who: Whose, key: str, detail: dict[str, str]) -> NewEvent:
    return NewEvent(
        kind=kind,
        at=arrival.at,
        key=key,
        campaign_id=who.campaign_id,
        recipient_id=who.recipient_id,
        contact_id=who.contact_id,
        provider=who.provider,
        detail=detail,
    )


def _identity(arrival: Arrival) -> str:
    """The notice's own Message-ID; a notice without one is told by its name in the intake."""
    own = arrival.mail.header("message-id") or arrival.name
    return blake2b(own.encode(), digest_size=12).hexdigest()
