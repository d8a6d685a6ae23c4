"""What an answer means: one question, exactly one result. Pure; the asking is in `look.py`."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from checks.blocklists.zone import Class, Code, Zone, fits
from checks.model import Severity
from checks.ports import Address, Answer, Got, Why

NEVER_A_LISTING = "127.255.255.*"
"""Operators answer from here when they refuse, whatever the list (RFC 5782 section 2.1 leaves it open)."""


class Result(StrEnum):
    """What came of asking one list about one subject."""

    NOT_LISTED = "not listed"
    LISTED = "listed"
    POLICY = "on a policy list"
    INFO = "on an informational list"
    NEUTRAL = "known, without a verdict"
    ALLOWED = "allow-listed"
    REFUSED = "refused"
    NO_ANSWER = "no answer"
    UNKNOWN_CODE = "an undocumented answer"
    BOGUS = "an answer that no blocklist gives"
    UNTESTED = "the list fails its self-test"


OF_CLASS = {
    Class.LISTED: Result.LISTED,
    Class.POLICY: Result.POLICY,
    Class.INFO: Result.INFO,
    Class.NEUTRAL: Result.NEUTRAL,
    Class.ALLOWED: Result.ALLOWED,
}
WORST_FIRST = tuple(OF_CLASS)


@dataclass(frozen=True, slots=True)
class Reading:
    """A list's answer, understood: all its A records, in order, and what they mean, worst first."""

    result: Result
    ips: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    why: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(code.label for code in self.codes)

    @property
    def severity(self) -> Severity:
        """The worst among the codes of its class."""
        return min((code.severity for code in self.codes), key=lambda s: s.rank, default=Severity.INFO)


CLEAN = Reading(Result.NOT_LISTED)


def read(zone: Zone, answer: Answer) -> Reading:
    """Understand the answer to an A question; `NOT_LISTED` still depends on the list's self-test."""
    if answer.got is Got.FAILED:
        refused = answer.why in (Why.REFUSED, Why.SERVFAIL)
        why = zone.redact(answer.note or (answer.why or Why.TIMEOUT).value)
        return Reading(Result.REFUSED if refused else Result.NO_ANSWER, why=why)
    ips = [record.ip for record in answer.records if isinstance(record, Address)]
    return interpret(zone, tuple(sorted(ips, key=ipaddress.ip_address))) if ips else CLEAN


def interpret(zone: Zone, ips: Sequence[str]) -> Reading:
    """The meaning of one or more A records; a refusal among them outweighs everything else."""
    return _interpreted(zone, tuple(ips))


@lru_cache(maxsize=4096)
def _interpreted(zone: Zone, found: tuple[str, ...]) -> Reading:
    if refusal := next((why for ip in found if (why := refused(zone, ip))), ""):
        return Reading(Result.REFUSED, found, why=refusal)
    codes = tuple(dict.fromkeys(code for ip in found for code in meanings(zone, ip)))
    if not codes:
        inside = all(ip.startswith("127.") for ip in found)
        return Reading(Result.UNKNOWN_CODE if inside else Result.BOGUS, found)
    ordered = tuple(sorted(codes, key=lambda code: (WORST_FIRST.index(code.kind), code.severity.rank)))
    return Reading(OF_CLASS[ordered[0].kind], found, ordered)


def refused(zone: Zone, ip: str) -> str:
    """Why the list will not answer us; "" when this is no refusal."""
    known = next((why for pattern, why in zone.refusals if fits(pattern, ip)), "")
    return known or ("the list refuses this resolver" if fits(NEVER_A_LISTING, ip) else "")


def meanings(zone: Zone, ip: str) -> tuple[Code, ...]:
    """The documented meanings of one A record: several only where the last octet is a sum of bits."""
    if first := next((code for code in zone.codes if code.matches(ip)), None):
        return (first,)
    if not ip.startswith("127.0.0."):
        return ()
    value = int(ip.rpartition(".")[2])
    return tuple(code for bit, code in zone.bits if value & bit)
