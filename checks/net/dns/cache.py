"""What has been answered, for as long as it may be believed."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from checks.ports import Answer, Clock, Dns, Got, Question, Why

LONGEST = 86_400
LONGEST_ABSENCE = 10_800
"""RFC 2308 section 5 finds one to three hours sensible for "it does not exist"."""
FAILURE = 5
"""Seconds that a failure is remembered, so that one audit does not wait for the same dead server twice.
RFC 9520 section 3.2 wants at least 1 and allows up to 300."""
SIZE = 10_000
"""Answers, of some 3 kB each: one process looks through ten thousand domains in under 200 MB."""

_OURS = {Why.BUDGET, Why.BAD_NAME}


def lifetime(answer: Answer) -> int:
    """Seconds that an answer may be given again; 0 for not at all."""
    if answer.got is Got.RECORDS:
        return min(answer.ttl or 0, LONGEST)
    if answer.got is Got.FAILED:
        return 0 if answer.why in _OURS else FAILURE
    return min(answer.ttl or 0, LONGEST_ABSENCE)  # without SOA there is no TTL: not to be cached (RFC 2308)


@dataclass(slots=True)
class _Kept:
    """An answer, since when and until when; and as it was last told, which holds for a second."""

    answer: Answer
    since: float
    until: float
    _told: Answer | None = None

    def told(self, now: float) -> Answer:
        """The answer as it comes from a cache, with what is left of its TTL."""
        ttl = self.answer.ttl
        left = None if ttl is None else max(0, ttl - int(now - self.since))
        if self._told is None or self._told.ttl != left:
            self._told = replace(self.answer, from_cache=True, ttl=left)
        return self._told


class Cache:
    """Answers by question, the least recently used dropped first. Shared between threads."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._kept: OrderedDict[Question, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, question: Question, now: float) -> Answer | None:
        """The answer with what is left of its TTL; `now` in monotonic seconds."""
        with self._lock:
            kept = self._kept.get(question)
            if kept is None or now >= kept.until:
                return None
            self._kept.move_to_end(question)
        return kept.told(now)

    def put(self, answer: Answer, now: float) -> None:
        """Keep an answer. A failure does not push out what may still be believed."""
        seconds = lifetime(answer)
        with self._lock:
            kept = self._kept.get(answer.question)
            if answer.got is Got.FAILED and kept is not None and now < kept.until:
                return
            self._kept.pop(answer.question, None)
            if seconds:
                self._kept[answer.question] = _Kept(answer, now, now + seconds)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)


class Cached:
    """A `Dns` in front of another one, that asks only what the cache cannot tell.

    `fresh=True` passes the cache by, and what comes back refreshes it.
    """

    def __init__(self, dns: Dns, cache: Cache, clock: Clock) -> None:
        self._dns = dns
        self._cache = cache
        self._clock = clock

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        question = normal(name, rdtype)
        known = None if fresh else self.known(question)
        return known or self.keep(self._dns.ask(question.name, question.rdtype, fresh=fresh))

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        wanted = [normal(question.name, question.rdtype) for question in questions]
        known = {} if fresh else {question: self.known(question) for question in wanted}
        missing = [question for question in wanted if known.get(question) is None]
        asked = iter([self.keep(answer) for answer in self._dns.ask_all(missing, fresh=fresh)])
        return [known.get(question) or next(asked) for question in wanted]

    def flight(self) -> "CachedFlight":
        return CachedFlight(self, self._dns)

    def known(self, question: Question) -> Answer | None:
        return self._cache.get(question, self._clock.monotonic())

    def keep(self, answer: Answer) -> Answer:
        self._cache.put(answer, self._clock.monotonic())
        return answer


class CachedFlight:
    """Questions in the air; what the cache knows lands at once."""

    def __init__(self, cached: Cached, dns: Dns) -> None:
        self._cached = cached
        self._inner = dns.flight()
        self._landed: list[Answer] = []

    def __enter__(self) -> "CachedFlight":
        self._inner.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._inner.__exit__(*exc)

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> None:
        question = normal(name, rdtype)
        known = None if fresh else self._cached.known(question)
        if known is None:
            self._inner.ask(question.name, question.rdtype, fresh=fresh)
        else:
            self._landed.append(known)

    def __iter__(self) -> Iterator[Answer]:
        while True:
            while self._landed:
                yield self._landed.pop()
            answer = next(iter(self._inner), None)
            if answer is None:
                return
            yield self._cached.keep(answer)


def normal(name: str, rdtype: str) -> Question:
    """The question in the spelling that makes equal questions equal."""
    return Question(name.removesuffix(".").lower(), rdtype.upper())
