"""Whether a PTR name looks as if an access provider had made it: the heuristics of hfilter and SpamAssassin.

Receivers (Yahoo among them) want a name that somebody chose. The score says how much it looks generated, the
matches say why.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

GENERIC_FROM = 4
"""The score from which a name counts as generic (rspamd hfilter)."""

WEIGHTS: Mapping[int, str] = {
    5: "dynamic dyn dynip dhcp ppp pppoe pptp dialup dial-up dsl-dynamic broadband broad cablemodem modem "
    "catv gprs cdma wifi nat homeuser",
    4: "dsl adsl xdsl pool in-addr fbx fibertel",
    3: "cable kabel unused-addr",
    2: "host",
    1: "user peer customer customers client clients vps",
}
NUMBERED_CLIENTS = re.compile(r"(?<![a-z])clients\d+(?![a-z])")
PROVIDERS = re.compile(r"(?:^|\.)comcast\.")  # the access provider's own domain
CHOSEN = re.compile(r"(?<![a-z])(static|mail|smtp|mx|out|outbound|relay)(?![a-z])")
OWN_ADDRESS = 4


def _pattern(words: str) -> re.Pattern[str]:
    """Each word, touching a digit or the border of a label part on both sides."""
    return re.compile(rf"(?<![a-z])({'|'.join(sorted(words.split(), key=len, reverse=True))})(?![a-z])")


PATTERNS: Mapping[int, re.Pattern[str]] = {weight: _pattern(words) for weight, words in WEIGHTS.items()}


@dataclass(frozen=True, slots=True)
class Looks:
    """How generated a name looks: 0 not at all, `GENERIC_FROM` and more generic; `because` in words."""

    score: int
    because: tuple[str, ...]

    @property
    def generic(self) -> bool:
        return self.score >= GENERIC_FROM


def looks(name: str, ip: str) -> Looks:
    """Judge the PTR `name` of `ip`. Words in the last two labels do not count."""
    below = ".".join(name.split(".")[:-2])
    found: list[tuple[int, str]] = []
    for weight, pattern in PATTERNS.items():
        if match := pattern.search(below):
            found.append((weight, f"“{match[1]}”"))
    if match := NUMBERED_CLIENTS.search(below):
        found.append((5, f"“{match[0]}”"))
    if PROVIDERS.search(name):
        found.append((5, "an access provider's domain"))
    if not CHOSEN.search(below) and _holds_address(name, ip):
        found.append((OWN_ADDRESS, "the address itself"))
    return Looks(sum(weight for weight, _ in found), tuple(reason for _, reason in found))


def _holds_address(name: str, ip: str) -> bool:
    return any(form in name for form in _spellings(ip))


def _spellings(ip: str) -> set[str]:
    """How an address is written into names: octets either way round with any separator, padded, or hex."""
    address = ipaddress.ip_address(ip)
    packed = address.packed.hex()
    if address.version == 6:
        groups = address.exploded.split(":")
        short = [group.lstrip("0") or "0" for group in groups]
        return {packed, "-".join(groups), ".".join(groups), "-".join(short), ip.replace(":", "-")}
    octets = str(address).split(".")
    forms = {packed, "".join(octet.zfill(3) for octet in octets)}
    for order in (octets, octets[::-1]):
        forms |= {separator.join(order) for separator in ("-", ".", "_", "x")}
        forms |= {"-".join(octet.zfill(3) for octet in order)}
    if len("".join(octets)) >= 8:  # without separators a short one could be any number
        forms |= {"".join(octets), "".join(octets[::-1])}
    return forms
