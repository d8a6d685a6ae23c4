"""The whole of an SPF policy as published, includes and redirects followed: what `walk` brings home."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from checks.ports import Answer, Got
from checks.spf.terms import Kind, Mechanism, Modifier, Record

Family = int
"""4 or 6: the IP version of the client."""
FAMILIES: tuple[Family, ...] = (4, 6)
RDTYPE = {4: "A", 6: "AAAA"}


class End(StrEnum):
    """Why a branch goes no further."""

    NO_RECORD = "no-record"
    NXDOMAIN = "nxdomain"
    SEVERAL = "several-records"
    FAILED = "failed"
    LOOP = "loop"
    MACRO = "macro"
    BAD_NAME = "bad-name"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Step:
    """One term that would be evaluated, with what DNS says to it."""

    term: Mechanism | Modifier
    path: tuple[str, ...]
    """From the root: ("include:esp.example", "mx")."""
    target: str | None
    """The name it is about; None when a macro hides it, or when the term asks nothing."""
    answers: tuple[Answer, ...] = ()
    """For a, mx and exists: the target's answers, then those of the MX hosts."""
    child: "Node | None" = None
    """For include and redirect."""

    @property
    def asks(self) -> bool:
        """Whether it costs a look-up."""
        return isinstance(self.term, Modifier) or self.term.kind.asks

    @property
    def hidden(self) -> bool:
        """Whether its target depends on the message (macros other than %{d} and %{o})."""
        return self.asks and self.target is None and not self._is_ptr

    @property
    def _is_ptr(self) -> bool:
        return isinstance(self.term, Mechanism) and self.term.kind is Kind.PTR

    def failed(self) -> tuple[Answer, ...]:
        """The look-ups of this term that brought no answer."""
        return tuple(answer for answer in self.answers if not answer.ok)

    def voids(self, family: Family) -> tuple[Answer, ...]:
        """The void look-ups that a client of this family causes here (RFC 7208 section 4.6.4)."""
        other = RDTYPE[10 - family]
        exists = isinstance(self.term, Mechanism) and self.term.kind is Kind.EXISTS
        mine = (answer for answer in self.answers if exists or answer.question.rdtype != other)
        void = tuple(answer for answer in mine if answer.absent)
        if self.child is not None and self.child.answer is not None and self.child.answer.absent:
            return (*void, self.child.answer)
        return void


@dataclass(frozen=True, slots=True)
class Node:
    """One domain's policy: its TXT answer, the SPF records in it, and the steps of the one that counts."""

    domain: str
    path: tuple[str, ...]
    answer: Answer | None = None
    texts: tuple[str, ...] = ()
    record: Record | None = None
    end: End | None = None
    steps: tuple[Step, ...] = ()

    def nodes(self) -> Iterator["Node"]:
        """This one and all below, in the order of evaluation."""
        yield self
        for step in self.steps:
            if step.child is not None:
                yield from step.child.nodes()

    def all_steps(self) -> Iterator[Step]:
        """All steps at and below, in the order of evaluation."""
        for step in self.steps:
            yield step
            if step.child is not None:
                yield from step.child.all_steps()

    @property
    def lookups(self) -> int:
        """How many of the ten look-ups an evaluation spends here when nothing matches early."""
        return sum(step.asks for step in self.all_steps())

    def voids(self, family: Family) -> tuple[tuple[tuple[str, ...], Answer], ...]:
        """(path, answer) of every void look-up that a client of this family causes."""
        return tuple((step.path, answer) for step in self.all_steps() for answer in step.voids(family))

    def void_terms(self, family: Family) -> int:
        """The same counted by term instead of by question, as one may also read section 4.6.4."""
        return len({path for path, _ in self.voids(family)})

    @property
    def unanswered(self) -> tuple[Answer, ...]:
        """Every look-up in the tree that failed: with any, the counts are lower bounds."""
        own = (node.answer for node in self.nodes())
        return (
            *(answer for answer in own if answer is not None and answer.got is Got.FAILED),
            *(answer for step in self.all_steps() for answer in step.failed()),
        )


@dataclass(frozen=True, slots=True)
class Tree:
    """A walk: the policy, how many questions it took, and where it was cut off (names; empty when whole)."""

    root: Node
    questions: int
    stopped: tuple[str, ...] = ()
    seconds: float = 0.0
    """What the look-ups of an IPv4 client would take one after the other, as receivers ask them."""
