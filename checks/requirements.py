"""What the mailbox providers ask of bulk senders, as a table, and how a domain stands against it.

Sources: the providers' own sender pages as of June 2026. A row that no check can answer from the outside
(complaint rates, the messages themselves) stays unknown until its input is connected: it is never counted
as passed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from checks.model import Finding, State

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of a provider's page. It holds when each of `codes` was examined and none is at fault."""

    key: str
    title: str
    codes: Codes = ()
    needs: str = ""
    """What has to be connected before a row without codes can be told."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A mailbox provider's page."""

    key: str
    name: str
    source: str
    effective: date
    rows: tuple[Requirement, ...]


SPF = Requirement("spf", "SPF passes for every sending address", ("SPF-001", "SPF-003", "SPF-027"))
DKIM = Requirement("dkim", "a DKIM key is published", ("DKIM-001",))
KEY = Requirement("dkim-key", "the DKIM key has at least 1024 bits", ("DKIM-005",))
DMARC = Requirement("dmarc", "a DMARC policy is published", ("DMARC-001",))
PTR = Requirement("ptr", "every sending address has a reverse name", ("RDNS-001",))
FCRDNS = Requirement("fcrdns", "the reverse name leads back to the address", ("RDNS-002",))
OWN_NAME = Requirement("own-name", "the reverse name does not look generic", ("RDNS-004",))
IPV6 = Requirement("ipv6", "IPv6 senders have a reverse name too", ("RDNS-010",))
RECEIVES = Requirement("receives", "the From domain can receive mail", ("MX-001",))
ZONE = Requirement("zone", "the From domain answers with SOA and NS", ("HYG-003",))
ALIGNED = Requirement("alignment", "SPF or DKIM is aligned with From", needs="a message that was sent")
FORMAT = Requirement("format", "messages keep to RFC 5322", needs="a message that was sent")
ONE_CLICK = Requirement("one-click", "one-click unsubscribe (RFC 8058)", needs="a message that was sent")
VISIBLE = Requirement("unsubscribe", "a visible way to unsubscribe", needs="a message that was sent")
TLS = Requirement("tls", "mail is handed over with TLS", needs="campaigns sent through Homing")
SPAM_RATE = Requirement("spam-rate", "complaints stay below 0.3 %", needs="the provider's console")

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "gmail",
        "Gmail",
        "https://support.google.com/a/answer/81126",
        date(2024, 2, 1),
        (SPF, DKIM, KEY, DMARC, ALIGNED, PTR, FCRDNS, IPV6, TLS, FORMAT, ONE_CLICK, SPAM_RATE),
    ),
    Provider(
        "yahoo",
        "Yahoo",
        "https://senders.yahooinc.com/best-practices/",
        date(2024, 2, 1),
        (SPF, DKIM, KEY, DMARC, ALIGNED, PTR, FCRDNS, OWN_NAME, ZONE, ONE_CLICK, SPAM_RATE),
    ),
    Provider(
        "microsoft",
        "Microsoft",
        "https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/4399730",
        date(2025, 5, 5),
        (SPF, DKIM, DMARC, ALIGNED, RECEIVES, VISIBLE),
    ),
    Provider(
        "apple",
        "Apple",
        "https://support.apple.com/en-us/102322",
        date(2025, 2, 1),
        (SPF, DKIM, DMARC, PTR, FCRDNS, FORMAT, VISIBLE),
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """How a domain stands against one requirement; `evidence` are the codes that decided."""

    requirement: Requirement
    state: State
    evidence: Codes
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A provider's page filled in."""

    provider: Provider
    rows: tuple[Row, ...]

    @property
    def passed(self) -> int:
        return sum(row.state is State.PASS for row in self.rows)

    @property
    def summary(self) -> str:
        """ "Gmail 10/12"."""
        return f"{self.provider.name} {self.passed}/{len(self.rows)}"


def cards(findings: Iterable[Finding]) -> tuple[Card, ...]:
    """Every provider's card from the findings of one audit."""
    by_code: dict[str, list[State]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding.state)
    return tuple(
        Card(provider, tuple(_row(requirement, by_code) for requirement in provider.rows))
        for provider in PROVIDERS
    )


def _row(requirement: Requirement, by_code: Mapping[str, list[State]]) -> Row:
    if not requirement.codes:
        return Row(requirement, State.UNKNOWN, (), f"needs {requirement.needs}")
    failed = tuple(code for code in requirement.codes if State.FAIL in by_code.get(code, ()))
    if failed:
        return Row(requirement, State.FAIL, failed)
    open_codes = tuple(code for code in requirement.codes if _open(by_code.get(code, [])))
    if open_codes:
        return Row(requirement, State.UNKNOWN, open_codes, "could not be told")
    return Row(requirement, State.PASS, requirement.codes)


def _open(states: list[State]) -> bool:
    """Whether a code was left unanswered: never examined, or without an answer for some subject."""
    return not states or State.UNKNOWN in states
