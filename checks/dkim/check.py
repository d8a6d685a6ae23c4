"""The DKIM keys of a domain: those that mail is known to use, or those that can be found."""

from collections.abc import Iterator, Sequence

from checks.check import DECISIVE, Check
from checks.dkim.key import KeyType
from checks.dkim.look import Published, look
from checks.dkim.rules import judge
from checks.evidence import evidence_of, why_of
from checks.model import Args, Finding, Profile, Severity, State, Target
from checks.ports import Why, World


def check(target: Target, world: World) -> Iterator[Finding]:
    """Findings per key (subject: its name), and one about the domain where no selector was known."""
    if target.profile is Profile.PARKED:
        yield Finding("DKIM-001", State.NOT_APPLICABLE, target.domain)
        return
    found = look(world.dns, target)
    claimed = [one for one in found if one.candidate.origin.claimed]
    for one in claimed:
        yield from _presence(one)
    if not claimed:
        yield from _discovered(target, found)
    for one in found:
        if one.keys:
            yield from judge(one)
    yield from _together(target, [one for one in found if one.keys])


def _presence(found: Published) -> Iterator[Finding]:
    """A selector in use must have a key; where its name is an alias, the alias must lead to one."""
    answer, name = found.answer, found.answer.question.name
    args: Args = {
        "selector": found.candidate.selector,
        "origin": found.candidate.origin.value,
        "why": "" if answer.ok else why_of(answer),
        "chain": answer.chain,
        "because": "",
    }
    proof = (evidence_of(answer),)
    if not answer.ok:
        yield Finding("DKIM-001", State.UNKNOWN, name, args, proof)
        if answer.why is Why.LOOP:
            yield Finding("DKIM-013", State.FAIL, name, {**args, "flaw": "goes round in circles"}, proof)
        return
    yield Finding("DKIM-001", State.PASS if found.keys else State.FAIL, name, args, proof)
    if not found.keys and answer.chain:
        flaw = f"leads to {answer.chain[-1]}, where no key is"
        yield Finding("DKIM-013", State.FAIL, name, {**args, "flaw": flaw}, proof)


def _discovered(target: Target, found: Sequence[Published]) -> Iterator[Finding]:
    """Nobody told a selector: what was found, and an honest "unknown" when nothing was."""
    hits = [one for one in found if one.keys]
    asked = tuple(one.candidate.selector for one in found)
    args: Args = {"asked": asked, "found": tuple(one.candidate.selector for one in hits)}
    yield Finding("DKIM-002", State.PASS if hits else State.UNKNOWN, target.domain, args)
    for one in hits:
        about: Args = {
            "selector": one.candidate.selector,
            "origin": one.candidate.origin.value,
            "because": one.candidate.because,
        }
        proof = (evidence_of(one.answer),)
        yield Finding("DKIM-001", State.PASS, one.answer.question.name, about, proof)


def _together(target: Target, found: Sequence[Published]) -> Iterator[Finding]:
    """What only shows when all keys lie side by side."""
    usable = [(one, one.keys[0]) for one in found if one.keys[0].public is not None]
    if not usable:
        return
    lonely = all(key.type == KeyType.ED25519 for _, key in usable)
    names = tuple(one.candidate.selector for one, _ in usable)
    yield Finding("DKIM-006", State.WARN if lonely else State.PASS, target.domain, {"selectors": names})
    by_key: dict[bytes, list[str]] = {}
    for one, key in usable:
        by_key.setdefault(key.material, []).append(one.candidate.selector)
    shared = tuple(tuple(selectors) for selectors in by_key.values() if len(selectors) > 1)
    yield Finding("DKIM-014", State.WARN if shared else State.PASS, target.domain, {"selectors": shared})
    if target.learned:
        idle = tuple(s for s in target.selectors if s not in target.learned)
        yield Finding("DKIM-015", State.WARN if idle else State.PASS, target.domain, {"selectors": idle})


CHECK = Check(
    name="dkim",
    run=check,
    cites="RFC 6376, RFC 8301, RFC 8463",
    scopes=DECISIVE,
    codes={
        "DKIM-001": Severity.CRITICAL,
        "DKIM-002": Severity.INFO,
        "DKIM-003": Severity.HIGH,
        "DKIM-004": {State.FAIL: Severity.CRITICAL, State.WARN: Severity.INFO},
        "DKIM-005": {State.FAIL: Severity.CRITICAL, State.WARN: Severity.MEDIUM},
        "DKIM-006": Severity.INFO,
        "DKIM-007": Severity.MEDIUM,
        "DKIM-008": Severity.INFO,
        "DKIM-009": Severity.HIGH,
        "DKIM-010": Severity.HIGH,
        "DKIM-011": Severity.HIGH,
        "DKIM-012": Severity.HIGH,
        "DKIM-013": {State.FAIL: Severity.HIGH, State.WARN: Severity.MEDIUM},
        "DKIM-014": Severity.INFO,
        "DKIM-015": Severity.INFO,
    },
)
