"""Everything the SPF rules judge by, brought home before the first of them is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from checks.change import Change
from checks.evidence import evidence_of, why_of
from checks.model import Finding, Profile, SendingIp, State, Target, Value
from checks.organization import organization
from checks.ports import Answer, Question, World
from checks.spf.authorised import Passing
from checks.spf.evaluate import Verdict, evaluate
from checks.spf.tree import End, Node, Step, Tree
from checks.spf.walk import walk


@dataclass(frozen=True, slots=True)
class Sent:
    """One evaluation: of a sending address by MAIL FROM, or by one of the HELO names."""

    sending: SendingIp
    verdict: Verdict
    helo: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The target, its tree, and what an evaluation says of each of its addresses."""

    target: Target
    tree: Tree
    mail_from: tuple[Sent, ...]
    helo: tuple[Sent, ...]
    owners: Mapping[str, Answer]
    """Registrable domain -> its SOA, for the names in the tree that do not exist."""
    type99: Answer
    passing: Passing

    @property
    def root(self) -> Node:
        return self.tree.root

    @property
    def whole(self) -> bool:
        """Whether the tree holds everything: only then does "none found" mean that there is none."""
        return not self.root.unanswered and not self.tree.stopped

    @property
    def parked(self) -> bool:
        return self.target.profile is Profile.PARKED

    def own(self, node: Node) -> bool:
        """Whether the record is the target's to change."""
        return organization(node.domain) == organization(self.target.domain)

    def finding(
        self,
        code: str,
        state: State,
        node: Node | None = None,
        args: Mapping[str, Value] | None = None,
        *,
        after: str | None = None,
        answers: tuple[Answer, ...] = (),
    ) -> Finding:
        """A finding about the record at `node` (the root's by default), with the record as its evidence.

        `after` proposes the record in its place, if the record is the target's own.
        """
        node = node or self.root
        evidence = [evidence_of(answer, (self.target.domain, *node.path)) for answer in answers]
        if node.answer is not None:
            evidence.insert(0, evidence_of(node.answer, (self.target.domain, *node.path)))
        values: dict[str, Value] = {"path": shown(node.path), "domain": node.domain, **(args or {})}
        if after is not None and self.own(node):
            values |= Change(node.domain, "TXT", node.texts[0] if node.texts else "", after).args
        return Finding(code, state, node.domain or self.target.domain, values, tuple(evidence))

    def unknown(
        self, code: str, answers: tuple[Answer, ...], args: Mapping[str, Value] | None = None
    ) -> Finding:
        """The rule could not be judged since these answers are missing."""
        whys = dict.fromkeys(f"{a.question.name} {a.question.rdtype}: {why_of(a)}" for a in answers)
        cut = tuple(f"{name}: not asked, the tree is too large" for name in self.tree.stopped)
        return self.finding(code, State.UNKNOWN, args={**(args or {}), "why": (*whys, *cut)}, answers=answers)


def look(target: Target, world: World) -> Look:
    """Walk the tree first, so that the evaluations find their answers in the resolver's cache."""
    tree = walk(world.dns, target.domain, beside=[Question(target.domain, "SPF")])
    helo = target.helos[0] if target.helos else target.domain
    sender = f"postmaster@{target.domain}"
    by_helo = [(sending, name) for name in target.helos for sending in target.ips]
    return Look(
        target=target,
        tree=tree,
        mail_from=tuple(Sent(one, _judged(world, one.ip, sender, helo)) for one in target.ips),
        helo=tuple(Sent(one, _judged(world, one.ip, "", name), name) for one, name in by_helo),
        owners=_owners(tree, world),
        type99=world.dns.ask(target.domain, "SPF"),
        passing=Passing(),
    )


def _judged(world: World, ip: str, mail_from: str, helo: str) -> Verdict:
    return evaluate(world.dns, ip=ip, mail_from=mail_from, helo=helo, now=world.now)


def _owners(tree: Tree, world: World) -> Mapping[str, Answer]:
    """Ask for the registrable domains of names that do not exist: may anybody register them?"""
    own = organization(tree.root.domain)
    names = sorted({organization(name) for name in missing(tree.root)} - {own})
    answers = world.dns.ask_all([Question(name, "SOA") for name in names])
    return dict(zip(names, answers, strict=True))


def missing(root: Node) -> tuple[str, ...]:
    """The names that terms of the tree point to and that do not exist, each once."""
    includes = (node.domain for node in root.nodes() if node.end is End.NXDOMAIN)
    asked = (a.question.name for step in root.all_steps() for a in step.answers if a.got == "nxdomain")
    return tuple(dict.fromkeys((*includes, *asked)))


def shown(path: tuple[str, ...]) -> str:
    """A path for people: "include:esp.example → ip4:192.0.2.0/24"."""
    return " → ".join(path)


def term_of(step: Step) -> str:
    """A step with the way to it."""
    return shown(step.path)
