"""From the spool into the store: hits become events, and what people decided is carried out.

A file is stored under keys made of its name and line numbers and removed afterwards, so that a crash in
between stores nothing twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from data.campaigns import links_of
from data.events import Kind, NewEvent, Whose, call_machines, clicks_since, record, whose
from data.store import Store
from sender.audience.hygiene.names import FREE
from sender.audience.leave import come_back, confirm, leave
from sender.web.hits import Hit, Line, decode
from sender.web.spool import free_files
from sender.web.together import LONGEST, Click, machines, network_of

AT_ONCE = 500
TOO_FAST = timedelta(seconds=5)
"""A click this soon after the receiver took the message is a gateway's."""

MOST_EARLIER = 2_000

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
    clicks = _clicks(seen, people, links)
    earlier = _earlier(connection, clicks, people)
    gateways = machines([*earlier, *clicks])
    for key, line in seen:
        evidence = gateways.get(f"hit:{key}", "")
        told = replace(line, machine=True, evidence=evidence) if evidence and not line.machine else line
        events.append(_seen(key, told, people.get(_recipient(line)), links))
    call_machines(
        connection, {c.key: gateways[c.key] for c in earlier if c.key in gateways and not c.machine}
    )
    for key, line in hits:
        if line.hit not in (Hit.OPEN, Hit.CLICK):
            events += _decided(connection, key, line)
    record(connection, events)


def _clicks(
    seen: Sequence[Keyed], people: Mapping[int, Whose], links: Mapping[tuple[int, int], int]
) -> list[Click]:
    """The clicks of known people, as `together` judges them."""
    many = Counter(campaign for campaign, _ in links)
    return [
        Click(
            key=f"hit:{key}",
            at=line.at,
            recipient=who.recipient_id,
            position=links.get((who.campaign_id, line.position), 0),
            links=many[who.campaign_id],
            company=_company(who.address),
            network=network_of(line.client),
            machine=line.machine,
        )
        for key, line in seen
        if line.hit is Hit.CLICK and (who := people.get(_recipient(line)))
    ]


def _earlier(connection: Connection, clicks: Sequence[Click], known: Mapping[int, Whose]) -> list[Click]:
    """The clicks of the last minute that are stored already, of the same campaigns."""
    if not clicks:
        return []
    campaigns = {who.campaign_id for who in known.values()}
    since = min(click.at for click in clicks) - LONGEST
    many = {click.recipient: click.links for click in clicks}
    return [
        Click(
            key=row.key,
            at=row.at,
            recipient=row.recipient_id,
            position=row.link_id or 0,
            links=many.get(row.recipient_id, 0),
            company=_company(row.address),
            network=network_of(row.detail.get("client", "")),
            machine=row.machine,
        )
        for row in clicks_since(connection, campaigns, since, MOST_EARLIER)
    ]


def _company(address: str) -> str:
    domain = address.rpartition("@")[2]
    return "" if domain in FREE else domain


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
