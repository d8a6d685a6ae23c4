"""Each row by itself, before the store is asked: who it is about, and what can be told of the address."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sender.audience.hygiene.judge import Odd, judge
from sender.audience.hygiene.reach import WORDS, Reach, Reaching
from sender.audience.importing.columns import JOINING, Mapped
from sender.audience.importing.people import Person, Unfit, read_person
from sender.audience.importing.plan import Terms
from sender.audience.importing.rows import Broken, Row

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Screen:
    """What is rejected besides what cannot be mailed; `fingerprint` is the keyed hash of an identity."""

    reaching: Reaching
    fingerprint: Callable[[str], str]
    roles: bool = False
    disposable: bool = False


@dataclass(slots=True)
class Judged:
    """`why`: the reason against the row, "" if there is none; `flags` are counted by name."""

    line: int
    person: Person | None = None
    why: str = ""
    flags: list[str] = field(default_factory=list)

    @property
    def identity(self) -> str:
        """Only of a row that is about somebody."""
        assert self.person is not None
        return self.person.address.identity


@dataclass
class Judge:
    """Judges rows, a chunk at a time; `typos` counts the domains that look mistyped."""

    mapped: Mapped
    terms: Terms
    screen: Screen
    typos: Counter[str] = field(default_factory=Counter)

    def judge(self, chunk: Sequence[Row | Broken], now: datetime) -> Sequence[Judged]:
        judged = [self._read(row, now) for row in chunk]
        people = [(each, each.person) for each in judged if each.person]
        reach = self.screen.reaching.of(person.address.domain for _, person in people)
        for each, person in people:
            if person.status in JOINING:
                self._look(each, person, reach[person.address.domain], now)
        return judged

    def _read(self, row: Row | Broken, now: datetime) -> Judged:
        if isinstance(row, Broken):
            return Judged(row.line, why=row.why, flags=["bad_row"])
        try:
            return Judged(row.line, read_person(row.cells, self.mapped, now))
        except Unfit as error:
            return Judged(row.line, why=str(error), flags=["bad_address" if error.address else "bad_row"])

    def _look(self, each: Judged, person: Person, reach: Reach, now: datetime) -> None:
        odd = judge(person.address)
        if odd.meant:
            self.typos[person.address.domain] += 1
        given = person.consent_at or person.confirmed_at or self.terms.consented_at
        age = now - given if given else timedelta(0)
        flags = {
            "role": odd.role, "disposable": odd.disposable, "free": odd.free, "typo": bool(odd.meant),
            "no_mail": reach.never, "unknown_domain": reach is Reach.UNKNOWN,
            "no_consent": given is None, "consent_2y": age > 2 * YEAR, "consent_1y": YEAR < age <= 2 * YEAR,
        }  # fmt: skip
        each.flags = [name for name, is_so in flags.items() if is_so]
        each.why = self._against(odd, reach)

    def _against(self, odd: Odd, reach: Reach) -> str:
        if reach.never:
            return WORDS[reach]
        if odd.role and self.screen.roles:
            return "an office, not a person"
        return "a throw-away address" if odd.disposable and self.screen.disposable else ""
