"""A record's data -> the port's record. Pure."""

from collections.abc import Callable, Mapping
from ipaddress import IPv6Address

import dns.rdata
import dns.rdataclass
from dns.rdatatype import AAAA, CNAME, MX, NS, PTR, TXT, A, RdataType

from checks.net.dns.packet import MalformedError, Packet, Rr, name_at
from checks.ports import Address, Host, Mx, Other, Record, Txt

Reader = Callable[[bytes, int, int], Record]


def record(packet: Packet, rr: Rr) -> Record:
    """TXT keeps its bytes; names are lower-case without the trailing dot; the root is "".

    Raises MalformedError, or an exception of dnspython's for the types that it reads.
    """
    reader = _READERS.get(rr.rdtype)
    return reader(packet.data, rr.start, rr.end) if reader else _other(packet, rr)


def _a(data: bytes, start: int, end: int) -> Record:
    if end - start != 4:
        raise MalformedError("an A record is not of 4 octets")
    return Address("{}.{}.{}.{}".format(*data[start:end]))


def _aaaa(data: bytes, start: int, end: int) -> Record:
    if end - start != 16:
        raise MalformedError("an AAAA record is not of 16 octets")
    return Address(str(IPv6Address(data[start:end])))


def _host(data: bytes, start: int, end: int) -> Record:
    return Host(_whole_name(data, start, end))


def _mx(data: bytes, start: int, end: int) -> Record:
    return Mx(int.from_bytes(data[start : start + 2], "big"), _whole_name(data, start + 2, end))


def _txt(data: bytes, start: int, end: int) -> Record:
    strings = []
    while start < end:
        after = start + 1 + data[start]
        if after > end:
            raise MalformedError("a TXT record is cut off in a string")
        strings.append(data[start + 1 : after])
        start = after
    return Txt(tuple(strings))


def _whole_name(data: bytes, start: int, end: int) -> str:
    name, after = name_at(data, start)
    if after != end:
        raise MalformedError("a name does not fill its record")
    return name


def _other(packet: Packet, rr: Rr) -> Record:
    rdata = dns.rdata.from_wire(
        dns.rdataclass.IN, RdataType.make(rr.rdtype), packet.data, rr.start, rr.end - rr.start
    )
    return Other(rdata.to_text())


_READERS: Mapping[int, Reader] = {A: _a, AAAA: _aaaa, CNAME: _host, MX: _mx, NS: _host, PTR: _host, TXT: _txt}
