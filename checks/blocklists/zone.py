"""What Homing knows about a list: whom it lists, what its answers mean, how to test it and get off it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from checks.model import Severity
from checks.names import is_address, reverse_labels
from checks.organization import organization


class Kind(StrEnum):
    """What a list has entries for."""

    IP4 = "IPv4"
    IP6 = "IPv6"
    DOMAIN = "domain"
    EMAIL = "e-mail address"


class Class(StrEnum):
    """What a documented answer says about the subject."""

    LISTED = "listed"
    POLICY = "policy"
    """Not for misdeeds: an address that should not send directly (PBL, dynamic, no name)."""
    INFO = "informational"
    NEUTRAL = "neutral"
    ALLOWED = "allow-listed"


class Needs(StrEnum):
    """What stands between a resolver and an answer."""

    NOTHING = ""
    KEY = "a key"
    REGISTRATION = "registration of the resolver's address"
    SUBSCRIPTION = "a subscription"


@dataclass(frozen=True, slots=True)
class Code:
    """The meaning of an answer. `pattern` is four octets, each a number, "a-b" or "*"."""

    pattern: str
    label: str
    kind: Class = Class.LISTED
    severity: Severity = Severity.MEDIUM

    def matches(self, ip: str) -> bool:
        return fits(self.pattern, ip)


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A list, equal to itself only. `codes` are looked up in order, `bits` where the last octet is a sum."""

    name: str
    title: str
    family: str
    """Who runs it: alerts are about operators, not about their seven zones."""
    tier: int
    """1: page someone; 2: show; 3: off unless asked for."""
    kinds: frozenset[Kind]
    codes: tuple[Code, ...] = ()
    bits: tuple[tuple[int, Code], ...] = ()
    refusals: tuple[tuple[str, str], ...] = ()
    """(pattern, why): answers that mean "you may not ask"."""
    positive: tuple[str, ...] = ()
    """Labels that must be listed, any of them (RFC 5782 section 5); () where the list has none."""
    negative: str = ""
    """The label that must not be listed."""
    delist: str = ""
    how: str = ""
    terms: str = ""
    needs: Needs = Needs.NOTHING
    keyed: str = ""
    """The name with a key in it, "{key}.zen.dq.spamhaus.net"."""
    registrable: bool = False
    """Lists registrable domains only, so that is what is asked."""
    key: str = field(default="", repr=False)

    @property
    def meanings(self) -> tuple[Code, ...]:
        return (*self.codes, *(code for _, code in self.bits))

    @property
    def asked_by_default(self) -> bool:
        """Tiers 1 and 2 that answer without a key or registration, or for which a key is known."""
        return self.tier <= 2 and (self.needs is Needs.NOTHING or bool(self.key))

    @property
    def apex(self) -> str:
        """Where to ask; holds the key where there is one, so it is never shown."""
        return self.keyed.format(key=self.key) if self.key else self.name

    def covers(self, subject: str) -> bool:
        """Whether the list has entries for such a subject."""
        return kind_of(subject) in self.kinds

    def entry(self, subject: str) -> str:
        """The name that holds what the list says about an address or a domain."""
        return f"{_label(subject)}.{self.apex}"

    def asks_about(self, subject: str) -> str:
        """What is really asked: the registrable domain where the list knows no others."""
        return organization(subject) if self.registrable and kind_of(subject) is Kind.DOMAIN else subject

    def redact(self, text: str) -> str:
        """`text` without the key."""
        return text.replace(self.key, "<key>") if self.key else text


def without_keys(zones: Iterable[Zone], text: str) -> str:
    """`text` without the key of any of the lists."""
    for zone in zones:
        text = zone.redact(text)
    return text


@lru_cache(maxsize=4096)
def _label(subject: str) -> str:
    """What stands before the list's name; worked out once for sixty lists."""
    return reverse_labels(subject) if is_address(subject) else subject


@lru_cache(maxsize=4096)
def kind_of(subject: str) -> Kind:
    if is_address(subject):
        return Kind.IP6 if ":" in subject else Kind.IP4
    return Kind.EMAIL if "@" in subject else Kind.DOMAIN


def fits(pattern: str, ip: str) -> bool:
    """Whether an IPv4 address fits "127.0.*.1-3"."""
    wanted, octets = pattern.split("."), ip.split(".")
    return len(wanted) == len(octets) and all(map(_octet_fits, wanted, octets))


def _octet_fits(wanted: str, octet: str) -> bool:
    if wanted == "*":
        return True
    low, _, high = wanted.partition("-")
    return int(low) <= int(octet) <= int(high or low)


SHORT = re.compile(r"[\d*-]+(\.[\d*-]+)?")


def code(pattern: str, label: str, severity: Severity = Severity.MEDIUM, kind: Class = Class.LISTED) -> Code:
    """A code with a short pattern: "2" is 127.0.0.2, "1.4" is 127.0.1.4; four octets stand as they are."""
    if SHORT.fullmatch(pattern):
        pattern = f"127.0.{pattern}" if "." in pattern else f"127.0.0.{pattern}"
    return Code(pattern, label, kind, severity)
