"""Scores every domain, address and provider, and keeps what came out: hourly, a row a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data import reputation, targets
from data.panels.scope import providers
from data.reputation import Kept
from data.sending_domains import all_sending_domains
from data.slots import Slot
from data.standings import Standing, standings
from data.targets import Watched
from monitor.app import App
from monitor.reputation.formula import Part, Score, scored
from monitor.reputation.gather import Values, inputs_of, of_looks, of_reports, of_sending

REPUTATION = "reputation"
"""The kind of slot; its subject is the instance."""


@dataclass(frozen=True, slots=True)
class Scored:
    """`provider` "" for all of them."""

    kind: str
    subject: str
    provider: str
    score: Score


def compute(app: App, slot: Slot) -> str:
    """Returns a note for the slot's row."""
    del slot
    now = app.now()
    with app.store.read() as connection:
        found = list(every_score(connection, now))
    with app.store.write() as connection:
        for each in found:
            reputation.keep_score(connection, kept(each, now))
    known = sum(each.score.score is not None for each in found)
    return f"{len(found)} scored, {len(found) - known} of them with too much unknown"


def every_score(connection: Connection, now: datetime) -> Iterator[Scored]:
    """Domains (over all providers, and at each), their addresses, and the providers themselves."""
    watched = {each.target.domain: each for each in targets.watched(connection, paused=False)}
    sending = {each.domain for each in all_sending_domains(connection)}
    at = [name for name in providers(connection) if name]
    for domain in sorted({*watched, *sending}):
        yield from _of_domain(connection, domain, watched.get(domain), at if domain in sending else [], now)
    for watch in watched.values():
        seen = standings(connection, watch.id)
        for sending_ip in watch.target.ips:
            yield Scored("ip", sending_ip.ip, "", address_score(seen, sending_ip.ip, now))
    for provider in at:
        values = of_sending(connection, now, provider=provider)
        left = ("listings", "authentication", "alignment")
        inputs = [each for each in inputs_of("provider") if each.name not in left]
        yield Scored("provider", provider, "", scored(values, inputs))


def _of_domain(
    connection: Connection, domain: str, watch: Watched | None, at: list[str], now: datetime
) -> Iterator[Scored]:
    looks: Values = of_looks(standings(connection, watch.id), now) if watch else {}
    seen = {**looks, **of_reports(connection, domain, now)}
    for provider in ("", *at):
        values = {**seen, **of_sending(connection, now, domain, provider)}
        yield Scored("domain", domain, provider, scored(values, inputs_of("domain")))


def address_score(seen: Sequence[Standing], ip: str, now: datetime) -> Score:
    """What lists and reverse names say of one address."""
    own = [one for one in seen if one.subject.partition(" @ ")[0] == ip]
    return scored(of_looks(own, now), inputs_of("ip"))


def kept(each: Scored, now: datetime) -> Kept:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    parts = [part_json(part) for part in each.score.parts]
    return Kept(each.kind, each.subject, each.provider, day, now, each.score.score, each.score.low, parts)


def part_json(part: Part) -> dict[str, object]:
    known = part.known
    return {
        "name": part.input.name,
        "title": part.input.title,
        "weight": part.input.weight,
        "cost": part.cost,
        "value": round(known.value, 5) if known else None,
        "of": known.of if known else 0,
        "at": known.at.isoformat() if known else None,
        "source": known.source if known else "",
        "says": part.input.says,
        "why": part.why,
    }
