"""Which policy applies to an Author Domain: by the tree walk of RFC 9989 and by the list of RFC 7489."""

from dataclasses import dataclass
from enum import StrEnum

from checks.dmarc.record import Disposition, DmarcRecord
from checks.dmarc.walk import Found, Level, Walk, level
from checks.organization import organization
from checks.ports import Answer, Dns, Got, Question

EXISTENCE = ("A", "AAAA", "MX")
"""A domain with none of these does not exist for DMARC (RFC 9989 section 3.2.13)."""


class Outcome(StrEnum):
    """Whether a policy was found; `FAILED` means that we do not know."""

    FOUND = "found"
    NONE = "none"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Policy:
    """What one way of discovery comes to."""

    outcome: Outcome
    domain: str
    """The Author Domain."""
    organizational: str
    level: Level | None = None
    """Where the record was found."""
    disposition: Disposition | None = None
    """The policy for `domain` before `t=y`."""
    effective: Disposition | None = None
    """What receivers are asked to do."""
    failed: tuple[Answer, ...] = ()

    @property
    def record(self) -> DmarcRecord | None:
        return self.level.record if self.level else None

    @property
    def found_at(self) -> str | None:
        return self.level.domain if self.level else None


def existence(dns: Dns, domain: str) -> tuple[Answer, ...]:
    """The answers that decide whether a domain exists."""
    return tuple(dns.ask_all([Question(domain, rdtype) for rdtype in EXISTENCE]))


def exists(answers: tuple[Answer, ...]) -> bool | None:
    """True, False, or None when it could not be found out. A null MX is a record: the domain exists."""
    if any(answer.got is Got.RECORDS for answer in answers):
        return True
    return None if any(not answer.ok for answer in answers) else False


def by_tree(walked: Walk, there: tuple[Answer, ...]) -> Policy:
    """RFC 9989 section 4.10.1: at the Author Domain, else at its Organizational Domain, else at the PSD.

    `there` are the `existence` answers of the start. A level that failed below the record leaves it open.
    """
    author = walked.start
    organizational = walked.organizational
    start = walked.levels[0]
    suffix = walked.suffix
    order = [start, walked.at(organizational), suffix]
    chosen = next((one for one in order if one is not None and one.record is not None), None)
    if walked.failed and (chosen is not start):
        answers = tuple(one.answer for one in walked.failed)
        return Policy(Outcome.FAILED, author, organizational, failed=answers)
    return _applied(author, organizational, chosen, there)


def by_list(dns: Dns, author: str) -> Policy:
    """RFC 7489 section 6.6.3: at the Author Domain, else at the Organizational Domain of the suffix list."""
    owner = organization(author)
    asked = list(dict.fromkeys((author, owner)))
    answers = dns.ask_all([Question(f"_dmarc.{name}", "TXT") for name in asked])
    levels = [level(name, answer) for name, answer in zip(asked, answers, strict=True)]
    for one in levels:
        if one.found is Found.FAILED:
            return Policy(Outcome.FAILED, author, owner, failed=(one.answer,))
        if one.found is Found.SEVERAL:  # "if the remaining set contains multiple records … terminates"
            return Policy(Outcome.NONE, author, owner, one)
        if one.record is not None:
            return _applied(author, owner, one, None)
    return Policy(Outcome.NONE, author, owner)


def _applied(
    author: str, organizational: str, chosen: Level | None, there: tuple[Answer, ...] | None
) -> Policy:
    """The policy of the chosen record; `there` is None for RFC 7489, which knows neither np nor t."""
    if chosen is None or chosen.record is None or not chosen.record.usable:
        return Policy(Outcome.NONE, author, organizational, chosen)
    record = chosen.record
    subdomain = chosen.domain != author
    known = exists(there) if there is not None and subdomain else True
    wanted = record.policy_for(subdomain=subdomain, exists=known is not False)
    if known is None and record.policy_for(subdomain=True, exists=False) is not wanted:
        failed = tuple(answer for answer in there or () if not answer.ok)
        return Policy(Outcome.FAILED, author, organizational, chosen, failed=failed)
    testing = record.testing and there is not None
    return Policy(Outcome.FOUND, author, organizational, chosen, wanted, wanted.milder if testing else wanted)
