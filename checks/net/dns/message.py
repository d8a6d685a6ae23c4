"""A reply's bytes -> what it says about a question. Pure; whatever the bytes are, this returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import dns.edns
import dns.rcode
from dns.rdatatype import CNAME, NS, SOA

from checks.names import is_subdomain
from checks.net.dns.packet import MalformedError, Packet, Rr, escaped, name_at, take_apart
from checks.net.dns.query import rdtype_number
from checks.net.dns.records import record
from checks.ports import Got, Host, Record, Soa, Why

MAX_CHAIN = 12
"""Aliases that are followed before it is called a loop; resolvers in use stop between 8 and 16."""

NOERROR, NXDOMAIN = 0, 3
_AA, _RA, _AD = 0x0400, 0x0080, 0x0020
_IN = 1
_EXTENDED_ERROR = 15
_NAMES = {NOERROR: "NOERROR", NXDOMAIN: "NXDOMAIN"}
_WHY: Mapping[str, Why] = {"SERVFAIL": Why.SERVFAIL, "FORMERR": Why.FORMERR, "BADVERS": Why.FORMERR}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reply says. `follow` is set when the server knew an alias but not what it leads to."""

    got: Got
    records: tuple[Record, ...] = ()
    why: Why | None = None
    note: str = ""
    chain: tuple[str, ...] = ()
    ttl: int | None = None
    soa: Soa | None = None
    rcode: str = ""
    authenticated: bool = False
    edns: bool = False
    follow: str | None = None


def failure(why: Why, note: str = "", rcode: str = "", *, edns: bool = False) -> Reading:
    return Reading(Got.FAILED, why=why, note=note, rcode=rcode, edns=edns)


def read(data: bytes, name: str, rdtype: str, *, authoritative: bool = False) -> Reading:
    """Read a reply to the question (name, rdtype), whose id and question section were found right.

    With `authoritative` the server was asked as one of the zone's own: without the AA bit it is lame.
    """
    try:
        return _read(take_apart(data), canonical(name), rdtype_number(rdtype) or 0, authoritative)
    except Exception as error:  # dnspython has exceptions of many families for hostile bytes
        return failure(Why.MALFORMED, f"the reply cannot be read: {error}")


def canonical(name: str) -> str:
    """A name as asked -> the spelling that it has when it comes back ("a b" -> "a\\\\032b")."""
    if name.replace(".", "").replace("-", "").replace("_", "").isalnum() or "\\" in name:
        return name.lower()
    return ".".join(escaped(label) for label in name.encode().split(b"."))


def _read(packet: Packet, name: str, rdtype: int, authoritative: bool) -> Reading:
    if packet.rcode not in _NAMES:
        rcode = dns.rcode.to_text(dns.rcode.Rcode.make(packet.rcode))
        note = _extended_error(packet)
        return failure(_WHY.get(rcode, Why.REFUSED), note, rcode, edns=packet.opt is not None)
    if authoritative and not packet.flags & _AA:
        return failure(Why.LAME, "it does not answer for this zone (no AA bit)", _NAMES[packet.rcode])
    return _absent_or_found(packet, name, rdtype)


def _absent_or_found(packet: Packet, name: str, rdtype: int) -> Reading:
    chain, ttls = _aliases(packet, name, rdtype)
    owner = chain[-1] if chain else name
    rcode = _NAMES[packet.rcode]
    authenticated = bool(packet.flags & _AD)
    found = _at(packet.answer, owner, rdtype) if packet.rcode == NOERROR else []
    if found:
        records = tuple(dict.fromkeys(record(packet, rr) for rr in found))
        ttl = min([*ttls, *map(_ttl, found)])
        return Reading(Got.RECORDS, records, chain=chain, ttl=ttl, rcode=rcode, authenticated=authenticated)
    soa, soa_ttl = _soa(packet)
    if chain and not (soa and is_subdomain(owner, soa.zone)):
        return Reading(Got.NODATA, chain=chain, ttl=min(ttls), rcode=rcode, follow=owner)
    if soa is None and _without_standing(packet):
        return failure(Why.LAME, "it neither recurses nor answers for this zone", rcode)
    got = Got.NXDOMAIN if packet.rcode == NXDOMAIN else Got.NODATA
    negative = min([*ttls, soa_ttl]) if soa is not None else None
    return Reading(got, chain=chain, ttl=negative, soa=soa, rcode=rcode, authenticated=authenticated)


def _without_standing(packet: Packet) -> bool:
    """An empty answer without SOA: a referral, or a server that has no business answering.

    With AA or RA and no NS it is NODATA of the third type (RFC 2308 section 2.2).
    """
    if packet.flags & _AA:
        return False
    return any(rr.rdtype == NS for rr in packet.authority) or not packet.flags & _RA


def _aliases(packet: Packet, name: str, rdtype: int) -> tuple[tuple[str, ...], list[int]]:
    """The targets of the CNAMEs from `name` on, and their TTLs; in a circle the last repeats another."""
    targets: list[str] = []
    ttls: list[int] = []
    alias = _at(packet.answer, name, CNAME) if rdtype != CNAME else []
    while alias and len(targets) <= MAX_CHAIN:
        target = cast("Host", record(packet, alias[0])).name
        targets.append(target)
        ttls.append(_ttl(alias[0]))
        if target == name or target in targets[:-1]:
            break
        alias = _at(packet.answer, target, CNAME)
    return tuple(targets), ttls


def _at(section: tuple[Rr, ...], owner: str, rdtype: int) -> list[Rr]:
    return [rr for rr in section if rr.rdtype == rdtype and rr.name == owner and rr.rdclass == _IN]


def _ttl(rr: Rr) -> int:
    """RFC 2181 section 8: with the highest bit set it counts as 0."""
    return rr.ttl if rr.ttl < 1 << 31 else 0


def _soa(packet: Packet) -> tuple[Soa | None, int]:
    """The SOA of a negative answer, and for how long it may be believed (RFC 2308 section 5)."""
    for rr in packet.authority:
        if rr.rdtype == SOA:
            _, at = name_at(packet.data, rr.start)
            _, at = name_at(packet.data, at)
            if rr.end - at != 20:
                raise MalformedError("a SOA record is of the wrong size")
            serial = int.from_bytes(packet.data[at : at + 4], "big")
            minimum = int.from_bytes(packet.data[at + 16 : at + 20], "big")
            return Soa(rr.name, serial, minimum), min(_ttl(rr), minimum)
    return None, 0


def _extended_error(packet: Packet) -> str:
    """What the resolver adds about its failure (RFC 8914): "EDE 7 (SIGNATURE EXPIRED): sig expired"."""
    at, end = (packet.opt.start, packet.opt.end) if packet.opt else (0, 0)
    while at + 4 <= end:
        code, size = (int.from_bytes(packet.data[i : i + 2], "big") for i in (at, at + 2))
        content = packet.data[at + 4 : min(at + 4 + size, end)]
        if code == _EXTENDED_ERROR and len(content) >= 2:
            return _explained(int.from_bytes(content[:2], "big"), content[2:].decode("utf-8", "replace"))
        at += 4 + size
    return ""


def _explained(code: int, text: str) -> str:
    known = {int(each): each.name.replace("_", " ") for each in dns.edns.EDECode}
    name = f" ({known[code]})" if code in known else ""
    return f"EDE {code}{name}" + (f": {text.strip(chr(0))}" if text.strip("\0") else "")
