"""A reply's bytes -> what it says about a question. Pure; whatever the bytes are, this returns."""

from dataclasses import dataclass
from typing import Any, cast

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from checks.names import is_subdomain
from checks.net.dns.records import canonical, plain, record
from checks.ports import Got, Host, Record, Soa, Why

MAX_CHAIN = 12
"""Aliases that are followed before it is called a loop; resolvers in use stop between 8 and 16."""

_WHY = {"SERVFAIL": Why.SERVFAIL, "FORMERR": Why.FORMERR, "BADVERS": Why.FORMERR}


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
        message = dns.message.from_wire(data, ignore_trailing=True)
        return _read(message, canonical(name), rdtype, authoritative)
    except Exception as error:  # dnspython has exceptions of many families for hostile bytes
        return failure(Why.MALFORMED, f"the reply cannot be read ({type(error).__name__}: {error})")


def _read(message: dns.message.Message, name: str, rdtype: str, authoritative: bool) -> Reading:
    rcode = dns.rcode.to_text(message.rcode())
    if rcode not in ("NOERROR", "NXDOMAIN"):
        return failure(_WHY.get(rcode, Why.REFUSED), _extended_error(message), rcode, edns=message.edns >= 0)
    if authoritative and not message.flags & dns.flags.AA:
        return failure(Why.LAME, "it does not answer for this zone (no AA bit)", rcode)
    return _absent_or_found(message, name, rdtype, rcode)


def _absent_or_found(message: dns.message.Message, name: str, rdtype: str, rcode: str) -> Reading:
    chain, ttls = _aliases(message.answer, name, rdtype)
    owner = chain[-1] if chain else name
    found = _rrset(message.answer, owner, rdtype)
    soa, soa_ttl = _soa(message.authority)
    authenticated = bool(message.flags & dns.flags.AD)
    if found is not None and rcode == "NOERROR":
        records = tuple(record(rdata) for rdata in found)
        ttl = min([*ttls, found.ttl])
        return Reading(Got.RECORDS, records, chain=chain, ttl=ttl, rcode=rcode, authenticated=authenticated)
    if chain and not (soa and is_subdomain(owner, soa.zone)):
        return Reading(Got.NODATA, chain=chain, ttl=min(ttls), rcode=rcode, follow=owner)
    if soa is None and _without_standing(message):
        return failure(Why.LAME, "it neither recurses nor answers for this zone", rcode)
    got = Got.NXDOMAIN if rcode == "NXDOMAIN" else Got.NODATA
    negative = min([*ttls, soa_ttl]) if soa is not None else None
    return Reading(got, chain=chain, ttl=negative, soa=soa, rcode=rcode, authenticated=authenticated)


def _without_standing(message: dns.message.Message) -> bool:
    """An empty answer without SOA: a referral, or a server that has no business answering.

    With AA or RA and no NS it is NODATA of the third type (RFC 2308 section 2.2).
    """
    if message.flags & dns.flags.AA:
        return False
    refers = any(rrset.rdtype == dns.rdatatype.NS for rrset in message.authority)
    return refers or not message.flags & dns.flags.RA


def _aliases(answer: list[dns.rrset.RRset], name: str, rdtype: str) -> tuple[tuple[str, ...], list[int]]:
    """The targets of the CNAMEs from `name` on, and their TTLs; a target may repeat in a loop, once."""
    targets: list[str] = []
    ttls: list[int] = []
    alias = _rrset(answer, name, "CNAME") if rdtype != "CNAME" else None
    while alias is not None and len(targets) <= MAX_CHAIN:
        target = cast(Host, record(alias[0])).name
        targets.append(target)
        ttls.append(alias.ttl)
        if target == name or target in targets[:-1]:
            break
        alias = _rrset(answer, target, "CNAME")
    return tuple(targets), ttls


def _rrset(section: list[dns.rrset.RRset], owner: str, rdtype: str) -> dns.rrset.RRset | None:
    wanted = dns.rdatatype.from_text(rdtype)
    for rrset in section:
        if rrset.rdtype == wanted and rrset.rdclass == dns.rdataclass.IN and plain(rrset.name) == owner:
            return rrset
    return None


def _soa(authority: list[dns.rrset.RRset]) -> tuple[Soa | None, int]:
    """The SOA of a negative answer, and for how long it may be believed (RFC 2308 section 5)."""
    for rrset in authority:
        if rrset.rdtype == dns.rdatatype.SOA:
            soa = cast(Any, rrset[0])
            return Soa(plain(rrset.name), soa.serial, soa.minimum), min(rrset.ttl, soa.minimum)
    return None, 0


def _extended_error(message: dns.message.Message) -> str:
    """What the resolver adds about its failure (RFC 8914): "EDE 6 (DNSSEC Bogus): signature expired"."""
    for option in message.options:
        if isinstance(option, dns.edns.EDEOption):
            name = dns.edns.EDECode(option.code).name.replace("_", " ") if option.code in _EDE else ""
            return f"EDE {option.code} ({name})" + (f": {option.text}" if option.text else "")
    return ""


_EDE = {int(code) for code in dns.edns.EDECode}
