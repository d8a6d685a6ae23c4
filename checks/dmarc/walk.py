"""The DNS Tree Walk of RFC 9989 section 4.10: which records lie on the way up, and whose domain it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.dmarc.record import DmarcRecord, is_dmarc, parse
from checks.names import parents
from checks.ports import Answer, Dns, Question, Txt

MAX_QUERIES = 8


class Found(StrEnum):
    """What lies at one name."""

    RECORD = "record"
    NOTHING = "nothing"
    SEVERAL = "several"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a walk: `domain` is the name below `_dmarc.`."""

    domain: str
    answer: Answer
    texts: tuple[str, ...]
    """The DMARC records there; two or more count as none."""
    record: DmarcRecord | None

    @property
    def found(self) -> Found:
        if not self.answer.ok:
            return Found.FAILED
        if len(self.texts) > 1:
            return Found.SEVERAL
        return Found.RECORD if self.record else Found.NOTHING


@dataclass(frozen=True, slots=True)
class Walk:
    """The levels from `start` upwards, as far as the walk goes."""

    start: str
    levels: tuple[Level, ...]

    @property
    def failed(self) -> tuple[Level, ...]:
        """Levels that could not be asked: with any, what lies above is not certain either."""
        return tuple(level for level in self.levels if level.found is Found.FAILED)

    def at(self, domain: str) -> Level | None:
        return next((level for level in self.levels if level.domain == domain), None)

    @property
    def organizational(self) -> str:
        """The Organizational Domain by section 4.10.2; the start itself when no record says otherwise."""
        found = [level for level in self.levels if level.record is not None]
        for level in found:
            psd = level.record.psd if level.record else "u"
            if psd == "n":
                return level.domain
            if psd == "y" and level.domain != self.start:
                return self._below(level.domain)
        return found[-1].domain if found else self.start

    @property
    def suffix(self) -> Level | None:
        """The level that says psd=y above the start: the Public Suffix Domain."""
        says = (level for level in self.levels if level.record and level.record.psd == "y")
        return next((level for level in says if level.domain != self.start), None)

    def _below(self, suffix: str) -> str:
        """The name one label below `suffix` on the way to the start."""
        labels = self.start.split(".")
        return ".".join(labels[-(suffix.count(".") + 2) :])


def names(start: str) -> tuple[str, ...]:
    """The names that a walk visits: the start, then at most seven labels, down to one (section 4.10)."""
    above = [name for name in parents(start) if name.count(".") < MAX_QUERIES - 1]
    return (start, *above)[:MAX_QUERIES]


def walk(dns: Dns, start: str) -> Walk:
    """All names of the walk at once: none of the questions depends on another's answer."""
    return walks(dns, [start])[0]


def walks(dns: Dns, starts: Sequence[str]) -> tuple[Walk, ...]:
    """Several walks in one flight of questions; a name that they share is asked once."""
    wanted = dict.fromkeys(name for start in starts for name in names(start))
    answers = dns.ask_all([Question(f"_dmarc.{name}", "TXT") for name in wanted])
    levels = {name: level(name, answer) for name, answer in zip(wanted, answers, strict=True)}
    return tuple(Walk(start, _ended([levels[name] for name in names(start)])) for start in starts)


def level(domain: str, answer: Answer) -> Level:
    """What an answer says about one name."""
    texts = tuple(str(record) for record in answer.records if isinstance(record, Txt))
    found = tuple(text for text in texts if is_dmarc(text))
    return Level(domain, answer, found, parse(found[0]) if len(found) == 1 else None)


def _ended(levels: Sequence[Level]) -> tuple[Level, ...]:
    """The walk stops at a record that says psd=n or psd=y."""
    for place, one in enumerate(levels):
        if one.record is not None and one.record.psd in ("n", "y"):
            return tuple(levels[: place + 1])
    return tuple(levels)
