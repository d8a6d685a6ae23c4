"""Judging the reverse DNS of a sending address (RDNS-001 to 005, 010 to 012)."""

import re
from collections.abc import Collection, Iterator

from checks.evidence import evidence_of, why_of
from checks.model import Args, Evidence, Finding, State
from checks.names import MAX_LABEL, MAX_NAME
from checks.organization import organization
from checks.ports import Why
from checks.rdns.generic import looks
from checks.rdns.look import Reverse, family

HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")  # RFC 1123 section 2.1
BROKEN = {Why.SERVFAIL, Why.REFUSED, Why.LAME, Why.FORMERR, Why.LOOP}


def judge(found: Reverse, domains: Collection[str]) -> Iterator[Finding]:
    """All findings about one address; `domains` are the names that it sends for."""
    proof = (evidence_of(found.answer),)
    if not found.answer.ok:
        yield from _unanswered(found, proof)
        return
    yield Finding("RDNS-012", State.PASS, found.ip, {}, proof)
    if not found.names:
        yield Finding("RDNS-001", State.FAIL, found.ip, {"name": found.answer.question.name}, proof)
        yield from _ipv6(found, State.FAIL)
        return
    names = tuple(name.name for name in found.names)
    yield Finding("RDNS-001", State.PASS, found.ip, {"names": names}, proof)
    yield _confirmation(found, proof)
    yield from _ipv6(found, _state(found))
    yield from _several(found, proof)
    yield from _quality(found, domains)


def _unanswered(found: Reverse, proof: tuple[Evidence, ...]) -> Iterator[Finding]:
    """The PTR question failed. A zone that answers wrongly is a fault to name; silence is only silence."""
    args: Args = {"why": why_of(found.answer), "name": found.answer.question.name}
    yield Finding("RDNS-001", State.UNKNOWN, found.ip, args, proof)
    if found.answer.why in BROKEN:
        yield Finding("RDNS-012", State.UNKNOWN, found.ip, args, proof)


def _state(found: Reverse) -> State:
    if found.confirmed:
        return State.PASS
    return State.UNKNOWN if found.open else State.FAIL


def _confirmation(found: Reverse, proof: tuple[Evidence, ...]) -> Finding:
    forwards = [name.forward for name in found.names if name.forward is not None]
    failed = next((why_of(answer) for answer in forwards if not answer.ok), "")
    args: Args = {"names": found.confirmed or found.unconfirmed, "why": failed, "family": family(found.ip)}
    ways = tuple(evidence_of(answer, (found.ip,)) for answer in forwards)
    return Finding("RDNS-002", _state(found), found.ip, args, (*proof, *ways))


def _ipv6(found: Reverse, state: State) -> Iterator[Finding]:
    """Gmail refuses mail over IPv6 without a confirmed PTR (550-5.7.1)."""
    if ":" in found.ip:
        yield Finding("RDNS-010", state, found.ip, {"names": found.unconfirmed, "why": "see RDNS-002"})


def _several(found: Reverse, proof: tuple[Evidence, ...]) -> Iterator[Finding]:
    if not found.confirmed:
        return  # RDNS-002 says it
    state = State.WARN if len(found.names) > 1 else State.PASS
    args: Args = {"count": len(found.names), "confirmed": found.confirmed, "unconfirmed": found.unconfirmed}
    yield Finding("RDNS-003", state, found.ip, args, proof)


def _quality(found: Reverse, domains: Collection[str]) -> Iterator[Finding]:
    """The names themselves: the confirmed ones, or all of them when none is."""
    names = found.confirmed or found.unconfirmed
    name = min(names, key=lambda name: looks(name, found.ip).score)
    look = looks(name, found.ip)
    args: Args = {"name": name, "score": look.score, "because": look.because}
    yield Finding("RDNS-004", State.WARN if look.generic else State.PASS, found.ip, args)
    ours = {organization(domain) for domain in domains}
    state = State.PASS if any(organization(name) in ours for name in names) else State.WARN
    yield Finding("RDNS-005", state, found.ip, {"names": names, "domains": tuple(sorted(domains))})
    odd = tuple(f"{name}: {flaw}" for name in names if (flaw := host_flaw(name)))
    yield Finding("RDNS-011", State.WARN if odd else State.PASS, found.ip, {"flaws": odd, "names": names})


def host_flaw(name: str) -> str:
    """Why `name` is no host name (RFC 952, RFC 1123 section 2.1); "" when it is one."""
    labels = name.split(".")
    if len(name) > MAX_NAME or any(len(label) > MAX_LABEL for label in labels):
        return "too long"
    if bad := next((label for label in labels if not HOST_LABEL.fullmatch(label)), None):
        return f"“{bad}” is no host label" if bad else "an empty label"
    if labels[-1].isdigit():
        return "ends in a number"
    return "" if len(labels) > 1 else "has no dot"
