"""Looking: every list about every subject, the self-tests among them, all questions in the air at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from checks.blocklists import selftest
from checks.blocklists.judge import Reading, Result, read
from checks.blocklists.selftest import Health, Trial
from checks.blocklists.zone import Zone
from checks.evidence import evidence_of
from checks.model import Evidence
from checks.ports import Answer, Dns, Question

ON_A_LIST = frozenset({Result.LISTED, Result.POLICY, Result.INFO, Result.ALLOWED})


@dataclass(frozen=True, slots=True)
class Look:
    """What one list says about one subject, and whether it may be believed."""

    subject: str
    zone: Zone
    reading: Reading
    test: Trial
    reason: str = ""
    """What the operator says in TXT; asked only after a listing."""
    answers: tuple[Answer, ...] = ()

    @property
    def result(self) -> Result:
        """The verdict: an answer counts only from a list that passes its self-test."""
        match self.test.health:
            case Health.WELL:
                return self.reading.result
            case Health.REFUSED:
                return Result.REFUSED
            case Health.SILENT:
                return Result.NO_ANSWER
            case _:
                return Result.UNTESTED

    @property
    def why(self) -> str:
        """Why there is no verdict, where there is none."""
        return self.test.why if self.test.health is not Health.WELL else self.reading.why

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The answers as they came, without the key of a keyed list."""
        return tuple(redacted(self.zone, answer) for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Survey:
    """Looks and the self-tests they rest on."""

    looks: tuple[Look, ...]
    tests: tuple[Trial, ...]


def look(dns: Dns, subject: str, zone: Zone, *, fresh: bool = False) -> Look:
    """One look at one subject with its self-test; a look that confirms is `fresh`, on the wire."""
    return survey(dns, [subject], [zone], fresh=fresh).looks[0]


def survey(dns: Dns, subjects: Iterable[str], zones: Sequence[Zone], *, fresh: bool = False) -> Survey:
    """Ask every list about every subject that it has entries for. A list for none of them is not asked."""
    pairs = {
        (zone.asks_about(subject), zone): None
        for subject in subjects
        for zone in zones
        if zone.covers(subject)
    }
    used = tuple(dict.fromkeys(zone for _, zone in pairs))
    answers = _ask(dns, list(pairs), used, fresh=fresh)
    tests = {zone: selftest.judge(zone, answers) for zone in used}
    looks = tuple(_look(subject, zone, tests[zone], answers) for subject, zone in pairs)
    return Survey(looks, tuple(tests.values()))


def _ask(
    dns: Dns, pairs: Sequence[tuple[str, Zone]], zones: Sequence[Zone], *, fresh: bool
) -> Mapping[Question, Answer]:
    """Everything at once; the reason of a listing follows as soon as the listing is in."""
    entries = {Question(zone.entry(subject).lower(), "A"): zone for subject, zone in pairs}
    tests = {question for zone in zones for question in selftest.questions(zone)}
    answers: dict[Question, Answer] = {}
    with dns.flight() as flight:
        for question in dict.fromkeys([*tests, *entries]):
            flight.ask(question.name, question.rdtype, fresh=fresh)
        for answer in flight:
            question = answer.question
            answers[question] = answer
            zone = entries.get(question)
            if zone is not None and read(zone, answer).result in ON_A_LIST:
                flight.ask(question.name, "TXT", fresh=fresh)
    return answers


def _look(subject: str, zone: Zone, test: Trial, answers: Mapping[Question, Answer]) -> Look:
    name = zone.entry(subject).lower()
    answer = answers[Question(name, "A")]
    reason = answers.get(Question(name, "TXT"))
    said = " ".join(reason.texts) if reason else ""
    found = tuple(a for a in (answer, reason) if a is not None)
    return Look(subject, zone, read(zone, answer), test, zone.redact(said), found)


def redacted(zone: Zone, answer: Answer) -> Evidence:
    """An answer as evidence, without the key."""
    proof = evidence_of(answer)
    if not zone.key:
        return proof
    return replace(
        proof,
        name=zone.redact(proof.name),
        answer=zone.redact(proof.answer),
        path=tuple(zone.redact(step) for step in proof.path),
    )
