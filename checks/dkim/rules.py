"""What is wrong with a published key (DKIM-003 to 013), one function a rule. Pure."""

from collections.abc import Callable, Iterator, Mapping

from checks.change import Change
from checks.dkim.key import Key, KeyType
from checks.dkim.look import Published
from checks.evidence import evidence_of
from checks.model import Args, Finding, State

RSA_LEAST, RSA_GOOD, RSA_MOST = 1024, 2048, 4096
LONGEST_CHAIN = 4
"""CNAMEs that a selector may go through; some verifiers stop there."""


def judge(found: Published) -> Iterator[Finding]:
    """All findings about the key at one selector that answered."""
    yield _alone(found)
    yield _chain(found)
    key = found.keys[0]
    yield _finding(found, "DKIM-011", bool(key.version_flaw), {"flaw": key.version_flaw})
    flaws = tuple(str(flaw) for flaw in key.flaws)
    yield _finding(found, "DKIM-012", bool(flaws), {"flaws": flaws, "text": key.text[:300]})
    if flaws:
        return
    yield _revoked(found, key)
    if key.revoked:
        return
    for rule in RULES.values():
        yield rule(found, key)


def _finding(found: Published, code: str, broken: bool, args: Args, state: State = State.FAIL) -> Finding:
    """`state` where the rule is broken, a pass where it holds; selector and origin are in every finding."""
    about: Args = {
        "selector": found.candidate.selector,
        "origin": found.candidate.origin.value,
        **args,
    }
    subject = found.answer.question.name
    return Finding(code, state if broken else State.PASS, subject, about, (evidence_of(found.answer),))


def _alone(found: Published) -> Finding:
    """Several records: which one a verifier takes is undefined (RFC 6376 section 3.6.2.2)."""
    return _finding(found, "DKIM-003", len(found.keys) > 1, {"count": len(found.keys)})


def _chain(found: Published) -> Finding:
    """The key lies behind an alias; that it leads on was seen, but not too far."""
    chain = found.answer.chain
    args: Args = {"chain": chain, "flaw": f"is {len(chain)} aliases long" if chain else ""}
    return _finding(found, "DKIM-013", len(chain) > LONGEST_CHAIN, args, State.WARN)


def _revoked(found: Published, key: Key) -> Finding:
    """An empty p= (RFC 6376 section 3.6.1): fine for a key of old, fatal for one in use."""
    state = State.FAIL if found.candidate.origin.claimed else State.WARN
    return _finding(found, "DKIM-004", key.revoked, {}, state)


def _strength(found: Published, key: Key) -> Finding:
    """RFC 8301 section 3.2: below 1024 bits verifiers must not accept, 2048 are advised."""
    if key.type != KeyType.RSA:
        return _finding(found, "DKIM-005", False, {"bits": 0, "type": key.type})
    state = State.FAIL if key.bits < RSA_LEAST else State.WARN
    odd = key.bits < RSA_GOOD or key.bits > RSA_MOST
    return _finding(found, "DKIM-005", odd, {"bits": key.bits, "type": key.type}, state)


def _testing(found: Published, key: Key) -> Finding:
    args: Args = {}
    if key.testing and len(found.keys) == 1:
        args = Change(found.answer.question.name, "TXT", key.text, without_flag(key.text, "y")).args
    return _finding(found, "DKIM-007", key.testing, args, State.WARN)


def without_flag(text: str, flag: str) -> str:
    """The record without one flag of t=, and without the tag when nothing is left of it."""
    parts = []
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if name.strip() == "t" and equals:
            left = [word.strip() for word in value.split(":") if word.strip() != flag]
            parts += [f"{name}={':'.join(left)}"] if left else []
        else:
            parts.append(part)
    return ";".join(parts).strip()


def _strict(found: Published, key: Key) -> Finding:
    return _finding(found, "DKIM-008", key.strict, {}, State.WARN)


def _hashes(found: Published, key: Key) -> Finding:
    """SHA-1 is forbidden (RFC 8301 section 3.1), so a key without sha256 verifies nothing."""
    return _finding(found, "DKIM-009", not key.takes_sha256, {"hashes": key.hashes})


def _services(found: Published, key: Key) -> Finding:
    return _finding(found, "DKIM-010", not key.serves_mail, {"services": key.services})


RULES: Mapping[str, Callable[[Published, Key], Finding]] = {
    "DKIM-005": _strength,
    "DKIM-007": _testing,
    "DKIM-008": _strict,
    "DKIM-009": _hashes,
    "DKIM-010": _services,
}
"""The rules about a key that can be used."""
