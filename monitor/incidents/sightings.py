"""From standings to conditions: what belongs to one incident, and what the latest look says about it.

One listing by one operator is one incident, however many of the operator's zones say so; the faults of one
record are one incident, however many rules it breaks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.blocklists.table import family_of as operator_of
from checks.model import Severity, State
from data.standings import Observed, Standing
from monitor.incidents.machine import Sighting


class Kind(StrEnum):
    LISTING = "listing"
    RECORD = "record"


KINDS: Mapping[str, Kind] = {"BL": Kind.LISTING}
"""Code family -> kind of incident; every other family is about a record."""

SILENT_FAMILIES = frozenset({"BUG"})
"""Our own faults are for the log, not for whoever is on call for mail."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What one incident is, or would be, about. `faults` are the standings that speak for it, worst first."""

    kind: Kind
    fingerprint: str
    family: str
    subject: str
    members: Sequence[Standing]
    sighting: Sighting
    faults: Sequence[Standing]


def conditions(standings: Iterable[Standing], worth: Severity) -> Sequence[Condition]:
    """Group a target's standings; a fault counts from severity `worth` up."""
    groups: dict[tuple[Kind, str, str], list[Standing]] = {}
    for standing in standings:
        if family_of(standing.code) not in SILENT_FAMILIES:
            groups.setdefault(_key(standing), []).append(standing)
    return [_condition(key, members, worth) for key, members in groups.items()]


def family_of(code: str) -> str:
    return code.rpartition("-")[0]


def _key(standing: Standing) -> tuple[Kind, str, str]:
    """(kind, object, cause): the operator of a list, the family of a record."""
    family = family_of(standing.code)
    kind = KINDS.get(family, Kind.RECORD)
    if kind is Kind.RECORD:
        return kind, standing.subject, family
    subject, _, zone = standing.subject.partition(" @ ")
    return kind, subject, operator_of(zone)


def _condition(key: tuple[Kind, str, str], members: Sequence[Standing], worth: Severity) -> Condition:
    kind, subject, cause = key
    faults = [standing for standing in members if _speaks(standing, worth)]
    faults.sort(key=lambda standing: said(standing).severity.rank)
    return Condition(
        kind=kind,
        fingerprint=f"{kind}|{members[0].domain}|{subject}|{cause}",
        family=family_of(members[0].code),
        subject=subject,
        members=members,
        sighting=_sighting(faults),
        faults=faults,
    )


def _speaks(standing: Standing, worth: Severity) -> bool:
    """Whether the latest answer that could tell was a fault worth telling."""
    last = standing.conclusive
    return last is not None and last.state is State.FAIL and last.severity.at_least(worth)


def _sighting(faults: Sequence[Standing]) -> Sighting:
    """A fault that this look could not see again is unknown: neither there nor gone."""
    if any(standing.unknown_since is None for standing in faults):
        return Sighting.FAULT
    return Sighting.UNKNOWN if faults else Sighting.CLEAR


def said(standing: Standing) -> Observed:
    """What a standing that speaks for a condition last said for certain."""
    assert standing.conclusive is not None
    return standing.conclusive
