"""A record that is wanted, and what one name server says of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from checks.change import Change
from checks.evidence import why_of
from checks.ports import Answer, World


class Seen(StrEnum):
    PUBLISHED = "published"
    DIFFERS = "differs"
    ABSENT = "absent"
    COULD_NOT_ASK = "could not ask"


Holds = Callable[[Answer, World], bool | None]
"""Whether an answer with records is good enough; None: that could not be found out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`value` is what to publish at `name`; `before` what stands there now and is to be replaced."""

    what: str
    """What people call it: "SPF", "DKIM", "return path"."""
    name: str
    type: str
    value: str
    holds: Holds = field(repr=False, compare=False)
    mark: str = ""
    """What such a record begins with, where others live at the same name: "v=spf1"."""
    before: str = ""
    required: bool = True
    note: str = ""
    """Who has to do it, or why it is wished for."""
    at_resolver: bool = False
    """Asked of the resolver: it lies in somebody else's zone, or an alias may lead there."""

    @property
    def change(self) -> Change:
        return Change(self.name, self.type, self.before, self.value)


@dataclass(frozen=True, slots=True)
class Word:
    """What one server says: `said` in its words, or why it could not be asked."""

    server: str
    ip: str
    seen: Seen
    said: str


@dataclass(frozen=True, slots=True)
class Look:
    """What all of them say of one record."""

    wanted: Wanted
    words: tuple[Word, ...]

    @property
    def seen(self) -> Seen:
        """Published only where every server has it; a server that contradicts outweighs a silent one."""
        found = {word.seen for word in self.words}
        order = (Seen.DIFFERS, Seen.ABSENT, Seen.COULD_NOT_ASK, Seen.PUBLISHED)
        return next((seen for seen in order if seen in found), Seen.COULD_NOT_ASK)


def judged(wanted: Wanted, answer: Answer, world: World) -> tuple[Seen, str]:
    """One answer: what it means for the record, and what it says."""
    if not answer.ok:
        return Seen.COULD_NOT_ASK, why_of(answer)
    texts = [text for text in answer.texts if text.lower().startswith(wanted.mark.lower())]
    if not texts:
        return Seen.ABSENT, "no such record" if answer.records else answer.got.value
    said = " | ".join(texts)
    match wanted.holds(answer, world):
        case True:
            return Seen.PUBLISHED, said
        case False:
            return Seen.DIFFERS, said
        case None:
            return Seen.COULD_NOT_ASK, "what it refers to could not be looked up"


def ready(looks: Sequence[Look]) -> bool:
    """Whether everything that has to be there is there."""
    return all(look.seen is Seen.PUBLISHED for look in looks if look.wanted.required)
