"""A report as read: values as the receiver wrote them, normalised only where writers differ.

`Unreadable` is a value too: a report that cannot be read is kept with its reason, and never tried again
unchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuthResult:
    """One signature, or the SPF identity, that the receiver looked at. `selector` only of DKIM."""

    domain: str
    result: str
    selector: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`count` messages from one address with one outcome (RFC 9990; RFC 7489 appendix C).

    `dkim` and `spf` are the *aligned* verdicts ("pass" or "fail"); the raw results are beside them. However
    many results there are, the row counts its messages once.
    """

    source_ip: str
    count: int
    disposition: str
    dkim: str
    spf: str
    header_from: str
    envelope_from: str = ""
    dkim_results: Sequence[AuthResult] = ()
    spf_results: Sequence[AuthResult] = ()
    reasons: Sequence[str] = ()

    @property
    def passes(self) -> bool:
        """DMARC passes when either verdict does."""
        return "pass" in (self.dkim, self.spf)


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """The record as the receiver saw it. `np`, `testing` and `discovery` are RFC 9990's; "" when not told."""

    domain: str
    p: str
    sp: str
    adkim: str = "r"
    aspf: str = "r"
    np: str = ""
    testing: str = ""
    discovery: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate report. (reporter, report_id, policy.domain, begin, end) tell it from every other.

    `mended`: its XML was broken and was read tag by tag. `damaged`: rows without an address or a count.
    """

    reporter: str
    email: str
    report_id: str
    begin: datetime
    end: datetime
    policy: PublishedPolicy
    rows: Sequence[Row]
    mended: bool = False
    damaged: int = 0

    @property
    def messages(self) -> int:
        return sum(row.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class Failure:
    """One message that failed DMARC, as one receiver tells it (RFC 9991, RFC 6591)."""

    source_ip: str
    reported_domain: str
    mail_from: str
    auth_failure: Sequence[str]
    delivery_result: str
    feedback_type: str = "auth-failure"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TlsFailure:
    """Sessions that failed for one reason (RFC 8460 section 4.3)."""

    kind: str
    count: int
    receiving_mx: str = ""
    sending_ip: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TlsPolicy:
    """`kind`: "sts", "tlsa" or "no-policy-found"; sessions that succeeded and that failed."""

    domain: str
    kind: str
    succeeded: int
    failed: int
    failures: Sequence[TlsFailure] = ()


@dataclass(frozen=True, slots=True)
class TlsReport:
    """One TLS report (RFC 8460)."""

    reporter: str
    report_id: str
    begin: datetime
    end: datetime
    policies: Sequence[TlsPolicy]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why it could not be read, as a sentence for the person who looks at the quarantine."""

    why: str


Report = Aggregate | Failure | TlsReport
