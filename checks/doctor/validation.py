"""Whether the resolver validates DNSSEC: without that, TLSA records and signatures cannot be judged."""

from collections.abc import Sequence

from checks.evidence import evidence_of, why_of
from checks.model import Finding, State
from checks.ports import Answer, Question, Why

SIGNED = Question("org", "SOA")
BOGUS = Question("dnssec-failed.org", "A")
"""A name whose signatures are wrong on purpose: who validates answers SERVFAIL."""
QUESTIONS = (SIGNED, BOGUS)


def judge(nameserver: str, answers: Sequence[Answer]) -> Finding:
    """DOC-004 from the answers to `QUESTIONS`."""
    signed, bogus = answers
    seen = (evidence_of(signed), evidence_of(bogus))
    if not signed.ok:
        return Finding("DOC-004", State.UNKNOWN, nameserver, {"why": why_of(signed)}, seen)
    if bogus.ok:
        fault = "it hands out answers whose signatures are wrong"
        return Finding("DOC-004", State.WARN, nameserver, {"fault": fault}, seen)
    if not signed.authenticated:
        fault = "it does not say of a signed answer that it was validated"
        return Finding("DOC-004", State.WARN, nameserver, {"fault": fault}, seen)
    if bogus.why is not Why.SERVFAIL:
        return Finding("DOC-004", State.UNKNOWN, nameserver, {"why": why_of(bogus)}, seen)
    return Finding("DOC-004", State.PASS, nameserver, {}, seen)
