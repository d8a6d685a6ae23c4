"""The timeline: everything that happened and may matter to mail, on one axis."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from checks.records.model import Kind as RecordKind
from data import history, pulse
from data.panels.incidents import incidents_between
from data.panels.placement import placement_matrix
from monitor.changes import Changed, changed

BASE = timedelta(days=7)
"""How far back a usual volume is taken from."""
STEP, LEAST = 3.0, 200
"""A volume step: so many times the usual of an hour, and so many messages."""


class Kind(StrEnum):
    SPF = "spf-change"
    DKIM = "dkim-change"
    DMARC = "dmarc-change"
    PTR = "ptr-change"
    MX = "mx-change"
    CERTIFICATE = "certificate-change"
    RECORD = "record-change"
    LISTING = "listing"
    BREAKAGE = "breakage"
    """A record, or anything else that a look found broken."""
    SPIKE = "spike"
    """Bounces, complaints, blocks, deferrals: an incident of sending."""
    VOLUME = "volume-step"
    CAMPAIGN = "campaign"
    IMPORT = "import"
    PLACEMENT = "placement"


RECORDS: Mapping[RecordKind, Kind] = {
    RecordKind.SPF: Kind.SPF,
    RecordKind.DKIM: Kind.DKIM,
    RecordKind.DMARC: Kind.DMARC,
    RecordKind.PTR: Kind.PTR,
    RecordKind.MX: Kind.MX,
    RecordKind.CERTIFICATE: Kind.CERTIFICATE,
}
SPIKES = frozenset({"bounces", "complaints", "blocks", "deferrals", "authentication"})


@dataclass(frozen=True, slots=True)
class Happening:
    """`domain` and `provider` are "" where it concerns all of them. `since`: between then and `at` it
    happened, where that is all that is known.
    """

    kind: Kind
    at: datetime
    subject: str
    sentence: str
    domain: str = ""
    provider: str = ""
    since: datetime | None = None
    incident: int | None = None


def timeline(
    connection: Connection, since: datetime, until: datetime, domain: str | None = None
) -> Sequence[Happening]:
    """The newest first. With a domain: what concerns it, and what concerns all."""
    found = [
        *_records(connection, since, until, domain),
        *_incidents(connection, since, until, domain),
        *_mailings(connection, since, until),
        *_volume(connection, since, until),
        *_placement(connection, since, until, domain),
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _records(
    connection: Connection, since: datetime, until: datetime, domain: str | None
) -> Iterator[Happening]:
    for change in changed(history.turns(connection, since, until, domain)):
        yield _record(change)


def _record(change: Changed) -> Happening:
    kind = RECORDS.get(change.kind, Kind.RECORD)
    return Happening(kind, change.at, change.subject, change.summary, change.domain, since=change.until)


def _incidents(
    connection: Connection, since: datetime, until: datetime, domain: str | None
) -> Iterator[Happening]:
    for each in incidents_between(connection, since, until):
        if each.opened_at is None or each.opened_at < since:
            continue
        if domain is not None and each.domain not in ("", domain):
            continue
        kind = (
            Kind.LISTING if each.kind == "listing" else Kind.SPIKE if each.kind in SPIKES else Kind.BREAKAGE
        )
        provider = each.subject if kind is Kind.SPIKE else ""
        sentence = str(each.detail.get("sentence", each.code))
        began = each.first_seen
        yield Happening(kind, began, each.subject, sentence, each.domain, provider, incident=each.id)


def _mailings(connection: Connection, since: datetime, until: datetime) -> Iterator[Happening]:
    for each in pulse.campaigns_begun(connection, since, until):
        yield Happening(Kind.CAMPAIGN, each.at, each.name, f"the campaign began, {each.size:,} recipients")
    for each in pulse.imports_done(connection, since, until):
        yield Happening(Kind.IMPORT, each.at, each.name, f"{each.size:,} rows were brought in")


def _volume(connection: Connection, since: datetime, until: datetime) -> Iterator[Happening]:
    """Hours with far more mail to a provider than the hours with mail in the week before."""
    for provider, hours in pulse.volume_by_hour(connection, since - BASE).items():
        for hour in sorted(hours):
            before = [count for at, count in hours.items() if hour - BASE <= at < hour]
            usual = sum(before) / len(before) if before else 0.0
            if since <= hour < until and hours[hour] >= LEAST and hours[hour] > STEP * usual:
                times = (
                    f", {hours[hour] / usual:.0f} times the usual" if usual else ", none in the week before"
                )
                sentence = f"{hours[hour]:,} messages in an hour{times}"
                yield Happening(Kind.VOLUME, hour, provider, sentence, provider=provider)


def _placement(
    connection: Connection, since: datetime, until: datetime, domain: str | None
) -> Iterator[Happening]:
    matrix = placement_matrix(connection, since, until, domain)
    for test in matrix.tests:
        cells = [cell for cell in matrix.cells if cell.test_id == test.id]
        spam = sum(cell.verdict == "spam" for cell in cells)
        told = sum(cell.verdict in ("inbox", "tab", "spam", "missing") for cell in cells)
        if spam:
            sentence = f"{spam} of {told} seeds found it in spam"
            yield Happening(Kind.PLACEMENT, test.started_at, f"test {test.id}", sentence, test.domain)
