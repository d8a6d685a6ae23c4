"""What an incident says of itself: kept with it, so that a notice tells what was known at the time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from checks import wording
from checks.model import Finding
from data.alerts import NoticeKind
from data.incidents import Incident
from data.standings import Standing
from monitor.incidents.matter import Words
from monitor.incidents.sightings import Condition, Kind, said

MOST_EVIDENCE = 10


def spoken(condition: Condition) -> Words:
    """The worst fault's words and evidence, and one line for each fault."""
    worst = condition.faults[0]
    finding = _finding(worst)
    return Words(
        title=wording.title(worst.code),
        sentence=wording.sentence(finding),
        fix=wording.fix(finding),
        faults=[
            {"code": fault.code, "subject": fault.subject, "sentence": wording.sentence(_finding(fault))}
            for fault in condition.faults
        ],
        evidence=[piece for fault in condition.faults for piece in said(fault).evidence][:MOST_EVIDENCE],
    )


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
        "cause": detail.get("cause", ""),
        "severity": incident.severity.value,
        "title": detail["title"],
        "text": _text(incident, kind, now),
        "since": incident.first_seen.isoformat(),
        "at": now.isoformat(),
        "evidence": detail["evidence"],
        "faults": detail["faults"],
        "fix": "" if kind is NoticeKind.RECOVERED else detail["fix"],
        "vantage": _vantage(incident),
        "causes": detail.get("causes", []),
        "ruled_out": detail.get("ruled_out", []),
        "impact": detail.get("impact", {}),
        "runbook": runbook(incident.kind, incident.code),
        "facts": detail.get("facts", {}),
    }


def runbook(kind: str, code: str) -> str:
    """The page that says what to do about such an incident."""
    page = f"checks/{code.rpartition('-')[0].lower()}.md" if code and kind in ("record", "listing") else ""
    return f"docs/{page or f'runbooks.md#{kind}'}"


def _text(incident: Incident, kind: NoticeKind, now: datetime) -> str:
    if kind is NoticeKind.RECOVERED:
        if over := incident.detail.get("over"):
            return str(over)
        lasted = readable(now - incident.first_seen)
        return f"Over after {lasted}: {incident.detail['title']}, {incident.subject}."
    sentence = incident.detail["sentence"]
    more = len(incident.detail["faults"]) - 1
    also = f" And {more} more." if more > 0 else ""
    since = "" if " since " in sentence else f" Since {incident.first_seen:%Y-%m-%d %H:%M} UTC."
    again = "Still so: " if kind is NoticeKind.REPEATED else ""
    return f"{again}{sentence}{also}{_comes_and_goes(incident)}{since}"


def _comes_and_goes(incident: Incident) -> str:
    case = incident.detail["case"]
    if not case.get("flapping"):
        return ""
    return f" It comes and goes ({case['flaps']} times within a day), and is told at most twice a day."


def _vantage(incident: Incident) -> str:
    if incident.kind != Kind.LISTING:
        return ""
    return str(incident.detail.get("vantage", "one vantage"))


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
