"""Identifier alignment, and the verdict over one message (RFC 9989 sections 4.4 and 5.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.dmarc.policy import Outcome, Policy, by_tree, existence
from checks.dmarc.record import Disposition
from checks.dmarc.walk import Walk, walks
from checks.organization import organization
from checks.ports import Answer, Dns


class DmarcResult(StrEnum):
    """What DMARC says of a message (RFC 8601 section 2.7)."""

    PASS = "pass"  # noqa: S105 - the verdict, not a password
    FAIL = "fail"
    NONE = "none"
    TEMPERROR = "temperror"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict, the policy it rests on, and which authenticated domains are aligned."""

    result: DmarcResult
    policy: Policy
    disposition: Disposition | None
    aligned_spf: tuple[str, ...] = ()
    aligned_dkim: tuple[str, ...] = ()
    failed: tuple[Answer, ...] = ()


def aligned_by_list(a: str, b: str, *, strict: bool = False) -> bool:
    """Alignment as RFC 7489 has it: the Organizational Domain is the public suffix list's."""
    return a == b or (not strict and organization(a) == organization(b))


def evaluate(dns: Dns, author: str, spf: Sequence[str], dkim: Sequence[str]) -> Evaluation:
    """DMARC for one message: `author` is the From domain, `spf` and `dkim` the domains that passed.

    Each identifier gets a walk of its own; all are in the air at once.
    """
    walked = walks(dns, list(dict.fromkeys((author, *spf, *dkim))))
    by_start = {one.start: one for one in walked}
    policy = by_tree(by_start[author], existence(dns, author))
    record = policy.record
    if policy.outcome is Outcome.FAILED:
        return Evaluation(DmarcResult.TEMPERROR, policy, None, failed=policy.failed)
    if policy.outcome is Outcome.NONE or record is None:
        return Evaluation(DmarcResult.NONE, policy, None)
    own = by_start[author]
    good_spf = tuple(d for d in spf if _aligned(own, by_start[d], strict=record.strict_spf))
    good_dkim = tuple(d for d in dkim if _aligned(own, by_start[d], strict=record.strict_dkim))
    if good_spf or good_dkim:
        return Evaluation(DmarcResult.PASS, policy, policy.effective, good_spf, good_dkim)
    open_ = _left_open(own, [by_start[d] for d in (*spf, *dkim)])
    if open_ and not (record.strict_spf and record.strict_dkim):
        return Evaluation(DmarcResult.TEMPERROR, policy, None, failed=open_)
    return Evaluation(DmarcResult.FAIL, policy, policy.effective)


def _aligned(author: Walk, identifier: Walk, *, strict: bool) -> bool:
    if author.start == identifier.start:
        return True
    if strict or author.failed or identifier.failed:
        return False
    return author.organizational == identifier.organizational


def _left_open(author: Walk, identifiers: Sequence[Walk]) -> tuple[Answer, ...]:
    """Failed look-ups that could have shown an identifier aligned."""
    if not identifiers:
        return ()
    return tuple(level.answer for one in (author, *identifiers) for level in one.failed)
