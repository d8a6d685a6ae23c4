"""One condition's step: the machine moves, the row follows, the outbox hears of it; one transaction."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from data import alerts, incidents
from data.alerts import NoticeKind
from data.impact import campaigns_under_way, share_of_volume
from data.incidents import FIRING, Incident, IncidentState
from monitor.causes.blame import causes_of, effect_of
from monitor.causes.rules import Effect
from monitor.config import Config
from monitor.incidents.flapping import WINDOW, settled
from monitor.incidents.machine import Case, step
from monitor.incidents.matter import Matter
from monitor.incidents.notices import needs_notice
from monitor.incidents.quiet import kept_back
from monitor.incidents.telling import tell
from monitor.incidents.words import latest, look_line, notice

MONTH = timedelta(days=30)
TOLD_ONCE = frozenset({"list", "source"})
"""Kinds that nobody has to do anything about, or that end by themselves: not repeated while they last."""


def follow(
    connection: Connection,
    config: Config,
    matter: Matter,
    known: Incident | None,
    now: datetime,
    *,
    fresh: bool = True,
) -> timedelta | None:
    """Returns after how long it wants another look; None where it wants none."""
    before = None if known is None else case_of(known)
    policy = replace(matter.policy, flaps=_flaps(connection, matter, now) if before is None else 0)
    then = step(before, matter.sighting, now, fresh, settled(policy, before))
    if then.case is None:
        return None
    values = dict(_values(matter, known, then.case, now, fresh=fresh))
    if "opened_at" in values:
        values["detail"] |= _blamed(connection, matter, now)
    if known is None:
        incident_id = incidents.begin(connection, values)
    else:
        incident_id = known.id
        incidents.change(connection, incident_id, values)
    say(connection, config, incidents.get(connection, incident_id), matter.domain, now)
    return then.again_in


def _blamed(connection: Connection, matter: Matter, now: datetime) -> Mapping[str, Any]:
    """What happened before it, ranked: found out once, when it opens, and kept with it."""
    effect = effect_of(
        connection, matter.kind, matter.since or now, matter.code, matter.domain, matter.subject
    )
    return {**causes_of(connection, effect), "impact": _impact(connection, effect, now)}


def _impact(connection: Connection, effect: Effect, now: datetime) -> Mapping[str, Any]:
    """The campaigns under way that it touches, and its share of the last month's volume."""
    touched, total = share_of_volume(connection, now - MONTH, effect.domain, effect.provider)
    running = campaigns_under_way(connection, effect.domain)
    return {
        "domain": effect.domain,
        "provider": effect.provider,
        "campaigns": [f"{each.name} ({each.state})" for each in running],
        "messages": touched,
        "of": total,
    }


def say(connection: Connection, config: Config, incident: Incident, domain: str, now: datetime) -> None:
    """Put into the outbox what is to be told of it now, if anything."""
    firing = incident.state in FIRING
    last = alerts.last_notice(connection, incident.id)
    flapping = bool(incident.detail["case"].get("flapping"))
    kind = needs_notice(last, firing, now, config.alerts.repeat, flapping=flapping)
    if kind is NoticeKind.REPEATED and incident.kind in TOLD_ONCE:
        return
    if kind is None or kept_back(connection, config, incident, domain, kind, now):
        return
    payload = notice(incident, domain, kind, now)
    tell(connection, config, incident.id, kind, payload, now, last.told if last else 0)


def _flaps(connection: Connection, matter: Matter, now: datetime) -> int:
    """How often the same thing came and went lately."""
    return incidents.ended_since(connection, matter.fingerprint, now - WINDOW)


def _values(
    matter: Matter, known: Incident | None, case: Case, now: datetime, *, fresh: bool
) -> Mapping[str, Any]:
    detail: dict[str, Any] = dict(known.detail) if known else {"looks": []}
    if matter.words:
        detail |= asdict(matter.words)
    if matter.vantage:
        detail["vantage"] = matter.vantage
    line = look_line(now, matter.sighting, fresh=fresh)
    detail |= {"case": _case_json(case), "looks": latest([*detail["looks"], line]), "cause": matter.cause}
    values: dict[str, Any] = {"state": case.state.value, "detail": detail}
    if matter.words:
        values |= {"code": matter.code, "severity": matter.severity.value}
    if known is None:
        values |= _birth(matter, now)
    if case.state is IncidentState.OPEN and (known is None or known.opened_at is None):
        values["opened_at"] = now
    if case.state not in incidents.ALIVE:
        values["closed_at"] = now
    return values


def _birth(matter: Matter, now: datetime) -> Mapping[str, Any]:
    return {
        "fingerprint": matter.fingerprint,
        "kind": matter.kind,
        "target_id": matter.target_id,
        "subject": matter.subject,
        "code": matter.code,
        "severity": matter.severity.value,
        "first_seen": matter.since or now,
    }


def case_of(incident: Incident) -> Case:
    held = dict(incident.detail["case"])
    counted = datetime.fromisoformat(held.pop("counted_at"))
    clear = held.pop("clear_since", None)
    return Case(incident.state, counted, clear_since=datetime.fromisoformat(clear) if clear else None, **held)


def _case_json(case: Case) -> Mapping[str, Any]:
    return {
        "counted_at": case.counted_at.isoformat(),
        "clear_since": case.clear_since.isoformat() if case.clear_since else None,
        "faults": case.faults,
        "clears": case.clears,
        "unknowns": case.unknowns,
        "flaps": case.flaps,
        "flapping": case.flapping,
    }
