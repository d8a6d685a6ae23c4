"""One question -> one `Answer`: asks, follows aliases that the server left open, and finds loops."""

from dataclasses import dataclass
from datetime import datetime

from checks.net.dns.exchange import Asked, Exchange, Verdict
from checks.net.dns.message import MAX_CHAIN, Reading, failure
from checks.net.dns.query import Query, section
from checks.net.dns.upstream import Upstream
from checks.ports import Answer, Clock, Got, Question, Why


@dataclass(frozen=True, slots=True)
class Manner:
    """How the servers are asked: as a recursing resolver, or as the zone's own servers (RD=0, AA wanted)."""

    upstreams: tuple[Upstream, ...]
    clock: Clock
    authoritative: bool = False


async def look_up(question: Question, manner: Manner, deadline: float) -> Answer:
    """The answer, before the loop's clock reads `deadline`, whatever happens."""
    chain: list[str] = []
    ttl: int | None = None
    name = question.name
    while True:
        verdict = await _ask(name, question.rdtype, manner, deadline)
        reading = verdict.reading
        chain += reading.chain
        ttl = _least(ttl, reading.ttl)
        if _loops(question.name, chain):
            note = "the aliases lead in a circle, or on for too long: " + " -> ".join([question.name, *chain])
            verdict = Verdict(failure(Why.LOOP, note, reading.rcode), verdict.resolver)
        elif reading.follow is not None and not manner.authoritative:
            name = reading.follow
            continue
        return _answer(question, verdict, tuple(chain), ttl, manner.clock.now())


async def _ask(name: str, rdtype: str, manner: Manner, deadline: float) -> Verdict:
    try:
        query = Query(section(name, rdtype), recurse=not manner.authoritative)
    except ValueError as error:
        return Verdict(failure(Why.BAD_NAME, str(error)), "")
    asked = Asked(name, rdtype, manner.authoritative)
    return await Exchange(manner.upstreams, asked, query, deadline).run()


def _loops(name: str, chain: list[str]) -> bool:
    names = [name, *chain]
    return len(set(names)) < len(names) or len(chain) > MAX_CHAIN


def _least(one: int | None, other: int | None) -> int | None:
    return min((ttl for ttl in (one, other) if ttl is not None), default=None)


def _answer(
    question: Question, verdict: Verdict, chain: tuple[str, ...], ttl: int | None, at: datetime
) -> Answer:
    reading: Reading = verdict.reading
    unbounded = reading.got is not Got.RECORDS and reading.soa is None  # RFC 2308 section 5: not to be cached
    return Answer(
        question,
        reading.got,
        reading.records,
        why=reading.why,
        note=reading.note,
        chain=chain,
        ttl=None if unbounded else ttl,
        soa=reading.soa,
        rcode=reading.rcode,
        authenticated=reading.authenticated,
        resolver=verdict.resolver,
        at=at,
    )
