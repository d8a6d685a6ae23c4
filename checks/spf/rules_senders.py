"""Rules about who sends: does each known address pass, by MAIL FROM and by HELO?"""

from collections.abc import Iterator

from checks.change import Change
from checks.evidence import evidence_of
from checks.model import Evidence, Finding, State, Value
from checks.spf import edit
from checks.spf.look import Look, Sent, shown
from checks.spf.terms import Result
from checks.spf.tree import End

INBOUND = "MX"
"""Origin of an address that is known only as a mail exchanger: it may never send."""


def record(look: Look) -> Iterator[Finding]:
    """SPF-001: there is a record."""
    root = look.root
    if root.end is End.FAILED and root.answer is not None:
        yield look.unknown("SPF-001", (root.answer,))
    elif root.end in (End.NO_RECORD, End.NXDOMAIN):
        near = tuple(text for text in root.answer.texts if _looks_like_spf(text)) if root.answer else ()
        args: dict[str, Value] = {"near": near or None}
        yield look.finding("SPF-001", State.FAIL, args=args, after=proposed(look))
    else:
        yield look.finding("SPF-001", State.PASS, args={"record": root.texts[0]})


def _looks_like_spf(text: str) -> bool:
    return "spf" in text.lower()[:12]


def proposed(look: Look) -> str:
    """A first record: what is known to send, and nobody else."""
    if look.parked:
        return "v=spf1 -all"
    known = [
        f"ip{6 if ':' in one.ip else 4}:{one.ip}"
        for one in look.target.ips
        if not one.origin.startswith(INBOUND)
    ]
    return edit.written([*(known or ["mx"]), "~all"])


def addresses(look: Look) -> Iterator[Finding]:
    """SPF-027: each address that mail leaves from passes for the domain."""
    for sent in look.mail_from:
        yield _judged(look, sent)


def _judged(look: Look, sent: Sent) -> Finding:
    result = sent.verdict.result
    args = {**_args(look, sent), "domain": look.target.domain}
    if result is Result.PASS:
        return _about(sent, "SPF-027", State.PASS, args)
    if result is Result.TEMPERROR:
        return _about(sent, "SPF-027", State.UNKNOWN, {**args, "why": str(sent.verdict.reason)})
    if sent.sending.origin.startswith(INBOUND):
        return _about(sent, "SPF-027", State.NOT_APPLICABLE, args)
    if result in (Result.FAIL, Result.SOFTFAIL, Result.NEUTRAL):  # an error is mended elsewhere first
        mechanism = f"ip{6 if ':' in sent.sending.ip else 4}:{sent.sending.ip}"
        before = look.root.texts[0]
        args |= Change(look.root.domain, "TXT", before, edit.allowing(before, mechanism)).args
    return _about(sent, "SPF-027", State.FAIL, args)


def helos(look: Look) -> Iterator[Finding]:
    """SPF-028: bounces have an empty MAIL FROM, so the HELO name is judged in its place (section 2.4)."""
    for sent in look.helo:
        args = {**_args(look, sent), "helo": sent.helo, "ip": sent.sending.ip}
        if sent.verdict.result is Result.PASS:
            yield _about(sent, "SPF-028", State.PASS, args)
        elif sent.verdict.result is Result.TEMPERROR:
            yield _about(sent, "SPF-028", State.UNKNOWN, {**args, "why": str(sent.verdict.reason)})
        else:
            if sent.verdict.result is Result.NONE:
                args |= Change(sent.helo, "TXT", "", "v=spf1 a -all").args
            yield _about(sent, "SPF-028", State.WARN, args)


def parked(look: Look) -> Iterator[Finding]:
    """SPF-029: a domain that sends nothing says so."""
    if look.parked and look.root.end is not End.FAILED:
        says_so = [text.lower().split() for text in look.root.texts] == [["v=spf1", "-all"]]
        args: dict[str, Value] = {"record": look.root.texts[0] if look.root.texts else None}
        state = State.PASS if says_so else State.WARN
        yield look.finding("SPF-029", state, args=args, after=None if says_so else "v=spf1 -all")


def _args(look: Look, sent: Sent) -> dict[str, Value]:
    verdict = sent.verdict
    return {
        "ip": sent.sending.ip,
        "origin": sent.sending.origin,
        "result": verdict.result.value,
        "matched": shown(verdict.matched) or None,
        "because": str(verdict.reason) if verdict.reason else _because(verdict.matched),
        "lookups": verdict.lookups,
        "voids": verdict.voids,
        "domain": look.target.domain,
    }


def _because(matched: tuple[str, ...]) -> str:
    return f"{shown(matched)} decides" if matched else "nothing in the record speaks of it"


def _about(sent: Sent, code: str, state: State, args: dict[str, Value]) -> Finding:
    subject = f"{sent.helo} @ {sent.sending.ip}" if sent.helo else sent.sending.ip
    return Finding(code, state, subject, args, _evidence(sent))


def _evidence(sent: Sent) -> tuple[Evidence, ...]:
    return tuple(evidence_of(answer, (sent.verdict.domain,)) for answer in sent.verdict.answers)
