"""dnspython's rdata -> the port's records. Pure."""

import re
from ipaddress import ip_address
from typing import Any

import dns.name
from dns.rdatatype import AAAA, CNAME, MX, NS, PTR, TXT, A

from checks.ports import Address, Host, Mx, Other, Record, Txt

_USUAL = re.compile(r"[a-z0-9._-]*")


def record(rdata: Any) -> Record:
    """One record; TXT keeps its bytes, names are lower-case without the trailing dot."""
    kind = rdata.rdtype
    if kind == A:
        return Address(rdata.address)
    if kind == AAAA:
        return Address(str(ip_address(rdata.address)))
    if kind == TXT:
        return Txt(tuple(rdata.strings))
    if kind in (PTR, CNAME, NS):
        return Host(plain(rdata.target))
    if kind == MX:
        return Mx(rdata.preference, plain(rdata.exchange))
    return Other(rdata.to_text())


def plain(name: dns.name.Name) -> str:
    """A name as the house writes it; the root is ""."""
    return name.to_text(omit_final_dot=True).lower().removesuffix(".")


def canonical(name: str) -> str:
    """A name as asked -> the spelling that `plain` gives it when it comes back ("a b" -> "a\\032b")."""
    if _USUAL.fullmatch(name):
        return name
    if "\\" in name:
        return plain(dns.name.from_text(name))
    return plain(dns.name.Name([*name.encode().split(b"."), b""]))
