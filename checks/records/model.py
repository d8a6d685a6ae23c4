"""A record as a value: what it said, and what that means."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a record is about; the order is that of the pages."""

    SPF = "spf"
    DMARC = "dmarc"
    DKIM = "dkim"
    MX = "mx"
    PTR = "ptr"
    NS = "ns"
    STS = "mta-sts"
    TLSRPT = "tls-rpt"
    BIMI = "bimi"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Record:
    """One record at one moment. `subject` is the name or address that it is about; `raw` what was answered,
    in order; `value` what it means, as JSON has it. An absent record has neither.

    What could not be found out is no `Record`: it replaces nothing.
    """

    kind: Kind
    subject: str
    raw: tuple[str, ...] = ()
    value: Mapping[str, Any] | None = None

    @property
    def absent(self) -> bool:
        return self.value is None


class Change(StrEnum):
    """What became of a part of a record."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference that means something. `part` names it ("networks", "p"); before and after are for
    people, "" where there was or is nothing.
    """

    change: Change
    part: str
    before: str
    after: str
    sentence: str
