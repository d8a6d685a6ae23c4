"""Whether a notice is to be kept back: it is silenced, in maintenance, the effect of another, or taken on."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Protocol

from sqlalchemy import Connection

from checks.model import Severity
from data.alerts import NoticeKind
from data.incidents import Incident, alive_kinds
from data.silences import Acknowledgement, Silence, acknowledged, silences
from monitor.config import Config
from monitor.incidents.inhibition import inhibited
from monitor.incidents.windows import open_windows

MATCHED = ("domain", "code", "subject", "kind", "severity")
"""What of an incident a silence can name."""


def kept_back(
    connection: Connection,
    config: Config,
    incident: Incident,
    domain: str,
    kind: NoticeKind,
    now: datetime,
) -> bool:
    """A recovery is never kept back: it is told where the beginning arrived, and nowhere else."""
    if kind is NoticeKind.RECOVERED:
        return False
    about = fields(incident, domain)
    if silenced(about, silences(connection, now), now):
        return True
    if any(matches(window, about) for window in open_windows(config.maintenance, now)):
        return True
    if inhibited(incident, alive_kinds(connection)):
        return True
    return kind is NoticeKind.REPEATED and taken_on(acknowledged(connection, incident.id), now)


class Judged(Protocol):
    """What of an incident silences are held against, whichever query it comes from."""

    @property
    def code(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def severity(self) -> Severity: ...


def fields(incident: Judged, domain: str) -> Mapping[str, str]:
    return {
        "domain": domain,
        "code": incident.code,
        "subject": incident.subject,
        "kind": incident.kind,
        "severity": incident.severity.value,
    }


def silenced(of: Mapping[str, str], among: Iterable[Silence], now: datetime) -> bool:
    return any(each.begins_at <= now < each.ends_at and matches(each.matchers, of) for each in among)


def matches(matchers: Mapping[str, str], of: Mapping[str, str]) -> bool:
    """All patterns fit; no pattern at all fits nothing, so that nobody silences everything unawares."""
    fitting = (fnmatchcase(of.get(name, "").lower(), pattern.lower()) for name, pattern in matchers.items())
    return bool(matchers) and all(fitting)


def taken_on(by: Acknowledgement | None, now: datetime) -> bool:
    return by is not None and now < by.until
