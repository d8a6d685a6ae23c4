"""What may be said now of each question, given how old its last look is. Nothing stale is ever green."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.catalog import CODES
from checks.check import graded
from checks.model import Finding, Severity, State
from checks.wording import WORDING, fix, sentence, title
from data.standings import Observed, Standing

GRACE = timedelta(minutes=5)
"""How late a look may be, beyond twice its interval, before what it saw counts as old."""

NOTES = (Severity.LOW, Severity.INFO)
"""An unknown of this weight does not grey a whole family."""

GRAVITY = (State.FAIL, State.WARN, State.UNKNOWN, State.PASS, State.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A standing as it may be shown. `stale`: nobody has looked lately, so `state` is unknown."""

    standing: Standing
    state: State
    severity: Severity
    since: datetime
    stale: bool

    @property
    def family(self) -> str:
        return self.standing.code.rpartition("-")[0]

    @property
    def last_look(self) -> datetime:
        return self.standing.latest.last_seen

    @property
    def known(self) -> Observed | None:
        """The latest answer that could be had: old news while `state` is unknown."""
        return self.standing.conclusive

    @property
    def is_note(self) -> bool:
        """Could not tell, and matters little: one list of sixty that refused to answer, say."""
        return self.state is State.UNKNOWN and self.severity in NOTES and not self.stale

    @property
    def heading(self) -> str:
        return title(self.standing.code) if self.standing.code in WORDING else self.standing.code

    @property
    def sentence(self) -> str:
        if self.stale:
            return f"{self.heading}: nobody has looked lately, so nothing can be said of it now."
        if self.state is State.UNKNOWN and self.standing.latest.state is not State.UNKNOWN:
            return f"{self.heading}: the latest look had no answer for {self.standing.subject}."
        return _worded(self.standing, self.state, self.standing.latest)

    @property
    def fix(self) -> str:
        if self.standing.code not in WORDING or self.state not in (State.FAIL, State.WARN):
            return ""
        return fix(_finding(self.standing, self.state, self.standing.latest))

    @property
    def known_sentence(self) -> str:
        """What the latest answer said, for when the latest look could not tell."""
        return "" if self.known is None else _worded(self.standing, self.known.state, self.known)


def judge(standing: Standing, now: datetime, every: timedelta) -> Judged:
    """`every` is how often this target is looked at."""
    latest = standing.latest
    if now - latest.last_seen > 2 * every + GRACE:
        severity = _unknown_severity(standing)
        return Judged(standing, State.UNKNOWN, severity, latest.last_seen, stale=True)
    if standing.unknown_since is not None:
        return Judged(
            standing, State.UNKNOWN, _unknown_severity(standing), standing.unknown_since, stale=False
        )
    return Judged(standing, latest.state, latest.severity, latest.first_seen, stale=False)


def _unknown_severity(standing: Standing) -> Severity:
    if standing.latest.state is State.UNKNOWN:
        return standing.latest.severity
    return graded(CODES.get(standing.code, Severity.HIGH), State.UNKNOWN)


def _finding(standing: Standing, state: State, observed: Observed) -> Finding:
    return Finding(standing.code, state, standing.subject, observed.args)


def _worded(standing: Standing, state: State, observed: Observed) -> str:
    if standing.code not in WORDING:
        return f"{standing.code} ({state.value}) for {standing.subject}"
    return sentence(_finding(standing, state, observed))


def told(code: str, judged: Judged | None) -> str:
    """One sentence on the rule `code` whose standing is `judged`, or of which nothing is remembered."""
    if judged is None:
        return title(code) if code in WORDING else code
    if judged.state is State.UNKNOWN and judged.known is not None:
        return f"Could not be looked at again. Last known: {judged.known_sentence}"
    return judged.sentence


@dataclass(frozen=True, slots=True)
class Family:
    """All questions of one family about one domain, as one state, and what it rests on."""

    state: State
    severity: Severity
    since: datetime
    counts: Mapping[State, int]

    @property
    def examined(self) -> int:
        return sum(count for state, count in self.counts.items() if state is not State.NOT_APPLICABLE)


def summed(judged: Sequence[Judged]) -> Family:
    """The gravest speaks for the family; an unknown that is only a note speaks when nothing else does."""
    speaker = min(judged, key=lambda one: (_gravity(one), one.severity.rank, one.since))
    counts = {state: sum(one.state is state for one in judged) for state in State}
    return Family(speaker.state, speaker.severity, speaker.since, counts)


def _gravity(one: Judged) -> int:
    if one.is_note:
        return GRAVITY.index(State.PASS) + 1
    place = GRAVITY.index(one.state)
    return place if place <= GRAVITY.index(State.PASS) else place + 1


def by_family(judged: Iterable[Judged]) -> Mapping[str, Sequence[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(one.family, []).append(one)
    return groups
