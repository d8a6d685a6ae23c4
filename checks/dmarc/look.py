"""Everything the DMARC rules judge by, brought home in two rounds of questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from checks.change import Change
from checks.dmarc.policy import EXISTENCE, Outcome, Policy, by_list, by_tree, existence
from checks.dmarc.record import DmarcRecord, is_dmarc
from checks.dmarc.reports import Destination, destinations
from checks.dmarc.walk import Level, Walk, level, names, walk
from checks.evidence import evidence_of, why_of
from checks.memo import Memo
from checks.model import Finding, Profile, State, Target, Value
from checks.names import is_subdomain
from checks.organization import organization
from checks.ports import Answer, Question, Txt, World

SENDING_LABELS = ("mail", "news", "newsletter", "email", "bounces", "marketing")
"""Subdomains that people send from; one with a policy of its own may be a hole in the domain's."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found for one target."""

    target: Target
    walk: Walk
    tree: Policy
    listed: Policy
    apex: Answer
    alias: Answer
    destinations: tuple[Destination, ...]
    subdomains: tuple[Level, ...]

    @property
    def start(self) -> Level:
        return self.walk.levels[0]

    @property
    def record(self) -> DmarcRecord | None:
        """The record that applies by RFC 9989; None where none does."""
        return self.tree.record if self.tree.outcome is Outcome.FOUND else None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every TXT record at the target's own `_dmarc` name."""
        return tuple(str(record) for record in self.start.answer.records if isinstance(record, Txt))

    @property
    def strays(self) -> tuple[str, ...]:
        return tuple(text for text in self.texts if not is_dmarc(text))

    @property
    def parked(self) -> bool:
        return self.target.profile is Profile.PARKED

    def finding(
        self,
        code: str,
        state: State,
        args: Mapping[str, Value] | None = None,
        *,
        at: Level | None = None,
        answers: tuple[Answer, ...] = (),
        before: str = "",
        after: str | None = None,
        subject: str = "",
    ) -> Finding:
        """A finding about the target, resting on the level `at` (its own by default) and on `answers`.

        `after` proposes the record at that level instead (of `before`, where that is no DMARC record).
        """
        here = at or self.start
        values: dict[str, Value] = {"found_at": here.domain, **(args or {})}
        if after is not None:
            present = before or (here.texts[0] if here.texts else "")
            values |= Change(f"_dmarc.{here.domain}", "TXT", present, after).args
        evidence = tuple(evidence_of(answer) for answer in dict.fromkeys((here.answer, *answers)))
        return Finding(code, state, subject or self.target.domain, values, evidence)

    def unknown(self, code: str, answers: tuple[Answer, ...], subject: str = "") -> Finding:
        """The rule could not be judged since these look-ups failed."""
        failed = tuple(answer for answer in answers if not answer.ok)
        whys = tuple(dict.fromkeys(f"{a.question.name} {a.question.rdtype}: {why_of(a)}" for a in failed))
        return self.finding(code, State.UNKNOWN, {"why": whys}, answers=failed, subject=subject)


def look(target: Target, world: World) -> Look:
    """One round for all that is known from the start, a second for what the record found refers to."""
    dns, domain = Memo(world.dns), target.domain
    below = _below(target)
    apex, alias = Question(domain, "TXT"), Question(f"_dmarc.{domain}", "CNAME")
    policies = [Question(f"_dmarc.{name}", "TXT") for name in (*names(domain), organization(domain), *below)]
    dns.ask_all([*policies, apex, alias, *(Question(domain, rdtype) for rdtype in EXISTENCE)])
    walked = walk(dns, domain)
    tree = by_tree(walked, existence(dns, domain))
    return Look(
        target=target,
        walk=walked,
        tree=tree,
        listed=by_list(dns, domain),
        apex=dns.ask(apex.name, apex.rdtype),
        alias=dns.ask(alias.name, alias.rdtype),
        destinations=destinations(dns, tree),
        subdomains=tuple(level(name, dns.ask(f"_dmarc.{name}", "TXT")) for name in below),
    )


def _below(target: Target) -> list[str]:
    """The names below the domain that may send: those of HELO, and the usual ones."""
    domain = target.domain
    known = [name for name in target.helos if is_subdomain(name, domain) and name != domain]
    return list(dict.fromkeys([*known, *(f"{label}.{domain}" for label in SENDING_LABELS)]))
