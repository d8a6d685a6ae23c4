"""Where the resolver's questions come out: blocklists judge that address, and not ours.

Some servers answer with the address that asked them. From it follows whose resolver it is in the end: a
forwarder in front of a public resolver looks like one's own until Spamhaus refuses it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.evidence import evidence_of, why_of
from checks.model import Evidence, Finding, State
from checks.names import is_address, reverse_labels, reverse_name
from checks.ports import Answer, Dns, Question
from checks.rdns.generic import looks

MIRRORS = (
    Question("whoami.akamai.net", "A"),
    Question("o-o.myaddr.l.google.com", "TXT"),
    Question("2.0.0.127.multi.uribl.com", "TXT"),
)
"""Names whose records hold the address that asked (the last one only when it refuses)."""

PUBLIC: Mapping[str, str] = {
    "15169": "Google Public DNS",
    "13335": "Cloudflare",
    "19281": "Quad9",
    "42": "Quad9",
    "36692": "OpenDNS",
    "212772": "AdGuard DNS",
    "34939": "NextDNS",
}
"""Autonomous systems whose resolvers answer for everybody."""

_ADDRESS = re.compile(r"[0-9a-fA-F:]*:[0-9a-fA-F:]+|\d{1,3}(?:\.\d{1,3}){3}")
_SUBNET = "edns0-client-subnet"  # Google's mirror also tells this; it is not the resolver's address


@dataclass(frozen=True, slots=True)
class Egress:
    """One address that questions come out of, whose network that is, and how it is called."""

    ip: str
    network: str = ""
    """The number of its autonomous system; "" when it could not be found out."""
    names: tuple[str, ...] | None = None
    """Its PTR names; None when they could not be looked up."""

    @property
    def operator(self) -> str:
        return PUBLIC.get(self.network, "")


def examine(dns: Dns, nameserver: str, mirrors: Sequence[Answer]) -> Iterator[Finding]:
    """DOC-002 whose resolver it is, DOC-003 how its address is called; from the answers to `MIRRORS`."""
    seen = tuple(evidence_of(answer) for answer in mirrors)
    found = addresses(mirrors)
    if not found:
        why = next((why_of(answer) for answer in mirrors if not answer.ok), "nobody told")
        yield Finding("DOC-002", State.UNKNOWN, nameserver, {"why": why}, seen)
        return
    egresses = _looked_up(dns, found)
    yield whose(nameserver, egresses, seen)
    yield from (called(egress) for egress in egresses)


def addresses(mirrors: Sequence[Answer]) -> tuple[str, ...]:
    """The addresses that the mirrors saw, each once."""
    texts = [text for answer in mirrors for text in answer.texts if _SUBNET not in text]
    matches = [match for text in texts for match in _ADDRESS.findall(text)]
    return tuple(dict.fromkeys(match for match in matches if is_address(match)))


def _looked_up(dns: Dns, ips: Sequence[str]) -> tuple[Egress, ...]:
    origins = dns.ask_all([Question(_origin(ip), "TXT") for ip in ips])
    pointers = dns.ask_all([Question(reverse_name(ip), "PTR") for ip in ips])
    return tuple(
        Egress(ip, network_of(origin), pointer.texts if pointer.ok else None)
        for ip, origin, pointer in zip(ips, origins, pointers, strict=True)
    )


def _origin(ip: str) -> str:
    """Team Cymru's map from addresses to autonomous systems, in DNS."""
    return f"{reverse_labels(ip)}.origin{'6' if ':' in ip else ''}.asn.cymru.com"


def network_of(origin: Answer) -> str:
    """ "15169 | 172.253.0.0/16 | US | arin | 2013-04-04" -> "15169"."""
    first = next(iter(origin.texts), "").partition("|")[0].split()
    return first[0] if first else ""


def whose(nameserver: str, egresses: Sequence[Egress], seen: tuple[Evidence, ...]) -> Finding:
    """Whether the questions come out of a public resolver."""
    operators = tuple(dict.fromkeys(egress.operator for egress in egresses if egress.operator))
    args = {
        "egress": tuple(egress.ip for egress in egresses),
        "networks": tuple(f"AS{egress.network}" for egress in egresses if egress.network),
        "operators": operators,
    }
    return Finding("DOC-002", State.WARN if operators else State.PASS, nameserver, args, seen)


def called(egress: Egress) -> Finding:
    """Spamhaus refuses resolvers without a name, and those whose name looks like a rented machine's."""
    if egress.names is None:
        return Finding("DOC-003", State.UNKNOWN, egress.ip, {"why": "its reverse name cannot be looked up"})
    generic = [name for name in egress.names if looks(name, egress.ip).generic]
    if egress.names and not generic:
        return Finding("DOC-003", State.PASS, egress.ip, {"names": egress.names})
    fault = f"is called {generic[0]}" if generic else "has no reverse name"
    return Finding("DOC-003", State.WARN, egress.ip, {"fault": fault})
