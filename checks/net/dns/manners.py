"""Limits as wrappers of the port: how often, and how much a day, a zone may be asked.

Blocklists answer for free within limits; who asks too much is refused or, worse, answered wrongly. A
question beyond the day's budget is not sent: it is `failed(budget)`, which is unknown, not clean.
"""

import heapq
import math
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checks.names import parents
from checks.ports import Answer, Clock, Dns, Got, Question, Why

NEVER = math.inf
"""No turn today."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a zone allows. `burst` questions may go at once before `per_second` holds them apart."""

    per_second: float = 100.0
    burst: int = 20
    per_day: int | None = None


class Ledger:
    """Who may ask when. Shared between threads; the day is that of UTC."""

    def __init__(self, limits: Mapping[str, Limit], spent: Mapping[str, int] | None = None) -> None:
        self._limits = dict(limits)
        self._spent = dict(spent or {})
        self._day: date | None = None
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    @property
    def spent(self) -> Mapping[str, int]:
        """Questions of today by zone, to be given to the next process."""
        with self._lock:
            return dict(self._spent)

    def zone(self, name: str) -> str | None:
        """The limited zone that a name lies in, if any."""
        return next((above for above in (name, *parents(name)) if above in self._limits), None)

    def turn(self, name: str, clock: Clock) -> float:
        """Seconds to wait before a question about `name` may go; `NEVER` when its zone's day is spent."""
        zone = self.zone(name)
        return 0.0 if zone is None else self._take(zone, self._limits[zone], clock)

    def _take(self, zone: str, limit: Limit, clock: Clock) -> float:
        with self._lock:
            self._turn_page(clock.now().date())
            if limit.per_day is not None and self._spent.get(zone, 0) >= limit.per_day:
                return NEVER
            self._spent[zone] = self._spent.get(zone, 0) + 1
            now, step = clock.monotonic(), 1 / limit.per_second
            due = max(self._next.get(zone, -math.inf), now - (limit.burst - 1) * step)
            self._next[zone] = due + step
            return max(0.0, due - now)

    def _turn_page(self, today: date) -> None:
        if self._day not in (None, today):
            self._spent.clear()
        self._day = today


class Polite:
    """A `Dns` that keeps to a ledger's limits on the way to another one."""

    def __init__(self, dns: Dns, ledger: Ledger, clock: Clock) -> None:
        self._dns = dns
        self._ledger = ledger
        self._clock = clock

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        return self.ask_all([Question(name, rdtype)], fresh=fresh)[0]

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        wanted = list(questions)
        turns = {
            question: self._ledger.turn(question.name, self._clock) for question in dict.fromkeys(wanted)
        }
        if not any(turns.values()):
            return self._dns.ask_all(wanted, fresh=fresh)
        with self.flight() as flight:
            for question, wait in turns.items():
                flight.queue(question, wait, fresh=fresh)
            answers = {answer.question: answer for answer in flight}
        return [answers[question] for question in wanted]

    def flight(self) -> "PoliteFlight":
        return PoliteFlight(self._dns, self._ledger, self._clock)


class PoliteFlight:
    """Questions in the air or waiting for their turn."""

    def __init__(self, dns: Dns, ledger: Ledger, clock: Clock) -> None:
        self._inner = dns.flight()
        self._ledger = ledger
        self._clock = clock
        self._turns: list[tuple[float, int, Question, bool]] = []
        self._count = 0
        self._refused: list[Answer] = []

    def __enter__(self) -> "PoliteFlight":
        self._inner.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._turns.clear()
        self._inner.__exit__(*exc)

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> None:
        self.queue(Question(name, rdtype), self._ledger.turn(name, self._clock), fresh=fresh)

    def queue(self, question: Question, wait: float, *, fresh: bool) -> None:
        """Ask now, or after `wait` seconds, or not at all (`NEVER`)."""
        if wait == NEVER:
            self._refused.append(_spent(question, self._ledger.zone(question.name) or question.name))
        elif wait == 0.0:
            self._inner.ask(question.name, question.rdtype, fresh=fresh)
        else:
            self._count += 1
            heapq.heappush(self._turns, (self._clock.monotonic() + wait, self._count, question, fresh))

    def __iter__(self) -> Iterator[Answer]:
        while True:
            while self._refused:
                yield self._refused.pop()
            self._release()
            answer = next(iter(self._inner), None)
            if answer is not None:
                yield answer
            elif self._turns:
                self._clock.sleep(max(0.0, self._turns[0][0] - self._clock.monotonic()))
            else:
                return

    def _release(self) -> None:
        while self._turns and self._turns[0][0] <= self._clock.monotonic():
            _, _, question, fresh = heapq.heappop(self._turns)
            self._inner.ask(question.name, question.rdtype, fresh=fresh)


def _spent(question: Question, zone: str) -> Answer:
    note = f"today's questions to {zone} are used up; the next may be asked after 00:00 UTC"
    return Answer(question, Got.FAILED, why=Why.BUDGET, note=note)
