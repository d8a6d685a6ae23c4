"""Carry a look's result into incidents, the outbox and the next look: one transaction, or nothing of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.model import Severity
from data import incidents, slots
from data.incidents import Incident, IncidentState
from data.observations import Look
from data.standings import standings
from monitor.config import Config
from monitor.incidents.blind import blindness
from monitor.incidents.follow import follow
from monitor.incidents.machine import Policy, Sighting
from monitor.incidents.matter import Matter
from monitor.incidents.sightings import Condition, Kind, conditions, family_of, said
from monitor.incidents.words import spoken

CONFIRM = "confirm"
"""The kind of slot that looks again, uncached, only at what waits for a second look."""
LISTING_LOOKS = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """The look at hand: whose, when, and whether it went to the wire."""

    look: Look
    fresh: bool
    config: Config
    vantages: int = 1
    """From how many places it looked."""

    @property
    def now(self) -> datetime:
        return self.look.now


def track(connection: Connection, seen: Seen) -> None:
    """Judge every condition that the look covers. Runs in the transaction that saved the look."""
    look, config = seen.look, seen.config
    known = {entry.fingerprint: entry for entry in incidents.alive(connection, look.target_id)}
    stand = standings(connection, look.target_id)
    matters = [
        replace(matter_of(condition, look.target_id, look.domain, config), vantage=_vantage(seen, condition))
        for condition in _remembered(conditions(stand, config.alerts.severity), known)
        if condition.family in look.covered
    ]
    waits = [
        follow(connection, config, matter, known.get(matter.fingerprint), seen.now, fresh=seen.fresh)
        for matter in matters
    ]
    look_again(connection, look.domain, seen.now, [wait for wait in waits if wait is not None])
    if not seen.fresh:  # a confirming look covers a part, and says nothing of how blind we are
        dark = blindness(stand, look.target_id, look.domain, seen.now, config)
        follow(connection, config, dark, known.get(dark.fingerprint), seen.now)


def _remembered(found: Sequence[Condition], known: Mapping[str, Incident]) -> Iterator[Condition]:
    """A fault that was gone at the last look that could tell, and that this look could not look for, is not
    gone once more: one clear look and one outage are no two clear looks.
    """
    for condition in found:
        before = known.get(condition.fingerprint)
        faults = (
            {(each.get("code"), each.get("subject")) for each in before.detail["faults"]} if before else ()
        )
        hidden = any(
            (member.code, member.subject) in faults and member.unknown_since is not None
            for member in condition.members
        )
        if condition.sighting is Sighting.CLEAR and hidden:
            yield replace(condition, sighting=Sighting.UNKNOWN)
        else:
            yield condition


def _vantage(seen: Seen, condition: Condition) -> str:
    listed = condition.kind is Kind.LISTING and condition.sighting is Sighting.FAULT
    return "two vantages" if seen.vantages > 1 and listed else ""


def matter_of(condition: Condition, target_id: int, domain: str, config: Config) -> Matter:
    """What the look says of one condition."""
    worst = condition.faults[0] if condition.faults else None
    return Matter(
        fingerprint=condition.fingerprint,
        kind=condition.kind.value,
        domain=domain,
        target_id=target_id,
        subject=worst.subject if worst else condition.subject,
        sighting=condition.sighting,
        policy=policy(condition.kind, config),
        code=worst.code if worst else "",
        severity=said(worst).severity if worst else Severity.HIGH,
        words=spoken(condition) if worst else None,
        cause=condition.fingerprint.rpartition("|")[2],
    )


def look_again(connection: Connection, domain: str, now: datetime, waits: list[timedelta]) -> None:
    """Plan one confirming look for all conditions of a domain that ask for one."""
    if waits:
        due = now + min(waits)
        if not slots.is_planned(connection, CONFIRM, domain, due):
            slots.plan(connection, CONFIRM, domain, due)


def unconfirmed(connection: Connection, target_id: int) -> frozenset[str]:
    """The code families that wait for a second look."""
    return frozenset(
        family_of(entry.code)
        for entry in incidents.alive(connection, target_id)
        if entry.state is not IncidentState.OPEN and entry.code
    )


def policy(kind: Kind, config: Config) -> Policy:
    looks = LISTING_LOOKS if kind is Kind.LISTING else config.alerts.record_looks
    return Policy(looks, config.alerts.clear_looks, config.alerts.confirm_after, fresh=True)
