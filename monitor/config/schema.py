"""What `homing.toml` may say. Every key has a default: an empty file is a valid configuration."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import time, timedelta
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from checks.model import Profile, Severity
from checks.names import normalise_domain
from data.keeping import DEFAULTS, LEAST

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _span(value: Any) -> Any:
    """ "90s", "15m", "6h", "1d" or a number of seconds, as a timedelta."""
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", str(value))
    if match is None:
        raise ValueError(f'"{value}" is not a length of time; write 90s, 15m, 6h or 1d')
    return timedelta(seconds=float(match[1]) * UNITS[match[2] or "s"])


def read_span(text: str) -> timedelta:
    """The length of time that people write as "90s", "15m", "6h", "1d". Raises ValueError with a sentence."""
    span: timedelta = _span(text)
    return span


def span_text(value: timedelta) -> str:
    """A length of time as people write it, in the largest unit that divides it: "90s", "15m"."""
    seconds = value.total_seconds()
    letter = next((each for each in reversed(UNITS) if seconds and seconds % UNITS[each] == 0), "s")
    return f"{seconds / UNITS[letter]:g}{letter}"


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError(f'"{value}" is not an IP address') from None


def _nameserver(value: str) -> str:
    """ "192.0.2.53", "192.0.2.53:5353", "2001:db8::53" or "[2001:db8::53]:5353"."""
    split_nameserver(value)
    return value


def split_nameserver(value: str) -> tuple[str, int]:
    """The address and the port (default 53). Raises ValueError with a sentence."""
    match = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::(\d{1,5}))?|([0-9.]+)(?::(\d{1,5}))?", value.strip())
    host, port = (match[1] or match[3], match[2] or match[4]) if match else (value.strip(), None)
    try:
        return str(ip_address(host)), int(port or 53)
    except ValueError:
        raise ValueError(f'"{value}" is not a name server; write 192.0.2.53:5353') from None


def _pace(value: Any) -> Any:
    """ "7/s", "50/m", "1000/h" or "10000/d", as messages a second."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*/\s*(s|m|min|h|hr|d|day)\s*", str(value))
    if match is None or not float(match[1]):
        raise ValueError(f'"{value}" is not a pace; write 7/s, 50/m, 1000/h or 10000/d')
    return float(match[1]) / UNITS[match[2][0]]


SPAN_SCHEMA = {"anyOf": [{"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*[smhd]?\s*$"}, {"type": "number"}]}
PACE_SCHEMA = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*/\s*(s|m|min|h|hr|d|day)\s*$"}
Span = Annotated[timedelta, BeforeValidator(_span), WithJsonSchema(SPAN_SCHEMA)]
Pace = Annotated[float, BeforeValidator(_pace), WithJsonSchema(PACE_SCHEMA)]
Ip = Annotated[str, AfterValidator(_address)]
Nameserver = Annotated[str, AfterValidator(_nameserver)]
Port = Annotated[int, Field(ge=0, le=65535)]
"""0 means: whichever is free."""


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError:
        raise ValueError(f'"{value}" is not a network; write 10.0.0.0/8 or 2001:db8::/32') from None


Network = Annotated[str, AfterValidator(_network)]
Domain = Annotated[str, AfterValidator(normalise_domain)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Resolver(Section):
    nameservers: tuple[Nameserver, ...] = ()
    """Empty: the machine's own (/etc/resolv.conf)."""
    timeout: Span = timedelta(seconds=5)
    second: tuple[Nameserver, ...] = ()
    """Another vantage: a listing is told of only when these see it, too."""


class TargetEntry(Section):
    domain: Domain
    ips: tuple[Ip, ...] = ()
    selectors: tuple[str, ...] = ()
    helos: tuple[str, ...] = ()
    profile: Profile = Profile.BULK


class Checks(Section):
    https: bool = True
    """Fetch what a check needs over HTTPS (MTA-STS policies, BIMI images)."""
    smtp: bool = True
    """Greet the MX on port 25, which many networks do not let out."""
    own_networks: tuple[Network, ...] = ()
    """Private networks that mail reaches all the same, because it stays inside: "10.0.0.0/8"."""


class Web(Section):
    host: str = "127.0.0.1"
    port: Port = 8525
    public_url: str = ""
    certificate: str = ""
    """A PEM file with the chain, `key` its private key: TLS without a proxy. Renewed files are noticed."""
    key: str = ""
    trusted_proxies: tuple[str, ...] = ()
    forwarding_header: Literal["X-Forwarded-For", "Forwarded"] = "X-Forwarded-For"
    """The one header of those proxies that is read; the other may be anybody's."""
    hook_token: SecretStr = SecretStr("")
    """What other servers must know to hand over mail at /hooks/; empty: nobody may."""


class Dashboard(Section):
    host: str = "127.0.0.1"
    port: Port = 8501


class Inbound(Section):
    host: str = "127.0.0.1"
    port: Port = 2525
    reports: tuple[str, ...] = ()
    """Addresses that receivers' DMARC and TLS reports come to, beside the return paths."""


class Delivery(Section):
    mx_port: Port = 25
    max_lateness: Span = timedelta(hours=4)
    """When nobody has delivered for longer, mail to lists waits until a person resumes it."""


STORE_KINDS: Mapping[str, str] = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
}
"""What the URL of a store may begin with, and what that means for the driver."""


def _store_url(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    kind, separator, rest = text.partition("://")
    if not text:
        return value
    if not separator or kind not in STORE_KINDS:
        raise ValueError("a store is postgresql://user:password@host/database or sqlite:////absolute/path")
    return SecretStr(f"{STORE_KINDS[kind]}://{rest}")


class StorePlace(Section):
    url: Annotated[SecretStr, AfterValidator(_store_url)] = SecretStr("")
    """Empty: the SQLite file `homing.db` in the home."""


class Schedule(Section):
    audit: Span = timedelta(hours=1)
    """How often each target is looked at."""
    jitter: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    """How far a look may move, as a share of its interval, so that not everything asks at once."""


class Alerts(Section):
    severity: Severity = Severity.HIGH
    """From which severity up a fault is an incident; what is milder is only shown."""
    confirm_after: Span = timedelta(minutes=2)
    """A listing is told of only when a second, uncached look this much later agrees."""
    record_looks: Annotated[int, Field(ge=1)] = 2
    """How many conclusive looks in a row must find a record broken."""
    clear_looks: Annotated[int, Field(ge=1)] = 2
    """How many conclusive looks in a row must find nothing before an incident closes."""
    repeat: Span = timedelta(hours=4)
    blind_after: Span = timedelta(hours=1)
    """Questions about a domain that have had no answer for so long are an incident of their own."""
    group_wait: Span = timedelta(seconds=10)
    """How long a notice waits for others, so that one cause is told once."""
    group_interval: Span = timedelta(minutes=5)
    """After a notice that spoke of many, how long until the channel is told of more."""


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _time_of_day(value: Any) -> Any:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f'"{value}" is no time of day; write 02:30') from None


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{value}" is no time zone; write UTC or Europe/Berlin') from None
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), WithJsonSchema({"type": "string"})]


class Maintenance(Section):
    """A window that comes again: what fits is not told while it lasts. Looks go on."""

    name: str
    days: tuple[Weekday, ...] = WEEK
    """On which days it begins."""
    begins: TimeOfDay
    ends: TimeOfDay
    """Before `begins`: on the next day."""
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    domain: str = "*"
    code: str = "*"
    subject: str = "*"


class Heartbeat(Section):
    """A dead man's switch: an address of another service that alarms when nobody calls any more."""

    url: SecretStr = SecretStr("")
    """Empty: off. It may hold a token, so it is never shown."""
    every: Span = timedelta(minutes=1)
    allow_private: bool = False
    """A receiver on this machine or in the own network."""


class Placement(Section):
    deadline: Span = timedelta(hours=8)
    """A message that no folder holds by then is missing."""
    authserv_ids: tuple[str, ...] = ()
    """Receivers whose Authentication-Results are believed, beside each seed's own."""


def webhook_key(text: str) -> bytes:
    """The raw key in "whsec_" and base64 (Standard Webhooks); b"" for "". Raises ValueError."""
    try:
        return base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise ValueError('a webhook secret is "whsec_" followed by base64') from None


def _webhook_secret(value: SecretStr) -> SecretStr:
    webhook_key(value.get_secret_value())
    return value


class AnyChannel(Section):
    """What every way to be told has."""

    name: str
    fallback: str = ""
    """Another channel, which is told what could not be told here within five minutes."""
    after: Span = timedelta()
    """More than nothing: told only of what is critical, this old, and that nobody has taken on."""


class FileChannel(AnyChannel):
    kind: Literal["file"]
    path: str = ""
    """Empty: `alerts.jsonl` in the home."""


class WebhookChannel(AnyChannel):
    kind: Literal["webhook"]
    url: str
    secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")
    """ "whsec_" and base64, as Standard Webhooks has it; empty: unsigned."""
    allow_private: bool = False
    """A receiver on this machine or in the own network."""


def _apprise_url(value: SecretStr) -> SecretStr:
    """Only its form: whether the service is one that Apprise knows, `homing alert test` tells."""
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", value.get_secret_value(), re.IGNORECASE):
        raise ValueError("not an address as Apprise has it; write slack://…, ntfy://host/topic, mailto://…")
    return value


class AppriseChannel(AnyChannel):
    kind: Literal["apprise"]
    url: Annotated[SecretStr, AfterValidator(_apprise_url)]
    """As Apprise has it; it holds the token, so it is never shown."""


Channel = Annotated[AppriseChannel | FileChannel | WebhookChannel, Field(discriminator="kind")]


class BlocklistEntry(Section):
    zone: str
    """A list that Homing knows, or one of your own."""
    enabled: bool = True
    key: SecretStr = SecretStr("")
    """One key serves all lists of its operator."""
    domains: bool = False
    """For a list that Homing does not know: it lists domains, not addresses."""


class MailboxEntry(Section):
    """A mailbox where bounces and reports arrive, read over IMAP with implicit TLS."""

    name: str
    host: str
    user: str
    password: SecretStr
    port: Port = 993
    folder: str = "INBOX"
    processed: str = "Homing"
    """Where a message goes once the store has it; made if it is not there."""
    every: Span = timedelta(minutes=1)
    ca_file: str = ""
    """An authority of one's own that vouches for the server; empty: the system's."""


class ProviderEntry(Section):
    name: str
    mx: tuple[str, ...] = ()
    """Suffixes of the mail servers' names: "google.com" covers aspmx.l.google.com."""
    connections: Annotated[int, Field(ge=1)] | None = None
    per_connection: Annotated[int, Field(ge=1)] | None = None
    rate: Pace | None = None
    """Messages a second, over all workers and connections of a lane."""


def _kept(value: Any) -> Any:
    """ "forever" as None."""
    return None if value == "forever" else _span(value)


Kept = Annotated[timedelta | None, BeforeValidator(_kept)]


class Retention(Section):
    """How long what piles up is kept: a length of time, or "forever"."""

    slots: Kept = DEFAULTS["slots"]
    observations: Kept = DEFAULTS["observations"]
    records: Kept = DEFAULTS["records"]
    alerts: Kept = DEFAULTS["alerts"]
    incidents: Kept = DEFAULTS["incidents"]
    attempts: Kept = DEFAULTS["attempts"]
    clicks: Kept = DEFAULTS["clicks"]
    bounces: Kept = DEFAULTS["bounces"]
    complaints: Kept = DEFAULTS["complaints"]
    lane_hours: Kept = DEFAULTS["lane_hours"]
    routes: Kept = DEFAULTS["routes"]
    heartbeats: Kept = DEFAULTS["heartbeats"]
    imports: Kept = DEFAULTS["imports"]
    reports: Kept = DEFAULTS["reports"]
    reputation: Kept = DEFAULTS["reputation"]
    placements: Kept = DEFAULTS["placements"]

    @field_validator("*")
    @classmethod
    def _long_enough(cls, value: timedelta | None, info: ValidationInfo) -> timedelta | None:
        least = LEAST[str(info.field_name)]
        if value is not None and value < least:
            raise ValueError(f"what is younger than {least.days}d is still needed")
        return value

    @property
    def spans(self) -> Mapping[str, timedelta | None]:
        """By the keys of `data.retention`; None: for ever."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Config(Section):
    store: StorePlace = StorePlace()
    resolver: Resolver = Resolver()
    targets: tuple[TargetEntry, ...] = ()
    schedule: Schedule = Schedule()
    checks: Checks = Checks()
    alerts: Alerts = Alerts()
    channels: tuple[Channel, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    heartbeat: Heartbeat = Heartbeat()
    blocklists: tuple[BlocklistEntry, ...] = ()
    web: Web = Web()
    dashboard: Dashboard = Dashboard()
    inbound: Inbound = Inbound()
    delivery: Delivery = Delivery()
    providers: tuple[ProviderEntry, ...] = ()
    placement: Placement = Placement()
    mailboxes: tuple[MailboxEntry, ...] = ()
    retention: Retention = Retention()

    @model_validator(mode="after")
    def _fallbacks_are_there(self) -> "Config":
        names = {channel.name for channel in self.channels}
        for channel in self.channels:
            if channel.fallback and channel.fallback not in names - {channel.name}:
                raise ValueError(
                    f'the channel "{channel.name}" falls back on "{channel.fallback}", which is no other one'
                )
        return self
