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

    def take(self, zone: str, clock: Clock) -> float | None:
        """Seconds to wait before a question to the zone may go; None when its day's budget is spent."""
        limit = self._limits[zone]
        with self._lock:
            self._turn_page(clock.now().date())
            if limit.per_day is not None and self._spent.get(zone, 0) >= limit.per_day:
                return None
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
        with self.flight() as flight:
            for question in dict.fromkeys(wanted):
                flight.ask(question.name, question.rdtype, fresh=fresh)
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
        zone = self._ledger.zone(name)
        wait = 0.0 if zone is None else self._ledger.take(zone, self._clock)
        if wait is None:
            self._refused.append(_spent(Question(name, rdtype), zone or name))
        elif wait == 0.0:
            self._inner.ask(name, rdtype, fresh=fresh)
        else:
            self._count += 1
            turn = (self._clock.monotonic() + wait, self._count, Question(name, rdtype), fresh)
            heapq.heappush(self._turns, turn)

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
