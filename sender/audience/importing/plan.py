"""What becomes of one row, given what is known of its person: the rules of an import, as a pure function.

An import never brings anybody back: whoever left, complained, or is suppressed for whatever reason stays
so. What a file says against writing to somebody counts always; what it says for it only where nothing
speaks against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from data.consent import Act, ConsentEvent
from data.imports import Known, Put
from data.lists import Member
from data.suppression import Reason, Suppressed
from sender.audience.importing.columns import Status
from sender.audience.importing.people import Person, Unfit


class Fate(StrEnum):
    """What became of a row; the names are those of the counts."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"
    LEFT = "left_before"
    UNSUBSCRIBED = "unsubscribed"
    CLEANED = "cleaned"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what an import rests: where the consent comes from, and what people read when they gave it.

    `consented_at`: for rows that do not say when. `confirmed`: they confirmed where they come from.
    """

    list_id: int
    double_opt_in: bool
    source: str
    wording: str
    form: str = ""
    consented_at: datetime | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`put`: what to store; `suppress`: why to suppress the address; `why`: for the file of rejected rows."""

    fate: Fate
    why: str = ""
    put: Put | None = None
    suppress: Reason | None = None
    unconfirmed: bool = field(default=False)


def decide(
    line: int, person: Person, known: Known | None, barred: Suppressed | None, terms: Terms, now: datetime
) -> Decision:
    """Raises `Unfit`."""
    match person.status:
        case Status.OTHER:
            raise Unfit("never subscribed there")
        case Status.CLEANED | Status.COMPLAINED:
            reason = Reason.HARD_BOUNCE if person.status is Status.CLEANED else Reason.COMPLAINT
            if barred and barred.reason.rank <= reason.rank:
                return Decision(Fate.UNCHANGED)
            return Decision(Fate.CLEANED, suppress=reason)
        case Status.UNSUBSCRIBED:
            return _leaving(line, person, known, barred, terms, now)
        case _:
            return _joining(line, person, known, barred, terms)


def _leaving(
    line: int, person: Person, known: Known | None, barred: Suppressed | None, terms: Terms, now: datetime
) -> Decision:
    """Nothing is kept of them but that they left."""
    if barred and barred.reason is Reason.ERASED:
        return Decision(Fate.UNCHANGED)
    if known and known.member is Member.UNSUBSCRIBED:
        return Decision(Fate.UNCHANGED)
    event = ConsentEvent(0, terms.list_id, Act.WITHDRAWN, terms.source, "", now)
    return Decision(Fate.UNSUBSCRIBED, put=_put(line, person, known, {}, Member.UNSUBSCRIBED, (event,)))


def _joining(
    line: int, person: Person, known: Known | None, barred: Suppressed | None, terms: Terms
) -> Decision:
    if barred:
        return Decision(Fate.SUPPRESSED, f"suppressed: {barred.reason} since {barred.at:%Y-%m-%d}")
    if known and known.line is not None:
        return Decision(Fate.DUPLICATE, f"the same person as in line {known.line}")
    if known and (known.member is Member.UNSUBSCRIBED or known.last_act is Act.WITHDRAWN):
        return Decision(Fate.LEFT, "left before: an import brings nobody back")
    confirmed = terms.confirmed or bool(person.confirmed_at and person.confirmed_ip)
    if person.status is Status.UNCONFIRMED and not terms.double_opt_in:
        raise Unfit("never confirmed there, and this list asks nobody to confirm")
    subscribed = person.status is Status.SUBSCRIBED and (confirmed or not terms.double_opt_in)
    member = Member.SUBSCRIBED if subscribed else Member.UNCONFIRMED
    moves = known is None or known.member is None or (known.member is Member.UNCONFIRMED and subscribed)
    consent = _consent(person, terms, confirmed) if moves or not (known and known.last_act) else ()
    put = _put(line, person, known, person.attributes, member if moves else None, consent)
    if known is None:
        fate = Fate.NEW
    else:
        changes = bool(put.before or moves or consent or put.tags)
        fate = Fate.UPDATED if changes else Fate.UNCHANGED
    return Decision(fate, put=put, unconfirmed=moves and not subscribed)


def _consent(person: Person, terms: Terms, confirmed: bool) -> tuple[ConsentEvent, ...]:
    at = person.consent_at or person.confirmed_at or terms.consented_at
    if at is None:
        raise Unfit("no date of consent: neither in the row nor given with --consented-at")
    form = person.form or terms.form
    given = ConsentEvent(
        0, terms.list_id, Act.GIVEN, terms.source, terms.wording, at, person.consent_ip, form
    )
    if not confirmed:
        return (given,)
    when, ip = person.confirmed_at or at, person.confirmed_ip
    return (given, ConsentEvent(0, terms.list_id, Act.CONFIRMED, terms.source, terms.wording, when, ip, form))


def _put(
    line: int,
    person: Person,
    known: Known | None,
    attributes: Mapping[str, Any],
    member: Member | None,
    consent: tuple[ConsentEvent, ...],
) -> Put:
    had = known.attributes if known else {}
    changed = {name: value for name, value in attributes.items() if had.get(name) != value}
    return Put(
        line=line,
        email=person.address.mailbox,
        address=person.address.identity,
        known=known,
        attributes={**had, **changed},
        before={name: had.get(name) for name in changed} if known else {},
        tags=person.tags if attributes or member is not Member.UNSUBSCRIBED else (),
        member=member,
        consent=consent,
    )
