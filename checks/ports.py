"""The ports: how the world comes in. They return values, never exceptions.

Everything above a port is plain synchronous code; an adapter may hold an event loop of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from checks.blocklists.zone import Zone


class Got(StrEnum):
    """What came of a question. The first three are answers; `FAILED` means that we do not know."""

    RECORDS = "records"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"
    FAILED = "failed"


class Why(StrEnum):
    """Why a question failed."""

    TIMEOUT = "timeout"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    FORMERR = "formerr"
    LAME = "lame"
    TRUNCATED = "truncated"
    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"
    LOOP = "cname-loop"
    BUDGET = "budget"
    BAD_NAME = "bad-name"


@dataclass(frozen=True, slots=True)
class Txt:
    """A TXT record as its character-strings (RFC 1035 section 3.3.14): bytes, in order."""

    strings: tuple[bytes, ...]

    @property
    def joined(self) -> bytes:
        return b"".join(self.strings)

    def __str__(self) -> str:
        return self.joined.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Address:
    """An A or AAAA record; `ip` in canonical text form."""

    ip: str

    def __str__(self) -> str:
        return self.ip


@dataclass(frozen=True, slots=True)
class Host:
    """A PTR, CNAME or NS record; `name` lower-case, without the trailing dot."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Mx:
    """An MX record; `host` is "" for a null MX (RFC 7505)."""

    preference: int
    host: str

    def __str__(self) -> str:
        return f"{self.preference} {self.host or '.'}"


@dataclass(frozen=True, slots=True)
class Other:
    """Any other record, in presentation form (TLSA, SOA, DS, CAA …)."""

    text: str

    def __str__(self) -> str:
        return self.text


Record = Txt | Address | Host | Mx | Other


@dataclass(frozen=True, slots=True)
class Soa:
    """The SOA of a negative answer's authority section; `minimum` in seconds (RFC 2308 section 5)."""

    zone: str
    serial: int
    minimum: int


class Question(NamedTuple):
    """A name (A-labels, no trailing dot) and a record type in upper case ("TXT", "AAAA", "MX").

    A tuple, since a dozen dictionaries are keyed by it on every question's way.
    """

    name: str
    rdtype: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `records` holds only the asked type, after following CNAMEs.

    `chain` holds the CNAME targets in order; the records belong to its last name.
    """

    question: Question
    got: Got
    records: tuple[Record, ...] = ()
    why: Why | None = None
    note: str = ""
    """For people, when it failed: "no answer from 192.0.2.53 in 3 tries within 2.0 s"."""
    chain: tuple[str, ...] = ()
    ttl: int | None = None
    soa: Soa | None = None
    rcode: str = ""
    authenticated: bool = False
    """The AD bit (RFC 4035 section 3.2.3): the resolver says it validated."""
    resolver: str = ""
    at: datetime | None = None
    from_cache: bool = False

    @property
    def ok(self) -> bool:
        return self.got is not Got.FAILED

    @property
    def absent(self) -> bool:
        """The name or the type does not exist: an answer, not a failure."""
        return self.got in (Got.NODATA, Got.NXDOMAIN)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(str(record) for record in self.records)


class Flight(Protocol):
    """Questions in the air. Ask more while answers arrive, so that no look-up waits for one it does not need.

    >>> with dns.flight() as flight:
    ...     flight.ask("example.com", "MX")
    ...     for answer in flight:           # ends when nothing is left in the air
    ...         for mx in answer.records: flight.ask(mx.host, "A")
    """

    def __enter__(self) -> "Flight": ...
    def __exit__(self, *exc: object) -> None: ...
    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> None: ...
    def __iter__(self) -> Iterator[Answer]: ...


class Dns(Protocol):
    """Answers questions; shared by every check and by pyspf, checkdmarc and dkimpy.

    `fresh=True` goes to the wire whatever the cache holds: a look that confirms is always fresh.
    """

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer: ...
    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        """All answers, in the order of the questions; concurrent inside."""
        ...

    def flight(self) -> Flight: ...


class Authority(Protocol):
    """Asks a zone's own name servers, each for itself: no recursion, no cache.

    A server that does not answer with authority (the AA bit) has failed: it is lame.
    """

    def ask_each(self, servers: Sequence[str], questions: Sequence[Question]) -> Sequence[Sequence[Answer]]:
        """For each server (an address), its answers in the order of the questions; all side by side."""
        ...


class NoAuthority:
    """A world in which only the resolver may be asked: every question fails and says so."""

    def ask_each(self, servers: Sequence[str], questions: Sequence[Question]) -> Sequence[Sequence[Answer]]:
        note = "asking the zone's own servers is switched off"
        failed = [Answer(q, Got.FAILED, why=Why.UNREACHABLE, note=note) for q in questions]
        return [failed for _ in servers]


class FetchFault(StrEnum):
    """Why a fetch brought nothing."""

    DNS_FAILED = "dns-failed"
    NO_ADDRESS = "no-address"
    FORBIDDEN_ADDRESS = "forbidden-address"
    BAD_URL = "bad-url"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    TLS = "tls"
    TOO_LARGE = "too-large"
    BAD_HTTP = "bad-http"
    OFF = "off"

    @property
    def conclusive(self) -> bool:
        """The other side answered, and this is how it is; the rest means that we could not find out."""
        return self in (
            FetchFault.NO_ADDRESS,
            FetchFault.FORBIDDEN_ADDRESS,
            FetchFault.BAD_URL,
            FetchFault.CERTIFICATE,
            FetchFault.TOO_LARGE,
        )


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL gave: a status with a body, or a fault. Redirects are never followed."""

    url: str
    status: int | None = None
    content_type: str = ""
    location: str = ""
    body: bytes = b""
    fault: FetchFault | None = None
    note: str = ""
    address: str = ""
    """The one address that was connected to."""


class Web(Protocol):
    """Fetches documents over HTTPS: resolves once, checks and pins the address, caps size and time."""

    def fetch(self, url: str, *, max_bytes: int = 65_536) -> Fetched: ...


class NoWeb:
    """A world without HTTPS: every fetch says so."""

    def fetch(self, url: str, *, max_bytes: int = 65_536) -> Fetched:
        del max_bytes
        return Fetched(url, fault=FetchFault.OFF, note="fetching over HTTPS is switched off")


class ProbeFault(StrEnum):
    """Why an SMTP server could not be looked at. All of them mean: could not find out."""

    REFUSED = "refused"
    TIMEOUT = "timeout"
    CLOSED = "closed"
    NOT_NOW = "not-now"
    """It answered with a temporary or refusing reply before STARTTLS could be tried."""
    BAD_SMTP = "bad-smtp"
    FORBIDDEN_ADDRESS = "forbidden-address"
    """The address is not public, so nobody knocks there for somebody else's zone."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Probed:
    """What an SMTP server showed to a stranger who never sends mail."""

    host: str
    address: str
    banner: str = ""
    extensions: tuple[str, ...] = ()
    """The EHLO keywords in upper case, with their parameters."""
    starttls_reply: str = ""
    tls_version: str = ""
    """"TLSv1.3"; "" when TLS was not reached."""
    tls_fault: str = ""
    """Why the handshake failed after STARTTLS was accepted."""
    chain: tuple[bytes, ...] = ()
    """The certificates that the server sent, DER, its own first."""
    fault: ProbeFault | None = None
    note: str = ""

    @property
    def offers_starttls(self) -> bool:
        return any(word.split()[0] == "STARTTLS" for word in self.extensions if word)


class SmtpProbe(Protocol):
    """Greets SMTP servers on port 25, asks for TLS, and leaves. Never a MAIL, RCPT or DATA."""

    def probe_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Probed]:
        """One look at each (host, address), side by side, in the order given."""
        ...


class NoProbe:
    """A world without SMTP probes: every look says so."""

    def probe_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Probed]:
        return [Probed(host, address, fault=ProbeFault.OFF, note="switched off") for host, address in servers]


@dataclass(frozen=True, slots=True)
class Relayed:
    """What an SMTP server answered when it was asked to take mail for `recipient`, who is nobody's."""

    host: str
    address: str
    recipient: str
    code: int | None = None
    """Its answer to RCPT; None when it did not come that far, and `fault` says why."""
    reply: str = ""
    fault: ProbeFault | None = None
    note: str = ""


class RelayProbe(Protocol):
    """Asks SMTP servers at RCPT whether they relay, and leaves. Never a DATA.

    `on`: whether it asks at all. Servers may take it for a spammer's knock, so that it is off by default.
    """

    @property
    def on(self) -> bool: ...
    def relay_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Relayed]:
        """One question to each (host, address), side by side, in the order given."""
        ...


class NoRelay:
    """A world in which nobody is asked whether it relays."""

    on = False

    def relay_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Relayed]:
        return [Relayed(*server, "", fault=ProbeFault.OFF, note="switched off") for server in servers]


class Clock(Protocol):
    """Time as a value: aware UTC instants and a monotonic second counter; `sleep` can be wound by a test."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class World:
    """Everything an audit may ask, and the one `now` it holds on to."""

    dns: Dns
    now: datetime
    authority: Authority = field(default_factory=NoAuthority)
    web: Web = field(default_factory=NoWeb)
    smtp: SmtpProbe = field(default_factory=NoProbe)
    relay: RelayProbe = field(default_factory=NoRelay)
    blocklists: "tuple[Zone, ...] | None" = None
    """The lists to ask, with their keys (`checks.blocklists.choice`); None: the default ones."""
    own_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Reserved networks that can be reached all the same: mail that stays within an organization."""
