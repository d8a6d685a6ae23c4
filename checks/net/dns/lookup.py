"""One question -> one `Answer`: asks, follows aliases that the server left open, and finds loops."""

from collections.abc import Callable
from datetime import datetime

from checks.net.dns.exchange import Exchange, Manner, Verdict
from checks.net.dns.message import MAX_CHAIN, failure
from checks.net.dns.query import Query, section
from checks.ports import Answer, Clock, Got, Question, Why


class LookUp:
    """`start` it; `done` is called once with the answer, by when the loop's clock reads `deadline`."""

    def __init__(
        self,
        question: Question,
        manner: Manner,
        deadline: float,
        clock: Clock,
        done: Callable[[Answer], None],
    ) -> None:
        self._question = question
        self._manner = manner
        self._deadline = deadline
        self._clock = clock
        self._done = done
        self._chain: list[str] = []
        self._ttl: int | None = None
        self._exchange: Exchange | None = None

    def start(self) -> None:
        self._ask(self._question.name)

    def close(self) -> None:
        """End it without an answer."""
        if self._exchange is not None:
            self._exchange.close()

    def _ask(self, name: str) -> None:
        rdtype = self._question.rdtype
        try:
            query = Query(section(name, rdtype), recurse=not self._manner.authoritative)
        except ValueError as error:
            self._told(Verdict(failure(Why.BAD_NAME, str(error)), ""))
            return
        self._exchange = Exchange(name, rdtype, query, self._manner, self._deadline, self._told)
        self._exchange.start()

    def _told(self, verdict: Verdict) -> None:
        reading = verdict.reading
        if reading.chain:
            self._chain += reading.chain
            if _loops(self._question.name, self._chain):
                verdict = Verdict(failure(Why.LOOP, self._circle(), reading.rcode), verdict.resolver)
            elif reading.follow is not None and not self._manner.authoritative:
                self._ttl = _least(self._ttl, reading.ttl)
                self._ask(reading.follow)
                return
        ttl = _least(self._ttl, reading.ttl)
        self._done(_answer(self._question, verdict, tuple(self._chain), ttl, self._clock.now()))

    def _circle(self) -> str:
        path = " -> ".join([self._question.name, *self._chain])
        return f"the aliases lead in a circle, or on for too long: {path}"


def _loops(name: str, chain: list[str]) -> bool:
    names = [name, *chain]
    return len(set(names)) < len(names) or len(chain) > MAX_CHAIN


def _least(one: int | None, other: int | None) -> int | None:
    return min(one, other) if one is not None and other is not None else other if one is None else one


def _answer(
    question: Question, verdict: Verdict, chain: tuple[str, ...], ttl: int | None, at: datetime
) -> Answer:
    reading = verdict.reading
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
