"""Whether the domain itself is in order: its zone answers, its signatures hold, its aliases lead on."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from checks.check import DECISIVE, Check
from checks.evidence import evidence_of, why_of
from checks.model import Finding, Profile, Severity, State, Target
from checks.ports import Answer, Got, Host, Mx, Question, World

SOON = timedelta(days=3)
_RRSIG = re.compile(r"(?P<covers>\S+) \d+ \d+ \d+ (?P<expires>\d{14}|\d{10}) ")


def check(target: Target, world: World) -> Iterator[Finding]:
    """HYG-003 SOA and NS, DNSSEC-001 signatures, HYG-006 parked domains, HYG-010 aliases to nowhere."""
    domain = target.domain
    own = [Question(domain, rdtype) for rdtype in ("SOA", "NS", "DS", "RRSIG", "MX", "TXT")]
    found = world.dns.ask_all([*own, *_alias_questions(target)])
    answers = {answer.question.rdtype: answer for answer in found[: len(own)]}
    yield _zone(domain, answers["SOA"], answers["NS"])
    yield _signatures(domain, answers, world.now)
    if target.profile is Profile.PARKED:
        yield _parked(domain, answers["MX"], answers["TXT"])
    yield from _aliases(found[len(own) :], world)


def _zone(domain: str, soa: Answer, ns: Answer) -> Finding:
    """Yahoo refuses senders whose zone has no SOA or NS; below a zone cut the SOA comes with the nodata."""
    seen = (evidence_of(soa), evidence_of(ns))
    if not (soa.ok and ns.ok):
        why = why_of(soa if not soa.ok else ns)
        return Finding("HYG-003", State.UNKNOWN, domain, {"why": why}, seen)
    if soa.got is Got.NXDOMAIN:
        return Finding("HYG-003", State.FAIL, domain, {"fault": "the domain does not exist"}, seen)
    inherited = soa.got is Got.NODATA  # a name inside a zone: its zone answers for it
    if inherited or (soa.records and ns.records):
        return Finding("HYG-003", State.PASS, domain, {}, seen)
    return Finding("HYG-003", State.FAIL, domain, {"fault": "its zone has no NS record"}, seen)


def _signatures(domain: str, answers: dict[str, Answer], now: datetime) -> Finding:
    ds, soa, rrsig = answers["DS"], answers["SOA"], answers["RRSIG"]
    seen = (evidence_of(ds), evidence_of(soa))
    if not ds.ok:
        return Finding("DNSSEC-001", State.UNKNOWN, domain, {"why": why_of(ds)}, seen)
    if not ds.records:
        return Finding("DNSSEC-001", State.NOT_APPLICABLE, domain, {}, seen)
    if not soa.ok:  # a validating resolver answers SERVFAIL for a broken chain, and for much else
        why = f"the zone is signed and {why_of(soa)}; a broken signature looks like that"
        return Finding("DNSSEC-001", State.UNKNOWN, domain, {"why": why}, seen)
    expires = expiry(rrsig)
    args = {"expires": f"{expires:%Y-%m-%d %H:%M} UTC" if expires else "a time the resolver does not tell"}
    signed = (*seen, evidence_of(rrsig))
    if expires and expires < now + SOON:
        return Finding("DNSSEC-001", State.FAIL, domain, args, signed)
    if not soa.authenticated and not expires:
        return Finding("DNSSEC-001", State.UNKNOWN, domain, {"why": "the resolver does not validate"}, signed)
    return Finding("DNSSEC-001", State.PASS, domain, args, signed)


def expiry(answer: Answer) -> datetime | None:
    """When the first signature of an RRSIG answer ends (RFC 4034 section 3.2); None where there is none."""
    found = [match["expires"] for text in answer.texts if (match := _RRSIG.match(text))]
    moments = [
        datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if len(text) == 14
        else datetime.fromtimestamp(int(text), UTC)
        for text in found
    ]
    return min(moments, default=None)


def _parked(domain: str, mx: Answer, txt: Answer) -> Finding:
    """A domain that sends nothing says so: v=spf1 -all and a null MX (M3AAWG on parked domains)."""
    seen = (evidence_of(mx), evidence_of(txt))
    if not (mx.ok and txt.ok):
        why = why_of(mx if not mx.ok else txt)
        return Finding("HYG-006", State.UNKNOWN, domain, {"why": why}, seen)
    missing = []
    if "v=spf1 -all" not in [text.lower().strip() for text in txt.texts]:
        missing.append('the TXT record "v=spf1 -all"')
    if [record.host for record in mx.records if isinstance(record, Mx)] != [""]:
        missing.append("a null MX (0 .)")
    state = State.WARN if missing else State.PASS
    return Finding("HYG-006", state, domain, {"missing": tuple(missing)}, seen)


def _alias_questions(target: Target) -> list[Question]:
    names = [f"{selector}._domainkey.{target.domain}" for selector in target.selectors]
    names += [f"{label}.{target.domain}" for label in ("_dmarc", "mta-sts", "_mta-sts", "bounce", "click")]
    return [Question(name, "CNAME") for name in names]


def _aliases(answers: Sequence[Answer], world: World) -> Iterator[Finding]:
    """An alias whose end does not exist can be registered by somebody who then speaks for the domain."""
    ends = [
        (answer, record.name) for answer in answers for record in answer.records if isinstance(record, Host)
    ]
    led = world.dns.ask_all([Question(end, "A") for _, end in ends])
    for (answer, end), reached in zip(ends, led, strict=True):
        yield _alias(answer, end, reached)


def _alias(answer: Answer, end: str, led: Answer) -> Finding:
    name = answer.question.name
    seen = (evidence_of(answer), evidence_of(led))
    if not led.ok:
        return Finding("HYG-010", State.UNKNOWN, name, {"end": end, "why": why_of(led)}, seen)
    state = State.FAIL if led.got is Got.NXDOMAIN else State.PASS
    return Finding("HYG-010", state, name, {"end": end}, seen)


CHECK = Check(
    name="hygiene",
    run=check,
    cites="RFC 1034, RFC 4034, Yahoo's sender requirements",
    codes={
        "HYG-003": Severity.CRITICAL,
        "HYG-006": Severity.MEDIUM,
        "HYG-010": Severity.CRITICAL,
        "DNSSEC-001": {State.FAIL: Severity.CRITICAL, State.UNKNOWN: Severity.INFO},
    },
    scopes=DECISIVE,
)
