"""A blocklist that lies is put in quarantine: told once, not believed, and back after a day in good
health. Pure but for `track_lists`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.blocklists.findings import UNTESTED
from checks.model import Finding, Report, Severity, State
from data import incidents
from data.incidents import FIRING
from monitor.config import Config
from monitor.incidents.follow import follow
from monitor.incidents.machine import Policy, Sighting
from monitor.incidents.matter import Matter, Words

KIND = "list"
PROBATION = timedelta(hours=24)
POLICY = Policy(looks=1, clear_looks=2, apart=timedelta(), fresh=False, keep_firing=PROBATION)
WITHHELD = "the list is in quarantine: it failed its own test entries within the last day"


def quarantined(connection: Connection) -> frozenset[str]:
    """The zones that are not believed now."""
    alive = incidents.alive_of_kind(connection, KIND)
    return frozenset(each.subject for each in alive if each.state in FIRING)


def withheld(report: Report, zones: Collection[str]) -> Report:
    """The report without a word of those lists: neither a listing nor an all-clear."""
    return replace(report, findings=tuple(_withheld(finding, zones) for finding in report.findings))


def _withheld(finding: Finding, zones: Collection[str]) -> Finding:
    believed = finding.args.get("zone") not in zones or not finding.state.conclusive
    if believed or finding.state is State.NOT_APPLICABLE:
        return finding
    return replace(finding, state=State.UNKNOWN, args={**finding.args, "why": WITHHELD})


def track_lists(connection: Connection, config: Config, report: Report, now: datetime) -> None:
    """Open, keep or end the quarantine of each list that the look put to the test."""
    known = {each.subject: each for each in incidents.alive_of_kind(connection, KIND)}
    for matter in _matters(report.findings):
        if matter.sighting is Sighting.FAULT or matter.subject in known:
            follow(connection, config, matter, known.get(matter.subject), now)


def _matters(findings: Iterable[Finding]) -> Iterator[Matter]:
    for finding in findings:
        if finding.code == UNTESTED:
            broken = finding.state is State.UNKNOWN
            yield Matter(
                fingerprint=f"{KIND}|{finding.subject}",
                kind=KIND,
                domain="",
                target_id=None,
                subject=finding.subject,
                sighting=Sighting.FAULT if broken else Sighting.CLEAR,
                policy=POLICY,
                code=finding.code,
                severity=Severity.LOW,
                words=_words(finding) if broken else None,
                cause="lists",
            )


def _words(finding: Finding) -> Words:
    name = str(finding.args.get("list", finding.subject))
    return Words(
        title="List in quarantine",
        sentence=(
            f"{name} ({finding.subject}) fails its own test entries: {finding.args.get('why', '')}. "
            "Whatever it says is not believed until it has been well for a day."
        ),
        fix="Nothing to do. If it stays so, switch it off: enabled = false in its [[blocklists]] entry.",
        over=f"{name} ({finding.subject}) has been well for a day and is believed again.",
    )
