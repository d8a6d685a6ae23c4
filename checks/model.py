"""The words every floor shares: what is examined, what was found, and how it is said.

A check yields `Finding`s: a stable code with arguments. It does not say how bad that is (a profile does),
nor in which words (the wording table does), nor what happens next (the caller does).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum

Value = str | int | float | bool | None | tuple["Value", ...] | Mapping[str, "Value"]
"""What a finding's argument may hold: anything that JSON can say, immutable."""

Args = Mapping[str, Value]


class State(StrEnum):
    """What a rule concluded. `UNKNOWN` means "could not find out": never a failure and never a pass."""

    PASS = "pass"  # noqa: S105 - the verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"

    @property
    def conclusive(self) -> bool:
        return self is not State.UNKNOWN


class Severity(StrEnum):
    """How much a finding matters to this sender; worst first, `rank` 0 is the worst."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    def at_least(self, other: "Severity") -> bool:
        return self.rank <= other.rank


class Again(Enum):
    """Whether a failure at an edge is worth another try."""

    NEVER = "never"
    LATER = "later"


class Profile(StrEnum):
    """What kind of sender is examined; changes severities, never facts."""

    BULK = "bulk"
    TRANSACTIONAL = "transactional"
    CORPORATE = "corporate"
    PARKED = "parked"
    ESP_SUBDOMAIN = "esp-subdomain"


class Scope(StrEnum):
    """Which checks run: everything, what a schedule watches, or the few that gate a campaign."""

    AUDIT = "audit"
    WATCH = "watch"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class SendingIp:
    """An address that mail leaves from, and how we came to know it ("configured", "SPF ip4")."""

    ip: str
    origin: str = "configured"


@dataclass(frozen=True, slots=True)
class Target:
    """What is examined. Names are lower-case A-labels without a trailing dot; addresses are canonical.

    `domain` is "" where addresses alone are looked up on blocklists.
    """

    domain: str
    ips: tuple[SendingIp, ...] = ()
    selectors: tuple[str, ...] = ()
    helos: tuple[str, ...] = ()
    profile: Profile = Profile.BULK
    learned: tuple[str, ...] = ()
    """DKIM selectors that mail, seeds or reports showed, beside the configured `selectors`."""

    @property
    def name(self) -> str:
        """What to call it: its domain, or its first address where only addresses are examined."""
        return self.domain or (self.ips[0].ip if self.ips else "")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One answer that a finding rests on, as it came."""

    name: str
    type: str
    answer: str
    """The records in presentation form, "nodata", "nxdomain", or "failed: timeout"."""
    resolver: str = ""
    at: datetime | None = None
    ttl: int | None = None
    path: tuple[str, ...] = ()
    """How we got there: ("example.com", "include:esp.example", "a:mail.esp.example")."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's conclusion about a subject: a stable code plus arguments.

    `code` is "FAMILY-NNN"; the family ("SPF", "DKIM", "RDNS", "BL") groups findings of one kind.
    `subject` is the domain, address, host or "address @ zone" it speaks of.
    """

    code: str
    state: State
    subject: str
    args: Args = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    @property
    def family(self) -> str:
        return self.code.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one audit of one target at one `now`."""

    target: Target
    scope: Scope
    now: datetime
    findings: tuple[Finding, ...]
