"""May this list be believed right now, through this resolver? (RFC 5782 sections 5 and 7)

Some resolvers answer NXDOMAIN for lists that refuse them; only the entry that must exist reveals it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.blocklists.judge import Reading, Result, read
from checks.blocklists.zone import Zone
from checks.ports import Answer, Question

SAYS_SOMETHING = frozenset(
    {
        Result.LISTED,
        Result.POLICY,
        Result.INFO,
        Result.NEUTRAL,
        Result.ALLOWED,
        Result.UNKNOWN_CODE,
    }
)
"""A test entry only has to be there; some lists give it a code of its own (127.0.0.99)."""


class Health(StrEnum):
    """Whether the list works through this resolver."""

    WELL = "well"
    EMPTY = "its test entry is missing"
    WILDCARD = "it lists what must not be listed"
    REFUSED = "it refuses this resolver"
    BOGUS = "it answers what no blocklist answers"
    SILENT = "it does not answer"

    @property
    def broken(self) -> bool:
        """Wrong answers, as opposed to refused or missing ones."""
        return self in (Health.EMPTY, Health.WILDCARD, Health.BOGUS)


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome for one list, with the answers it rests on."""

    zone: Zone
    health: Health
    why: str = ""
    answers: tuple[Answer, ...] = ()


def questions(zone: Zone) -> tuple[Question, ...]:
    """What must be asked before the list counts."""
    labels = (*zone.positive, *((zone.negative,) if zone.negative else ()))
    return tuple(Question(f"{label}.{zone.apex}", "A") for label in labels)


def judge(zone: Zone, answers: Mapping[Question, Answer]) -> Trial:
    """Judge the list by its test entries. One that has none by design (`positive=()`) rests on the other."""
    asked = [answers[question] for question in questions(zone)]
    readings = [read(zone, answer) for answer in asked]
    must, must_not = readings[: len(zone.positive)], readings[len(zone.positive) :]
    health = _health(must, must_not)
    why = next((reading.why for reading in readings if reading.why), "")
    return Trial(zone, health, why or health.value, tuple(asked))


def _health(must: Sequence[Reading], must_not: Sequence[Reading]) -> Health:
    results = [reading.result for reading in (*must, *must_not)]
    if Result.REFUSED in results:
        return Health.REFUSED
    if Result.BOGUS in results:
        return Health.BOGUS
    if any(reading.result in SAYS_SOMETHING for reading in must_not):
        return Health.WILDCARD
    if any(reading.result is Result.NO_ANSWER for reading in must_not):
        return Health.SILENT
    if not must or any(reading.result in SAYS_SOMETHING for reading in must):
        return Health.WELL
    silent = any(reading.result is Result.NO_ANSWER for reading in must)
    return Health.SILENT if silent else Health.EMPTY
