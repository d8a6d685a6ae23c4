"""What an incident says of itself: kept with it, so that a notice tells what was known at the time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from checks import wording
from checks.model import Finding
from data.alerts import NoticeKind
from data.incidents import Incident
from data.standings import Standing
from monitor.incidents.sightings import Condition, Kind, said

MOST_EVIDENCE = 10


def spoken(condition: Condition) -> Mapping[str, Any]:
    """The worst fault's words and evidence, and one line for each fault."""
    worst = condition.faults[0]
    finding = _finding(worst)
    return {
        "title": wording.title(worst.code),
        "sentence": wording.sentence(finding),
        "fix": wording.fix(finding),
        "faults": [
            {"code": fault.code, "subject": fault.subject, "sentence": wording.sentence(_finding(fault))}
            for fault in condition.faults
        ],
        "evidence": [piece for fault in condition.faults for piece in said(fault).evidence][:MOST_EVIDENCE],
    }


def _finding(standing: Standing) -> Finding:
    last = said(standing)
    return Finding(standing.code, last.state, standing.subject, last.args)


def notice(incident: Incident, domain: str, kind: NoticeKind, now: datetime) -> Mapping[str, Any]:
    """The payload of a notice: what, since when, evidence, what to do. JSON, and stable in its names."""
    detail = incident.detail
    return {
        "type": f"incident.{kind}",
        "incident": incident.id,
        "kind": incident.kind,
        "domain": domain,
        "subject": incident.subject,
        "code": incident.code,
        "severity": incident.severity.value,
        "title": detail["title"],
        "text": _text(incident, kind, now),
        "since": incident.first_seen.isoformat(),
        "at": now.isoformat(),
        "evidence": detail["evidence"],
        "faults": detail["faults"],
        "fix": "" if kind is NoticeKind.RECOVERED else detail["fix"],
        "vantage": "one vantage" if incident.kind == Kind.LISTING else "",
    }


def _text(incident: Incident, kind: NoticeKind, now: datetime) -> str:
    if kind is NoticeKind.RECOVERED:
        lasted = readable(now - incident.first_seen)
        return f"Over after {lasted}: {incident.detail['title']}, {incident.subject}."
    sentence = incident.detail["sentence"]
    more = len(incident.detail["faults"]) - 1
    also = f" And {more} more." if more else ""
    again = "Still so: " if kind is NoticeKind.REPEATED else ""
    return f"{again}{sentence}{also} Since {incident.first_seen:%Y-%m-%d %H:%M} UTC."


def readable(length: timedelta) -> str:
    """ "3 days", "5 h", "12 min", "40 s": the largest unit that says enough."""
    seconds = int(length.total_seconds())
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def look_line(at: datetime, sighting: str, *, fresh: bool) -> Mapping[str, Any]:
    return {"at": at.isoformat(), "saw": sighting, "fresh": fresh}


def latest(looks: Sequence[Mapping[str, Any]], limit: int = 20) -> list[Mapping[str, Any]]:
    """The first look and the last ones: how it began is never forgotten."""
    return list(looks) if len(looks) <= limit else [looks[0], *looks[-limit + 1 :]]
