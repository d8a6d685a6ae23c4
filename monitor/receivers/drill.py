"""From a domain to its sources, to a source's addresses, to who reported an address."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from checks.reports.grouped import Sender, grouped
from checks.reports.senders import Named, named
from checks.reports.sources import Source, sources
from data import reports
from data.sources import Known, Reported, known_sources, reporters_of


@dataclass(frozen=True, slots=True)
class Step:
    """One step, for programs and for people."""

    document: Mapping[str, Any]
    lines: Sequence[str]


def name_of(address: str, known: Mapping[str, Known]) -> Named:
    found = known.get(address)
    return named(address, found.proved if found else "", found.reverse if found else None)


def senders(connection: Connection, domain: str, since: datetime) -> Sequence[Sender]:
    """Who sends in a domain's name, the largest first."""
    known = known_sources(connection, domain)
    return grouped(
        sources(reports.rows_since(connection, domain, since)), lambda address: name_of(address, known)
    )


def drill(connection: Connection, domain: str, which: str, since: datetime) -> Step | None:
    """`which`: "" for the sources, a source's name, or an address. None: there is no such thing."""
    if which and (seen := reporters_of(connection, domain, which, since)):
        return Step({"address": which, "reporters": [asdict(each) for each in seen]}, list(map(_told, seen)))
    found = senders(connection, domain, since)
    if not which:
        return Step({"sources": [_sender(each) for each in found]}, list(map(_line, found)))
    for each in found:
        if each.name.lower() == which.lower():
            addresses = [asdict(source) for source in each.sources]
            return Step({**_sender(each), "sources": addresses}, [_line(each), *map(_address, each.sources)])
    return None


def _sender(each: Sender) -> dict[str, Any]:
    return {
        "name": each.name,
        "basis": each.basis.value,
        "standing": each.standing.value,
        "messages": each.messages,
        "stopped_by_reject": each.stopped,
        "addresses": list(each.addresses),
    }


def _line(each: Sender) -> str:
    count = len(each.addresses)
    return (
        f"{each.name} ({each.basis.value}): {each.messages:,} messages from {count:,} "
        f"address{'es' if count != 1 else ''}, {each.standing.value}, {each.stopped:,} fail DMARC"
    )


def _address(each: Source) -> str:
    names = ", ".join(each.names) or "nobody"
    return (
        f"  {each.address}: {each.messages:,} {each.standing.value}, proves to be {names}, "
        f"{each.first:%Y-%m-%d} to {each.last:%Y-%m-%d}"
    )


def _told(each: Reported) -> str:
    return (
        f"{each.reporter}: {each.messages:,} messages, {each.passing:,} pass DMARC, "
        f"{each.begin:%Y-%m-%d} to {each.end:%Y-%m-%d}"
    )
