"""The values that an SPF record is made of (RFC 7208 sections 5 and 6)."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network

from checks.spf.flaws import Fault
from checks.spf.macro import MacroString

Network = IPv4Network | IPv6Network


class Result(StrEnum):
    """What check_host() can return (RFC 7208 section 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - the verdict, not a password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


QUALIFIERS = {"+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}


class Kind(StrEnum):
    """The mechanisms (RFC 7208 section 5)."""

    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"

    @property
    def asks(self) -> bool:
        """Whether it counts towards the ten look-ups (RFC 7208 section 4.6.4)."""
        return self not in (Kind.ALL, Kind.IP4, Kind.IP6)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A directive: `text` as published, beginning at character `at` (from 0)."""

    text: str
    at: int
    result: Result
    """What a match means: the qualifier."""
    kind: Kind
    domain: MacroString | None = None
    """The domain-spec; None means the current domain."""
    network: Network | None = None
    """For ip4 and ip6."""
    prefix4: int = 32
    prefix6: int = 128


@dataclass(frozen=True, slots=True)
class Modifier:
    """`name=value`; `redirect` and `exp` have a meaning, any other name is ignored (RFC 7208 section 6)."""

    text: str
    at: int
    name: str
    value: MacroString


@dataclass(frozen=True, slots=True)
class Record:
    """A parsed record. With any fault it is a permerror, but what could be read is there to be shown."""

    text: str
    mechanisms: tuple[Mechanism, ...]
    modifiers: tuple[Modifier, ...]
    faults: tuple[Fault, ...]

    def modifier(self, name: str) -> Modifier | None:
        return next((modifier for modifier in self.modifiers if modifier.name == name), None)

    @property
    def all(self) -> Mechanism | None:
        """The first `all`, which ends the evaluation."""
        return next((term for term in self.mechanisms if term.kind is Kind.ALL), None)

    @property
    def redirect(self) -> Modifier | None:
        """The redirect that takes effect: none when there is an `all` (RFC 7208 section 6.1)."""
        return None if self.all else self.modifier("redirect")
