"""Whether the resolver tells the truth about names that do not exist."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from checks.check import DECISIVE, Check
from checks.evidence import evidence_of, why_of
from checks.model import Finding, Severity, State, Target
from checks.ports import Answer, Got, Question, World

ZONES = ("com", "org")
"""Zones without wildcards, in which every resolver that rewrites does it."""
LENGTH = 20


def check(target: Target, world: World) -> Iterator[Finding]:
    """RES-007: a name that cannot exist must be NXDOMAIN; else blocklists list everything, or nothing."""
    del target
    answers = world.dns.ask_all([Question(name, "A") for name in impossible_names(world.now)])
    yield judge(answers)


def impossible_names(now: datetime) -> tuple[str, ...]:
    """Names that nobody has registered: other ones every day, the same ones all day, so that caches help."""
    label = hashlib.sha256(f"homing {now:%Y-%m-%d}".encode()).hexdigest()[:LENGTH]
    return tuple(f"x{label}.{zone}" for zone in ZONES)


def judge(answers: Sequence[Answer]) -> Finding:
    """One finding about the resolver, from its answers for names that do not exist."""
    seen = tuple(evidence_of(answer) for answer in answers)
    resolver = next((answer.resolver for answer in answers if answer.resolver), "the resolver")
    made_up = dict.fromkeys(text for answer in answers for text in answer.texts)
    if made_up:
        return Finding("RES-007", State.FAIL, resolver, {"sent_to": tuple(made_up)}, seen)
    if any(answer.got is Got.NODATA for answer in answers):
        return Finding("RES-007", State.WARN, resolver, {"sent_to": ("nowhere, but as if it existed",)}, seen)
    if any(answer.got is Got.NXDOMAIN for answer in answers):
        return Finding("RES-007", State.PASS, resolver, {}, seen)
    return Finding("RES-007", State.UNKNOWN, resolver, {"why": why_of(answers[0])}, seen)


CHECK = Check(
    name="resolver",
    run=check,
    cites="RFC 8020, RFC 5782 section 5",
    codes={"RES-007": {State.FAIL: Severity.HIGH, State.WARN: Severity.MEDIUM, State.UNKNOWN: Severity.INFO}},
    scopes=DECISIVE,
)
