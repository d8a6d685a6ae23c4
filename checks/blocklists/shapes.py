"""The few shapes that most lists have, so that the table reads as a table."""

from typing import Any

from checks.blocklists.zone import Class, Code, Kind, Needs, Zone, code
from checks.model import Severity
from checks.names import reverse_labels

V4 = frozenset({Kind.IP4})
V6 = frozenset({Kind.IP6})
BOTH = V4 | V6
DOMAINS = frozenset({Kind.DOMAIN})

POINT4, POINT4_NOT = (reverse_labels(ip) for ip in ("127.0.0.2", "127.0.0.1"))
POINT6, POINT6_NOT = (reverse_labels(ip) for ip in ("::ffff:7f00:2", "::ffff:7f00:1"))
NAME, NAME_NOT = "test", "invalid"
"""The points of RFC 5782 section 5. A list of both families is tested by its IPv4 points."""

SPAMHAUS_REFUSALS = (
    ("127.255.255.252", "the name of the list is misspelt"),
    (
        "127.255.255.254",
        "the question came through a public resolver, or from an address without a good name",
    ),
    ("127.255.255.255", "too many questions"),
    ("127.255.255.250-251", "the key is disabled, rejected or in use elsewhere"),
)
BLOCKED_BIT = (("127.0.0.1", "the resolver is blocked"),)


def ip_list(name: str, title: str, family: str, tier: int, *codes: Code, **more: Any) -> Zone:
    """A list of addresses; IPv4 unless `kinds` says otherwise."""
    kinds = more.pop("kinds", V4)
    only6 = kinds == V6
    points = {"positive": (POINT6 if only6 else POINT4,), "negative": POINT6_NOT if only6 else POINT4_NOT}
    return Zone(name, title, family, tier, kinds, codes, **{**points, **more})


def name_list(name: str, title: str, family: str, tier: int, *codes: Code, **more: Any) -> Zone:
    """A list of domains."""
    points = {"positive": (NAME,), "negative": NAME_NOT}
    return Zone(name, title, family, tier, DOMAINS, codes, **{**points, **more})


def plain(severity: Severity, label: str = "listed") -> Code:
    """Any answer from 127.0.0.2 up is the same listing."""
    return code("2-254", label, severity)


def policy(pattern: str, label: str, severity: Severity) -> Code:
    return code(pattern, label, severity, Class.POLICY)


def info(pattern: str, label: str) -> Code:
    return code(pattern, label, Severity.INFO, Class.INFO)


def neutral(pattern: str, label: str) -> Code:
    return code(pattern, label, Severity.INFO, Class.NEUTRAL)


def allowed(pattern: str, label: str) -> Code:
    return code(pattern, label, Severity.INFO, Class.ALLOWED)


def custom(name: str, *, domains: bool = False, title: str = "", tier: int = 2) -> Zone:
    """A list that somebody added: 127.0.0.2 and up is a listing of medium weight."""
    make = name_list if domains else ip_list
    kinds: dict[str, Any] = {} if domains else {"kinds": BOTH}
    return make(name, title or name, name, tier, plain(Severity.MEDIUM), needs=Needs.NOTHING, **kinds)
