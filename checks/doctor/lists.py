"""Which blocklists may be believed through this resolver: the matrix of their self-tests (RFC 5782)."""

from collections.abc import Iterator, Mapping, Sequence

from checks.blocklists import selftest
from checks.blocklists.look import redacted
from checks.blocklists.selftest import Health, Trial
from checks.blocklists.zone import Zone
from checks.model import Finding, State
from checks.ports import Answer, Question

_STATES: Mapping[Health, State] = {Health.WELL: State.PASS, Health.SILENT: State.UNKNOWN}


def questions(zones: Sequence[Zone]) -> list[Question]:
    """The test entries of all lists, each once."""
    return list(dict.fromkeys(question for zone in zones for question in selftest.questions(zone)))


def judge(zones: Sequence[Zone], answers: Mapping[Question, Answer]) -> Iterator[Finding]:
    """DOC-005, one for each list."""
    for zone in zones:
        yield _finding(selftest.judge(zone, answers))


def _finding(trial: Trial) -> Finding:
    zone = trial.zone
    seen = tuple(redacted(zone, answer) for answer in trial.answers)
    args = {"list": zone.title, "health": trial.health.value, "why": zone.redact(trial.why)}
    return Finding("DOC-005", _STATES.get(trial.health, State.WARN), zone.name, args, seen)
