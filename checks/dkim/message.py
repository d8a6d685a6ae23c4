"""What is wrong with the signatures of one message (DKIM-101 to 111). Pure: over what `verify` found."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from checks.authentication import Authentication
from checks.check import MessageCheck
from checks.dkim.look import key_name
from checks.dkim.signature import FORBIDDEN, SOON
from checks.dkim.verify import Result, Verified
from checks.dmarc.align import aligned_by_list
from checks.evidence import evidence_of
from checks.model import Args, Finding, Severity, State

GUARDED = ("from", "to", "subject", "date", "message-id", "content-type")
"""Fields to be oversigned, so that none can be added (RFC 6376 section 8.15)."""
UNSUBSCRIBE = ("list-unsubscribe", "list-unsubscribe-post")
FEEDBACK = ("feedback-id", "cfbl-address")
SKEW = timedelta(minutes=5)
"""How far two honest clocks may be apart."""
LONGEST_LINE = 998
"""RFC 5322 section 2.1.1."""


def check(found: Authentication) -> Iterator[Finding]:
    """Findings about the message (subject: its From domain) and about each signature (subject: its key)."""
    yield _holds(found)
    yield _aligned(found)
    yield _unsubscribe(found)
    yield from _feedback(found)
    yield _transport(found)
    for one in found.dkim:
        for rule in SIGNATURE_RULES:
            yield rule(found, one)


def _about(found: Authentication) -> str:
    return found.author or "the message"


def _holds(found: Authentication) -> Finding:
    """Whether any signature verifies; a key that could not be asked for leaves it open."""
    results = [one.result for one in found.dkim]
    args: Args = {
        "count": len(results),
        "domains": found.signed_by,
        "reasons": tuple(f"{one.domain}: {one.reason}" for one in found.dkim if one.reason) or "it has none",
        "why": next((one.reason for one in found.dkim if one.result is Result.TEMPERROR), ""),
    }
    return Finding("DKIM-101", _open_or(results, State.FAIL, found.signed_by), _about(found), args)


def _open_or(results: list[Result], otherwise: State, passed: tuple[str, ...]) -> State:
    if passed:
        return State.PASS
    return State.UNKNOWN if Result.TEMPERROR in results else otherwise


def _aligned(found: Authentication) -> Finding:
    """Whether a passing signature belongs to the From domain's organisation (what DMARC asks for)."""
    author = found.author or ""
    good = tuple(domain for domain in found.signed_by if aligned_by_list(author, domain))
    waiting = [one.result for one in found.dkim if aligned_by_list(author, one.domain)]
    args: Args = {
        "author": author,
        "domains": found.signed_by or "nobody",
        "aligned": good,
        "why": "see DKIM-101",
    }
    return Finding("DKIM-102", _open_or(waiting, State.FAIL, good), _about(found), args)


def _signed(found: Authentication, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `names` that the message has and no passing signature covers."""
    passing = [one for one in found.dkim if one.result is Result.PASS]
    present = [name for name in names if found.mail.all(name)]
    return tuple(name for name in present if not any(name in one.signature.signed for one in passing))


def _unsubscribe(found: Authentication) -> Finding:
    """RFC 8058 section 4: both fields must be covered by a valid signature."""
    if not found.mail.all(UNSUBSCRIBE[0]):
        return Finding("DKIM-108", State.NOT_APPLICABLE, _about(found))
    missing = _signed(found, UNSUBSCRIBE)
    return Finding("DKIM-108", State.FAIL if missing else State.PASS, _about(found), {"fields": missing})


def _feedback(found: Authentication) -> Iterator[Finding]:
    if any(found.mail.all(name) for name in FEEDBACK):
        missing = _signed(found, FEEDBACK)
        state = State.WARN if missing else State.PASS
        yield Finding("DKIM-109", state, _about(found), {"fields": missing})


def _transport(found: Authentication) -> Finding:
    """What a server on the way may rewrite, so that the signature breaks."""
    body = found.mail.body
    longest = max(map(len, body.split(b"\r\n")), default=0)
    encodings = [field.value.lower() for field in found.mail.all("content-transfer-encoding")]
    raw = any(octet > 127 for octet in body) and not {"8bit", "binary"} & set(encodings)
    multipart = found.mail.first("content-type").lower().startswith("multipart/")
    flaws = []
    if longest > LONGEST_LINE:
        flaws.append(f"a line of {longest} octets, more than {LONGEST_LINE}")
    if raw and not multipart:
        flaws.append("octets above 127 without Content-Transfer-Encoding: 8bit")
    return Finding("DKIM-111", State.WARN if flaws else State.PASS, _about(found), {"flaws": tuple(flaws)})


def _finding(one: Verified, code: str, state: State, args: Args) -> Finding:
    about: Args = {"domain": one.domain, "selector": one.selector, **args}
    proof = (evidence_of(one.answer),) if one.answer else ()
    return Finding(code, state, key_name(one.selector, one.domain), about, proof)


def _covered(found: Authentication, one: Verified) -> Finding:
    if "from" not in one.signature.signed:
        return _finding(one, "DKIM-103", State.FAIL, {"fields": ("from",), "grade": "does not sign"})
    open_ = tuple(name for name in GUARDED if not one.signature.oversigned(name, found.mail))
    args: Args = {"fields": open_, "grade": "does not oversign"}
    return _finding(one, "DKIM-103", State.WARN if open_ else State.PASS, args)


def _length(found: Authentication, one: Verified) -> Finding:
    del found
    part = "l" in one.signature.tags
    args: Args = {"length": one.signature.tags.get("l")}
    return _finding(one, "DKIM-104", State.WARN if part else State.PASS, args)


def _times(found: Authentication, one: Verified) -> Finding:
    """t= and x= against each other and against the time of the look."""
    issued, expires = one.signature.issued, one.signature.expires
    if expires is not None and "expired" in one.reason:
        return _finding(one, "DKIM-105", State.FAIL, {"flaw": "has expired"})
    lifetime = timedelta(seconds=expires - issued) if issued is not None and expires is not None else None
    if lifetime is not None and lifetime < SOON:
        return _finding(one, "DKIM-105", State.WARN, {"flaw": f"lives for {lifetime} only"})
    ahead = issued is not None and issued > (found.now + SKEW).timestamp()
    args: Args = {"flaw": "was made in the future" if ahead else ""}
    return _finding(one, "DKIM-105", State.WARN if ahead else State.PASS, args)


def _algorithm(found: Authentication, one: Verified) -> Finding:
    del found
    name = one.signature.algorithm
    state = State.FAIL if name == FORBIDDEN else State.PASS
    return _finding(one, "DKIM-106", state, {"algorithm": name})


def _changed(found: Authentication, one: Verified) -> Finding:
    """Header or body changed on the way: which, and what usually does that."""
    del found
    if one.result is Result.TEMPERROR:
        return _finding(one, "DKIM-107", State.UNKNOWN, {"why": one.reason})
    if one.result is Result.PERMERROR:
        return _finding(one, "DKIM-107", State.NOT_APPLICABLE, {"reason": one.reason})
    hint = HEADER_HINT if one.body_holds else BODY_HINT
    args: Args = {"reason": one.reason, "hint": hint}
    return _finding(one, "DKIM-107", State.FAIL if one.result is Result.FAIL else State.PASS, args)


def _form(found: Authentication, one: Verified) -> Finding:
    del found
    forms = "/".join(one.signature.forms)
    return _finding(one, "DKIM-110", State.WARN if "simple" in forms else State.PASS, {"forms": forms})


BODY_HINT = "A footer, a banner, other line ends or another encoding was put in after signing"
HEADER_HINT = "A signed field was rewritten after signing: a subject tag, a re-folded or re-encoded field"
SIGNATURE_RULES: tuple[Callable[[Authentication, Verified], Finding], ...] = (
    _covered,
    _length,
    _times,
    _algorithm,
    _changed,
    _form,
)

CHECK = MessageCheck(
    name="signatures",
    run=check,
    cites="RFC 6376, RFC 8058, RFC 8301",
    codes={
        "DKIM-101": Severity.CRITICAL,
        "DKIM-102": Severity.CRITICAL,
        "DKIM-103": {State.FAIL: Severity.CRITICAL, State.WARN: Severity.LOW},
        "DKIM-104": Severity.HIGH,
        "DKIM-105": {State.FAIL: Severity.HIGH, State.WARN: Severity.MEDIUM},
        "DKIM-106": Severity.CRITICAL,
        "DKIM-107": Severity.CRITICAL,
        "DKIM-108": Severity.HIGH,
        "DKIM-109": Severity.MEDIUM,
        "DKIM-110": Severity.INFO,
        "DKIM-111": Severity.MEDIUM,
    },
)
