"""Walk the whole SPF tree of a domain: the static worst case, whatever a receiver's limits would cut off.

Two halves: `gather` brings the answers, asking each question as soon as the answer that raises it is there;
`_Builder` makes the tree of them without asking anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from checks.names import flaw
from checks.ports import Answer, Dns, Got, Mx, Question
from checks.spf.budget import MAX_MX
from checks.spf.identity import fitting
from checks.spf.macro import MacroString
from checks.spf.record import parse, select
from checks.spf.terms import Kind, Mechanism, Modifier, Record
from checks.spf.tree import End, Node, Step, Tree

MAX_QUESTIONS = 200
MAX_NODES = 500
"""Records shown: a policy can name the same domain exponentially often without a new question."""
MAX_DEPTH = 50
"""Includes within includes that are shown; ten look-ups allow ten."""
MAX_STEPS = 1_000
"""Terms of one record that are shown."""
STATIC = frozenset("do")
"""Macro letters whose value is known without a message; %{o} is taken to be the walked domain."""

Facts = Mapping[Question, Answer]


def walk(dns: Dns, domain: str, *, text: str | None = None, beside: Iterable[Question] = ()) -> Tree:
    """The tree of `domain`; with `text`, of a record as if it were published there.

    `beside` is asked along the way, so that whoever needs it next does not wait for the tree first.
    """
    found = gather(dns, domain, text, beside)
    builder = _Builder(domain, found.facts, text)
    root = builder.node(domain, (), ())
    cut = tuple(dict.fromkeys((*(question.name for question in found.left), *builder.cut)))
    return Tree(root, len(found.facts), cut, found.seconds)


@dataclass
class Gathered:
    """The answers, the questions beyond `MAX_QUESTIONS`, and the seconds the look-ups took in sum."""

    facts: dict[Question, Answer] = field(default_factory=dict)
    left: list[Question] = field(default_factory=list)
    seconds: float = 0.0
    _raised_at: dict[Question, datetime | None] = field(default_factory=dict)

    def takes(self, question: Question, raised_at: datetime | None) -> bool:
        """Whether the question is new and may be asked."""
        if question in self._raised_at or not question.name or flaw(question.name):
            return False
        if len(self._raised_at) == MAX_QUESTIONS:
            self.left.append(question)
            return False
        self._raised_at[question] = raised_at
        return True

    def keep(self, answer: Answer) -> None:
        self.facts[answer.question] = answer
        raised_at = self._raised_at.get(answer.question)
        if answer.at and raised_at and not answer.from_cache and answer.question.rdtype != "AAAA":
            self.seconds += max(0.0, (answer.at - raised_at).total_seconds())


def gather(dns: Dns, root: str, text: str | None = None, beside: Iterable[Question] = ()) -> Gathered:
    """Ask everything that the tree of `root` raises, each question once and as soon as it is known."""
    found = Gathered()
    first = [Question(root, "TXT"), *(_of_text(text, root, root) if text is not None else ())]
    apart = set(beside)
    with dns.flight() as flight:
        for question in apart:
            flight.ask(question.name, question.rdtype)
        for question in first:
            if found.takes(question, None):
                flight.ask(question.name, question.rdtype)
        for answer in (answer for answer in flight if answer.question not in apart):
            found.keep(answer)
            for question in _raised(answer, root):
                if found.takes(question, answer.at):
                    flight.ask(question.name, question.rdtype)
    return found


def _raised(answer: Answer, root: str) -> Iterator[Question]:
    """The questions that an answer raises."""
    if answer.question.rdtype == "TXT":
        texts = select(answer.records)
        if len(texts) == 1:
            yield from _of_text(texts[0], answer.question.name, root)
    for host in _hosts(answer)[:MAX_MX]:
        yield from (Question(host, "A"), Question(host, "AAAA"))


def _of_text(text: str, domain: str, root: str) -> Iterator[Question]:
    for term in islice(reachable(parse(text)), MAX_STEPS):
        target = static_target(term, domain, root)
        if target is not None:
            yield from (Question(target, rdtype) for rdtype in _rdtypes(term))


def reachable(record: Record) -> Iterator[Mechanism | Modifier]:
    """The terms that an evaluation can come to: up to the first `all`, else with the redirect."""
    for mechanism in record.mechanisms:
        yield mechanism
        if mechanism.kind is Kind.ALL:
            return
    if record.redirect is not None:
        yield record.redirect


def static_target(term: Mechanism | Modifier, domain: str, root: str) -> str | None:
    """The name that a term asks about, where that is known without a message; `ptr` asks about the client."""
    if isinstance(term, Mechanism):
        if not term.kind.asks or term.kind is Kind.PTR:
            return None
        spec: MacroString | None = term.domain
    else:
        spec = term.value
    if spec is None:
        return domain
    if not spec.letters <= STATIC:
        return None
    return fitting(spec.expand({"d": domain, "o": root}.__getitem__))


def _rdtypes(term: Mechanism | Modifier) -> tuple[str, ...]:
    if isinstance(term, Modifier):
        return ("TXT",)
    return {Kind.A: ("A", "AAAA"), Kind.MX: ("MX",), Kind.EXISTS: ("A",), Kind.INCLUDE: ("TXT",)}[term.kind]


def _hosts(answer: Answer | None) -> list[str]:
    return [record.host for record in answer.records if isinstance(record, Mx)] if answer else []


@dataclass
class _Builder:
    """Makes nodes of facts; `cut` names what was left out because the tree grew too large."""

    root: str
    facts: Facts
    text: str | None
    cut: list[str] = field(default_factory=list)
    _made: int = 0

    def node(self, domain: str, path: tuple[str, ...], stack: tuple[str, ...]) -> Node:
        """The policy of `domain`; `stack` holds the domains whose evaluation is under way."""
        if domain in stack:
            return Node(domain, path, end=End.LOOP)
        if not domain or flaw(domain):
            return Node(domain, path, end=End.BAD_NAME)
        answer = self.facts.get(Question(domain, "TXT"))
        if answer is None or self._made >= MAX_NODES or len(stack) >= MAX_DEPTH:
            self.cut.append(domain)
            return Node(domain, path, end=End.LIMIT)
        self._made += 1
        texts = select(answer.records)
        if self.text is not None and not stack:
            texts = (self.text,)
        if len(texts) != 1:
            return Node(domain, path, answer, texts, end=_end(answer, texts))
        record = parse(texts[0])
        terms = tuple(islice(reachable(record), MAX_STEPS + 1))
        if len(terms) > MAX_STEPS:
            self.cut.append(domain)
        steps = tuple(self._step(term, domain, path, (*stack, domain)) for term in terms[:MAX_STEPS])
        return Node(domain, path, answer, texts, record, steps=steps)

    def _step(
        self, term: Mechanism | Modifier, domain: str, path: tuple[str, ...], stack: tuple[str, ...]
    ) -> Step:
        here = (*path, term.text)
        target = static_target(term, domain, self.root)
        if isinstance(term, Modifier) or term.kind is Kind.INCLUDE:
            child = Node("", here, end=End.MACRO) if target is None else self.node(target, here, stack)
            return Step(term, here, target, child=child)
        if target is None:
            return Step(term, here, None)
        return Step(term, here, target, tuple(self._answers(term, target)))

    def _answers(self, term: Mechanism, target: str) -> Iterator[Answer]:
        for rdtype in _rdtypes(term):
            if answer := self.facts.get(Question(target, rdtype)):
                yield answer
        if term.kind is Kind.MX:
            for host in _hosts(self.facts.get(Question(target, "MX")))[:MAX_MX]:
                found = (self.facts.get(Question(host, rdtype)) for rdtype in ("A", "AAAA"))
                yield from (answer for answer in found if answer is not None)


def _end(answer: Answer, texts: tuple[str, ...]) -> End:
    if answer.got is Got.FAILED:
        return End.FAILED
    if texts:
        return End.SEVERAL
    return End.NXDOMAIN if answer.got is Got.NXDOMAIN else End.NO_RECORD
