"""A source that begins to send in a domain's name and does not pass DMARC: a forgotten server, a service that
somebody signed up for, or a forger. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from checks.model import Severity
from checks.reports import Row
from checks.reports.senders import named
from checks.reports.sources import Standing, standing
from data.sources import Known
from monitor.incidents.matter import Matter, Words
from monitor.receivers.matters import fault, line

KIND = "source"
NEW = timedelta(days=14)
"""How long a source is new. Reports come a day late and more."""
SETTLED = timedelta(days=14)
"""A domain whose reports began later than this before knows no source yet: all would be new."""
LEAST = 20
"""Messages below which it may be one person's forwarder."""
MOST_NAMED = 8
UNPROVEN = "senders that prove nothing"


@dataclass(slots=True)
class Source:
    """What one name sent within the span that is looked at, of what does not pass."""

    name: str
    messages: int = 0
    delivered: int = 0
    """Of them, those that the receiver did not reject."""
    addresses: set[str] = field(default_factory=set)


def strangers(
    domain: str,
    rows: Iterable[Row],
    known: Mapping[str, Known],
    begun: datetime | None,
    now: datetime,
) -> Iterator[Matter]:
    """One for each new name that proves to be somebody, one for all that prove nothing.

    `rows`: of the reports of the last `NEW`; `known`: every address that was ever reported; `begun`: when the
    domain's reports begin.
    """
    first = _first_seen(known)
    if begun is None:
        return
    grown: dict[tuple[Standing, str], Source] = {}
    for row in rows:
        kind = standing(row)
        name = _name(row.source_ip, known)
        since = first.get(name, now)
        if kind in (Standing.NOT_COMPLIANT, Standing.THREAT) and max(now - NEW, begun + SETTLED) <= since:
            _add(grown.setdefault((kind, name), Source(name)), row)
    for (kind, name), source in grown.items():
        if kind is Standing.NOT_COMPLIANT and source.messages >= LEAST:
            yield _service(domain, source, first[name])
    forgers = [source for (kind, _), source in grown.items() if kind is Standing.THREAT]
    if sum(source.messages for source in forgers) >= LEAST:
        yield _forgers(domain, forgers, min(first[source.name] for source in forgers))


def _name(address: str, known: Mapping[str, Known]) -> str:
    found = known.get(address)
    return named(address, found.proved if found else "", found.reverse if found else None).name


def _first_seen(known: Mapping[str, Known]) -> Mapping[str, datetime]:
    first: dict[str, datetime] = {}
    for address, entry in known.items():
        name = _name(address, known)
        first[name] = min(first.get(name, entry.first), entry.first)
    return first


def _add(source: Source, row: Row) -> None:
    source.messages += row.count
    source.delivered += row.count if row.disposition != "reject" else 0
    source.addresses.add(row.source_ip)


def _service(domain: str, source: Source, since: datetime) -> Matter:
    words = Words(
        title="New source",
        sentence=(
            f"{source.name} sends in the name of {domain} since {since:%Y-%m-%d}: "
            f"{source.messages:,} messages from {_addresses(source)} that do not pass DMARC. "
            f"It proves who it is, but not as {domain}."
        ),
        fix=f"If it is yours, let it sign as {domain} or use a return path below it; if nobody knows it, "
        f'homing report source {domain} "{source.name}" says who saw it.',
        over=f"{source.name} is no longer new.",
        faults=[line(source.name, f"{source.messages:,} messages from {_addresses(source)}")],
        facts={"source": source.name, "messages": source.messages, "delivered": source.delivered},
    )
    return fault(KIND, domain, source.name, Severity.HIGH, words, since=since)


def _forgers(domain: str, sources: Sequence[Source], since: datetime) -> Matter:
    """Severe while receivers deliver it."""
    messages = sum(source.messages for source in sources)
    delivered = sum(source.delivered for source in sources)
    largest = sorted(sources, key=lambda each: (-each.messages, each.name))
    words = Words(
        title="Forged mail",
        sentence=(
            f"{messages:,} messages in the name of {domain} came from {len(sources)} new sources that prove "
            f"nothing since {since:%Y-%m-%d}; {delivered:,} of them were not rejected."
        ),
        fix=f"If none of them is a server of yours, it is forged: homing report show {domain} says whether "
        "p=reject would stop more than that.",
        over="No new source of this kind within two weeks.",
        faults=[
            line(each.name, f"{each.messages:,} messages from {_addresses(each)}")
            for each in largest[:MOST_NAMED]
        ],
        facts={"sources": len(sources), "messages": messages, "delivered": delivered},
    )
    severity = Severity.HIGH if delivered else Severity.MEDIUM
    return fault(KIND, domain, UNPROVEN, severity, words, since=since)


def _addresses(source: Source) -> str:
    first, *others = sorted(source.addresses)
    return f"{first} and {len(others)} more" if others else first
