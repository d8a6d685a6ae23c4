"""Carry a look's result into incidents, the outbox and the next look: one transaction, or nothing of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from checks.model import Severity
from data import alerts, incidents, slots
from data.incidents import FIRING, Incident, IncidentState
from data.observations import Look
from data.standings import standings
from monitor.config import Config
from monitor.incidents.machine import Case, Policy, step
from monitor.incidents.notices import needs_notice
from monitor.incidents.quiet import kept_back
from monitor.incidents.sightings import Condition, Kind, conditions, family_of, said
from monitor.incidents.telling import tell
from monitor.incidents.words import latest, look_line, notice, spoken

CONFIRM = "confirm"
"""The kind of slot that looks again, uncached, only at what waits for a second look."""
LISTING_LOOKS = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """The look at hand: whose, when, and whether it went to the wire."""

    look: Look
    fresh: bool
    config: Config

    @property
    def now(self) -> datetime:
        return self.look.now


def track(connection: Connection, seen: Seen) -> None:
    """Judge every condition that the look covers. Runs in the transaction that saved the look."""
    known = {entry.fingerprint: entry for entry in incidents.alive(connection, seen.look.target_id)}
    found = conditions(standings(connection, seen.look.target_id), seen.config.alerts.severity)
    waits = [
        _follow(connection, seen, condition, known.get(condition.fingerprint))
        for condition in found
        if condition.family in seen.look.covered
    ]
    look_again(connection, seen.look.domain, seen.now, [wait for wait in waits if wait is not None])


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
        if entry.state is not IncidentState.OPEN
    )


def policy(kind: Kind, config: Config) -> Policy:
    looks = LISTING_LOOKS if kind is Kind.LISTING else config.alerts.record_looks
    return Policy(looks, config.alerts.clear_looks, config.alerts.confirm_after, fresh=True)


def _follow(
    connection: Connection, seen: Seen, condition: Condition, known: Incident | None
) -> timedelta | None:
    """One condition's step; returns after how long it wants another look."""
    before = None if known is None else _case(known)
    then = step(before, condition.sighting, seen.now, seen.fresh, policy(condition.kind, seen.config))
    if then.case is None:
        return None
    values = _values(seen, condition, known, then.case)
    if known is None:
        incident_id = incidents.begin(connection, values)
    else:
        incident_id = known.id
        incidents.change(connection, incident_id, values)
    _tell(connection, seen, incidents.get(connection, incident_id))
    return then.again_in


def _values(seen: Seen, condition: Condition, known: Incident | None, case: Case) -> Mapping[str, Any]:
    detail = dict(known.detail) if known else {"looks": []}
    if condition.faults:
        detail |= spoken(condition)
    line = look_line(seen.now, condition.sighting, fresh=seen.fresh)
    detail |= {"case": _case_json(case), "looks": latest([*detail["looks"], line])}
    values: dict[str, Any] = {"state": case.state.value, "detail": detail}
    if condition.faults:
        worst = condition.faults[0]
        values |= {"code": worst.code, "severity": said(worst).severity.value}
    if known is None:
        values |= _birth(seen, condition)
    if case.state is IncidentState.OPEN and (known is None or known.opened_at is None):
        values["opened_at"] = seen.now
    if case.state not in incidents.ALIVE:
        values["closed_at"] = seen.now
    return values


def _birth(seen: Seen, condition: Condition) -> Mapping[str, Any]:
    worst: Severity = said(condition.faults[0]).severity
    return {
        "fingerprint": condition.fingerprint,
        "kind": condition.kind.value,
        "target_id": seen.look.target_id,
        "subject": _subject(condition),
        "severity": worst.value,
        "first_seen": seen.now,
    }


def _subject(condition: Condition) -> str:
    """The worst fault's own subject: "192.0.2.25 @ zen.spamhaus.org" says more than the address."""
    return condition.faults[0].subject


def _tell(connection: Connection, seen: Seen, incident: Incident) -> None:
    firing = incident.state in FIRING
    last = alerts.last_notice(connection, incident.id)
    kind = needs_notice(last, firing, seen.now, seen.config.alerts.repeat)
    if kind is None or kept_back(connection, incident, seen.look.domain, kind, seen.now):
        return
    payload = notice(incident, seen.look.domain, kind, seen.now)
    tell(connection, seen.config, incident.id, kind, payload, seen.now, last.told if last else 0)


def _case(incident: Incident) -> Case:
    held = incident.detail["case"]
    counted = datetime.fromisoformat(held["counted_at"])
    return Case(incident.state, counted, held["faults"], held["clears"], held["unknowns"])


def _case_json(case: Case) -> Mapping[str, Any]:
    return {
        "counted_at": case.counted_at.isoformat(),
        "faults": case.faults,
        "clears": case.clears,
        "unknowns": case.unknowns,
    }
