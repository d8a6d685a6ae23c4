"""From the spool into the store: hits become events, and what people decided is carried out.

A file is stored under keys made of its name and line numbers and removed afterwards, so that a crash in
between stores nothing twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from data.campaigns import links_of
from data.events import Kind, NewEvent, Whose, record, whose
from data.store import Store
from sender.audience.leave import come_back, confirm, leave
from sender.web.hits import Hit, Line, decode
from sender.web.spool import free_files

AT_ONCE = 500
TOO_FAST = timedelta(seconds=5)
"""A click this soon after the receiver took the message is a gateway's."""

BURST_LINKS, BURST_SPAN = 3, timedelta(seconds=2)
BURST = "3 links of one message within 2 s"

Keyed = tuple[str, Line]


def drain(store: Store, folder: Path) -> int:
    """Store every file that is free; returns how many hits there were."""
    stored = 0
    for path, file in free_files(folder):
        lines = ((f"{path.stem}:{number}", decode(raw)) for number, raw in enumerate(file))
        hits = ((key, line) for key, line in lines if line is not None)
        while chunk := list(islice(hits, AT_ONCE)):
            with store.write() as connection:
                store_hits(connection, chunk)
            stored += len(chunk)
        path.unlink()
    return stored


def store_hits(connection: Connection, hits: Sequence[Keyed]) -> None:
    """One transaction's worth; doing it twice changes nothing."""
    events: list[NewEvent] = []
    seen = [(key, line) for key, line in hits if line.hit in (Hit.OPEN, Hit.CLICK)]
    people = whose(connection, [_recipient(line) for _, line in seen])
    links = _links(connection, (_campaign(line, people) for _, line in seen if line.hit is Hit.CLICK))
    rushed = in_a_burst(seen)
    for key, line in seen:
        told = replace(line, machine=True, evidence=BURST) if key in rushed and not line.machine else line
        events.append(_seen(key, told, people.get(_recipient(line)), links))
    for key, line in hits:
        if line.hit not in (Hit.OPEN, Hit.CLICK):
            events += _decided(connection, key, line)
    record(connection, events)


def in_a_burst(seen: Sequence[Keyed]) -> set[str]:
    """The clicks of one recipient on several links at once: a gateway walks through them, no person does."""
    clicks: dict[int, list[Keyed]] = {}
    for key, line in seen:
        if line.hit is Hit.CLICK and _recipient(line):
            clicks.setdefault(_recipient(line), []).append((key, line))
    found: set[str] = set()
    for theirs in clicks.values():
        several = len({line.position for _, line in theirs}) >= BURST_LINKS
        for _, first in theirs if several else ():
            near = [each for each in theirs if timedelta(0) <= each[1].at - first.at <= BURST_SPAN]
            if len({line.position for _, line in near}) >= BURST_LINKS:
                found |= {key for key, _ in near}
    return found


def _recipient(line: Line) -> int:
    """The numbers of a token are (campaign,) or (campaign, recipient)."""
    return line.numbers[1] if len(line.numbers) > 1 else 0


def _campaign(line: Line, people: Mapping[int, Whose]) -> int:
    who = people.get(_recipient(line))
    return who.campaign_id if who else line.numbers[0]


def _links(connection: Connection, campaigns: Iterable[int]) -> Mapping[tuple[int, int], int]:
    return {
        (campaign, position): link_id
        for campaign in set(campaigns)
        for position, (link_id, _) in enumerate(links_of(connection, campaign))
    }


def _seen(key: str, line: Line, who: Whose | None, links: Mapping[tuple[int, int], int]) -> NewEvent:
    campaign = who.campaign_id if who else line.numbers[0]
    machine, evidence = line.machine, line.evidence
    if who and not machine and line.hit is Hit.CLICK and _too_fast(line, who):
        machine, evidence = True, "click within 5 s of delivery"
    return NewEvent(
        kind=Kind.OPEN if line.hit is Hit.OPEN else Kind.CLICK,
        at=line.at,
        key=f"hit:{key}",
        campaign_id=campaign,
        recipient_id=who.recipient_id if who else None,
        contact_id=who.contact_id if who else None,
        link_id=links.get((campaign, line.position)) if line.hit is Hit.CLICK else None,
        provider=who.provider if who else "",
        machine=machine,
        evidence=evidence,
        detail=_detail(line),
    )


def _too_fast(line: Line, who: Whose) -> bool:
    return who.settled_at is not None and line.at - who.settled_at < TOO_FAST


def _detail(line: Line) -> dict[str, str]:
    given = {"client": line.client, "agent": line.agent, "method": line.method}
    return {name: value for name, value in given.items() if value}


def _decided(connection: Connection, key: str, line: Line) -> list[NewEvent]:
    """Unsubscribing, undoing it, confirming: the numbers are (contact, list, recipient or 0)."""
    contact_id, list_id, recipient_id = (*line.numbers, 0)[:3]
    who = whose(connection, [recipient_id]).get(recipient_id)
    match line.hit:
        case Hit.UNSUBSCRIBE:
            kind = Kind.UNSUBSCRIBE
            changed = leave(connection, contact_id, list_id, line.method, line.at, ip=line.client)
        case Hit.RESUBSCRIBE:
            kind = Kind.SUBSCRIBE
            changed = come_back(connection, contact_id, list_id, line.at, ip=line.client)
        case _:
            kind = Kind.CONFIRM
            changed = confirm(connection, contact_id, list_id, line.at, ip=line.client)
    if not changed:
        return []
    return [
        NewEvent(
            kind=kind,
            at=line.at,
            key=f"hit:{key}",
            campaign_id=who.campaign_id if who else None,
            recipient_id=who.recipient_id if who else None,
            contact_id=contact_id,
            provider=who.provider if who else "",
            detail=_detail(line) | {"list": str(list_id)},
        )
    ]
