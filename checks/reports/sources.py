"""Who sends in a domain's name: what a row of a report says about the sender behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checks.reports.model import Row

FORWARDED = frozenset({"forwarded", "trusted_forwarder", "mailing_list"})
"""Reasons for which a receiver overrode the policy (RFC 9990 section 3.1.1)."""


class Standing(StrEnum):
    """What to do about a source."""

    COMPLIANT = "compliant"
    """DMARC passes."""
    FORWARDER = "forwarder"
    """DMARC fails on the way: the receiver says so, or a signature of the domain arrived broken."""
    NOT_COMPLIANT = "not compliant"
    """It proves who it is, but not in the domain's name: align it before the policy is tightened."""
    THREAT = "threat"
    """It proves nothing. Either somebody else's, or a server of one's own that nobody set up."""


@dataclass(frozen=True, slots=True)
class Source:
    """All messages of one address with one standing. `names`: domains for which it proved itself."""

    address: str
    standing: Standing
    messages: int
    stopped: int
    """Messages that fail DMARC, which is what p=reject would stop."""
    names: Sequence[str]
    first: datetime
    last: datetime


def standing(row: Row) -> Standing:
    """What one row says."""
    if row.passes:
        return Standing.COMPLIANT
    if FORWARDED & set(row.reasons) or _signed_by(row, row.header_from):
        return Standing.FORWARDER
    return Standing.NOT_COMPLIANT if names(row) else Standing.THREAT


def names(row: Row) -> list[str]:
    """The domains for which SPF or a signature passed, signatures first."""
    results = (*row.dkim_results, *row.spf_results)
    return list(dict.fromkeys(each.domain for each in results if each.result == "pass"))


def _signed_by(row: Row, domain: str) -> bool:
    """A signature in the domain's own name that no longer verifies: changed on the way, or a wrong key."""
    return any(
        each.domain == domain or each.domain.endswith("." + domain)
        for each in row.dkim_results
        if domain and each.result == "fail"
    )


def sources(rows: Iterable[tuple[Row, datetime, datetime]]) -> list[Source]:
    """Sources of (row, begin and end of its report), the largest first."""
    found: dict[tuple[str, Standing], Source] = {}
    for row, begin, end in rows:
        key = (row.source_ip, standing(row))
        new = Source(*key, row.count, 0 if row.passes else row.count, names(row), begin, end)
        found[key] = _together(found[key], new) if key in found else new
    return sorted(found.values(), key=lambda each: (-each.messages, each.address))


def _together(one: Source, other: Source) -> Source:
    return Source(
        one.address,
        one.standing,
        one.messages + other.messages,
        one.stopped + other.stopped,
        list(dict.fromkeys([*one.names, *other.names])),
        min(one.first, other.first),
        max(one.last, other.last),
    )
