"""Which look-up waited for which: the longest chain of an audit, for `--timing` and the test that knows it.

An audit takes as long as its longest chain of look-ups of which each needs the answer before it. The trace
follows the asking itself, not the clock: a question asked while an answer is in hand hangs on that answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from checks.ports import Answer, Dns, Flight, Question


@dataclass(frozen=True, slots=True)
class Look:
    """One look-up, and the one that it waited for."""

    check: str
    question: Question
    milliseconds: float
    after: Look | None = None

    @property
    def depth(self) -> int:
        return 1 + (self.after.depth if self.after else 0)

    def chain(self) -> tuple[Look, ...]:
        """The look-ups up to and including this one, first asked first."""
        return (*self.after.chain(), self) if self.after else (self,)


@dataclass
class Trace:
    """Every look-up of one audit; each check's asking is followed on its own.

    `clock` counts seconds; without one, the look-ups take no time. `hide` takes secrets out of the names that
    are kept: a keyed blocklist is asked with its key.
    """

    clock: Callable[[], float] = float
    hide: Callable[[str], str] = str
    looks: list[Look] = field(default_factory=list)
    known: set[Question] = field(default_factory=set)
    ends: dict[str, Look | None] = field(default_factory=dict)

    def follow(self, dns: Dns, check: str, after: str = "") -> Dns:
        """`dns` as `check` asks it; `after` names what it waited for before it began."""
        self.ends[check] = self.ends.get(after)
        return _Followed(dns, self, check)

    def longest(self) -> tuple[Look, ...]:
        """The longest chain, by the number of look-ups and then by time."""
        if not self.looks:
            return ()
        return max(self.looks, key=lambda look: (look.depth, look.milliseconds)).chain()


class _Followed:
    """A `Dns` that tells the trace; used by one check in one thread."""

    def __init__(self, dns: Dns, trace: Trace, check: str) -> None:
        self.dns = dns
        self.trace = trace
        self.check = check

    @property
    def end(self) -> Look | None:
        return self.trace.ends[self.check]

    def record(self, question: Question, began: float, after: Look | None) -> Look | None:
        """A new look; a question that this audit had answered before costs nothing and is none."""
        if question in self.trace.known:
            return after
        self.trace.known.add(question)
        shown = Question(self.trace.hide(question.name), question.rdtype)
        look = Look(self.check, shown, (self.trace.clock() - began) * 1_000, after)
        self.trace.looks.append(look)
        return look

    def reached(self, looks: Iterable[Look | None]) -> None:
        """What comes next waits for the deepest of `looks`."""
        ends = [look for look in (self.end, *looks) if look is not None]
        self.trace.ends[self.check] = max(ends, key=lambda look: look.depth, default=None)

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        began, after = self.trace.clock(), self.end
        answer = self.dns.ask(name, rdtype, fresh=fresh)
        self.reached([self.record(answer.question, began, after)])
        return answer

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        began, after = self.trace.clock(), self.end
        answers = self.dns.ask_all(questions, fresh=fresh)
        self.reached([self.record(answer.question, began, after) for answer in answers])
        return answers

    def flight(self) -> Flight:
        return _FollowedFlight(self, self.dns.flight())


class _FollowedFlight:
    """A `Flight` whose questions hang on the answer in hand when they are asked."""

    def __init__(self, followed: _Followed, flight: Flight) -> None:
        self._followed = followed
        self._flight = flight
        self._in_hand = followed.end
        self._asked: dict[Question, tuple[float, Look | None]] = {}
        self._looks: list[Look | None] = []

    def __enter__(self) -> Flight:
        self._flight.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._flight.__exit__(*exc)
        self._followed.reached(self._looks)

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> None:
        question = Question(name.lower().removesuffix("."), rdtype.upper())
        self._asked.setdefault(question, (self._followed.trace.clock(), self._in_hand))
        self._flight.ask(name, rdtype, fresh=fresh)

    def __iter__(self) -> Iterator[Answer]:
        for answer in self._flight:
            began, after = self._asked.get(answer.question, (self._followed.trace.clock(), self._in_hand))
            self._in_hand = self._followed.record(answer.question, began, after)
            self._looks.append(self._in_hand)
            yield answer
