"""From looks to findings: one per (subject @ list, kind of listing); faults of the instrument once each."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from checks.blocklists.judge import Result
from checks.blocklists.look import Look, Survey, redacted
from checks.blocklists.selftest import Health, Trial
from checks.blocklists.zone import Class, Code, Zone
from checks.model import Args, Finding, Severity, State

LISTED = {
    Severity.CRITICAL: "BL-001",
    Severity.HIGH: "BL-002",
    Severity.MEDIUM: "BL-003",
    Severity.LOW: "BL-004",
}
POLICY, INFORMATIONAL, ALLOWED = "BL-005", "BL-006", "BL-007"
REFUSES, UNTESTED, STRANGE, UNRELIABLE, DEAD = "BL-008", "BL-009", "BL-010", "BL-011", "BL-012"

TOO_MANY_FAMILIES = 3
"""When lists of so many unrelated operators answer nonsense at once, the resolver is at fault, not they."""

RESOLVER = "resolver"
"""The subject of findings about the path to the lists."""

NO_VERDICT = frozenset({Result.NO_ANSWER, Result.UNTESTED, Result.UNKNOWN_CODE, Result.BOGUS})


def findings(survey: Survey) -> Iterator[Finding]:
    """Everything that follows from a survey."""
    dark = is_dark(survey.tests)
    for look in survey.looks:
        if look.result is not Result.REFUSED or dark:
            yield from about(look)
    if not dark:
        yield refusals(survey)
    yield from instruments(survey.tests)


def is_dark(tests: Sequence[Trial]) -> bool:
    """Whether no list was reached at all: then nobody refused us, our own resolver is down."""
    return not any(answer.ok for test in tests for answer in test.answers)


def bucket(code: Code) -> str | None:
    """The finding code that such a listing belongs to; None for a neutral entry."""
    match code.kind:
        case Class.LISTED:
            return LISTED.get(code.severity, INFORMATIONAL)
        case Class.POLICY:
            return POLICY if code.severity.at_least(Severity.HIGH) else INFORMATIONAL
        case Class.INFO:
            return INFORMATIONAL
        case Class.ALLOWED:
            return ALLOWED
        case _:
            return None


@lru_cache(maxsize=1024)
def buckets(zone: Zone) -> tuple[str, ...]:
    """The finding codes that a list can lead to, each of which is answered at every look."""
    return tuple(sorted({found for code in zone.meanings if (found := bucket(code))}))


def about(look: Look) -> Iterator[Finding]:
    """What one list says about one subject."""
    subject = f"{look.subject} @ {look.zone.name}"
    for code in buckets(look.zone):
        hits = tuple(meaning for meaning in look.reading.codes if bucket(meaning) == code)
        state = _state(code, look, hits)
        yield Finding(code, state, subject, _args(look, hits), look.evidence)
    if look.result in (Result.UNKNOWN_CODE, Result.BOGUS):
        yield Finding(STRANGE, State.WARN, subject, _args(look, ()), look.evidence)


def _state(code: str, look: Look, hits: Sequence[Code]) -> State:
    if look.result in NO_VERDICT or look.result is Result.REFUSED:
        return State.UNKNOWN
    if code == ALLOWED:
        return State.PASS if hits else State.NOT_APPLICABLE
    if not hits:
        return State.PASS
    return State.WARN if code == INFORMATIONAL else State.FAIL


def _args(look: Look, hits: Sequence[Code]) -> Args:
    zone = look.zone
    return {
        "who": look.subject,
        "zone": zone.name,
        "list": zone.title,
        "family": zone.family,
        "tier": zone.tier,
        "result": look.result.value,
        "labels": tuple(code.label for code in hits),
        "answers": look.reading.ips,
        "said": f" They say: “{look.reason}”." if look.reason else "",
        "delist": zone.delist,
        "how": zone.how,
        "why": look.why,
    }


def refusals(survey: Survey) -> Finding:
    """One finding about all lists that refuse this resolver, with the remedy; a pass when none does."""
    refused = {look.zone: look.why for look in survey.looks if look.result is Result.REFUSED}
    args: Args = {
        "zones": tuple(zone.name for zone in refused),
        "count": len(refused),
        "reasons": tuple(f"{zone.name}: {why}" for zone, why in refused.items()),
    }
    proof = tuple(e for look in survey.looks if look.zone in refused for e in look.evidence)
    return Finding(REFUSES, State.UNKNOWN if refused else State.PASS, RESOLVER, args, proof[:20])


def instruments(tests: Iterable[Trial]) -> Iterator[Finding]:
    """Lists that fail their self-test: each for itself, or all at once when the resolver must be at fault."""
    tried = tuple(test for test in tests if test.health not in (Health.REFUSED, Health.SILENT))
    broken = tuple(test for test in tried if test.health.broken)
    families = tuple(dict.fromkeys(test.zone.family for test in broken if test.health is not Health.EMPTY))
    rotten = len(families) >= TOO_MANY_FAMILIES
    zones = tuple(test.zone.name for test in broken)
    state = State.UNKNOWN if rotten else State.PASS
    if tried:
        yield Finding(UNRELIABLE, state, RESOLVER, {"zones": zones, "families": families})
    for test in tried:
        if test.health.broken and rotten:
            continue
        proof = tuple(redacted(test.zone, answer) for answer in test.answers) if test.health.broken else ()
        state = State.UNKNOWN if test.health.broken else State.PASS
        args: Args = {"list": test.zone.title, "why": test.why, "health": test.health.name.lower()}
        yield Finding(UNTESTED, state, test.zone.name, args, proof)
