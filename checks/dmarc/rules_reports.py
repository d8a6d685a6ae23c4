"""Rules about the reports: asked for, addressed rightly, and agreed to where they go."""

from collections.abc import Iterator

from checks.dmarc import edit
from checks.dmarc.look import Look
from checks.dmarc.record import Flaw
from checks.dmarc.reports import Consent, Destination, Mailbox
from checks.model import Finding, State, Value

MANY = 2
"""Addresses that every reporter serves (RFC 7489 section 6.2: "MUST support … at least two")."""


def wanted(look: Look) -> Iterator[Finding]:
    """DMARC-013: without rua nobody reports who sends as the domain; a parked one may do without."""
    record = look.record
    if record is not None and not record.rua and not look.parked:
        domain = look.tree.found_at or look.target.domain
        after = None
        if look.start.record is record:
            after = edit.with_tags(record, {"rua": f"mailto:dmarc-reports@{domain}"})
        yield look.finding("DMARC-013", State.WARN, at=look.tree.level, after=after)


def consent(look: Look) -> Iterator[Finding]:
    """DMARC-014: an external destination must say that it takes the reports (RFC 9990 section 4)."""
    for one in look.destinations:
        if one.consent is Consent.OWN:
            continue
        args = _args(one)
        if one.consent is Consent.UNKNOWN:
            yield look.unknown("DMARC-014", one.answers, subject=one.uri.domain)
        else:
            state = State.PASS if one.consent is Consent.GIVEN else State.FAIL
            yield look.finding(
                "DMARC-014", state, args, at=look.tree.level, answers=one.answers, subject=one.uri.domain
            )


def reachable(look: Look) -> Iterator[Finding]:
    """DMARC-015: the addresses are valid URIs, not too many, and their domains take mail."""
    record = look.record
    if record is None:
        return
    bad = tuple(str(fault) for fault in record.faults if fault.flaw is Flaw.URI)
    if bad:
        yield look.finding("DMARC-015", State.FAIL, {"faults": bad}, at=look.tree.level)
    for one in look.destinations:
        if one.mailbox is Mailbox.NONE:
            faults = (f"{one.uri.domain}, where {one.tag} goes, takes no mail",)
            args: dict[str, Value] = {"faults": faults}
            yield look.finding("DMARC-015", State.FAIL, args, answers=one.answers, subject=one.uri.domain)
        elif one.mailbox is Mailbox.UNKNOWN:
            yield look.unknown("DMARC-015", one.answers, subject=one.uri.domain)
    if len(record.rua) > MANY:
        args = {
            "faults": (f"rua has {len(record.rua)} addresses; reporters may serve only the first {MANY}",)
        }
        yield look.finding("DMARC-015", State.WARN, args, at=look.tree.level)


def _args(one: Destination) -> dict[str, Value]:
    return {"tag": one.tag, "address": one.uri.address, "name": one.asked, "destination": one.uri.domain}
