"""What the hostile name server says: packets of dnslib, so that the product's parser is not its own judge."""

import random
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dns.rdata
import dnslib

from checks.names import parents
from checks.ports import Question

TTL = 300
NEGATIVE_TTL = 60
REWRITTEN = "203.0.113.5"
"""Where a resolver that rewrites NXDOMAIN sends its users."""
PLAIN_UDP = 512
MAX_CHAIN = 8

FAULTS = (
    "TIMEOUT",
    "SERVFAIL",
    "REFUSED",
    "FORMERR",
    "NOTIMP",
    "LAME",
    "TRUNCATED",  # TC over UDP, and no TCP
    "WRONG-ID",
    "WRONG-QUESTION",
    "LOOP",
    "EMPTY",  # NOERROR without anything, not even a SOA
    "GARBAGE",
)


@dataclass(frozen=True, slots=True)
class Slow:
    """Answers after `seconds`."""

    seconds: float
    records: Any


@dataclass(slots=True)
class DropFirst:
    """Loses the first `count` datagrams."""

    count: int
    records: Any


@dataclass(frozen=True, slots=True)
class NoEdns:
    """Answers FORMERR to EDNS, as a server from before RFC 2671 does, and the records without it."""

    records: Any


@dataclass(frozen=True, slots=True)
class Traits:
    """What is so for every name."""

    delay: float = 0.0
    """Seconds before each answer."""
    rewrites: bool = False
    """A name that does not exist gets an address."""
    follows: bool = True
    """Completes chains of CNAMEs."""
    validates: bool = False
    """Sets AD."""
    loss: float = 0.0
    """The share of datagrams that are lost, drawn anew for each server, always alike."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do about a packet; nothing, when `packet` is None."""

    packet: bytes | None
    delay: float = 0.0
    question: Question | None = None


class FaultZone:
    """Packet in, packet out."""

    def __init__(self, names: Mapping[str, Any], traits: Traits) -> None:
        self.names: dict[str, Any] = {
            name.removesuffix(".").lower(): dict(types) for name, types in names.items()
        }
        self.traits = traits
        self._random = random.Random(5782)

    def reply(self, packet: bytes, *, stream: bool) -> Step:
        if not stream and self.traits.loss and self._random.random() < self.traits.loss:
            return Step(None)
        try:
            request = dnslib.DNSRecord.parse(packet)
            question = Question(_plain(request.q.qname), dnslib.QTYPE.get(request.q.qtype))
        except (dnslib.DNSError, UnicodeError, IndexError):
            return Step(None)
        types = self.names.get(question.name, {})
        stored = types.get(question.rdtype, () if "CNAME" in types else types.get("*", ()))
        delay = self.traits.delay
        if isinstance(stored, Slow):
            delay, stored = delay + stored.seconds, stored.records
        if isinstance(stored, DropFirst):
            stored.count -= 1
            if stored.count >= 0:
                return Step(None, question=question)
            stored = stored.records
        if isinstance(stored, NoEdns):
            stored = "FORMERR" if request.ar else stored.records
        if isinstance(stored, str):
            return Step(self._fault(stored, request, stream=stream), delay, question)
        return Step(
            self._sized(self._honest(request, question, stored), request, stream=stream), delay, question
        )

    # ---- honest answers

    def _honest(self, request: dnslib.DNSRecord, question: Question, stored: Any) -> dnslib.DNSRecord:
        reply = self._blank(request)
        name, chain = question.name, [question.name]
        while not stored and (target := self._alias(name, question.rdtype)) is not None:
            reply.add_answer(_rr(name, "CNAME", target))
            if target in chain or len(chain) > MAX_CHAIN or not self.traits.follows:
                return reply
            chain.append(target)
            name, stored = target, self.names.get(target, {}).get(question.rdtype, ())
        if isinstance(stored, str):
            reply.header.rcode = dnslib.RCODE.SERVFAIL
            return reply
        for rdata in stored:
            reply.add_answer(_rr(name, question.rdtype, rdata))
        if not stored:
            self._deny(reply, name, question.rdtype)
        return reply

    def _alias(self, name: str, rdtype: str) -> str | None:
        stored = self.names.get(name, {}).get("CNAME", ()) if rdtype != "CNAME" else ()
        return _plain(stored[0]) if stored else None

    def _deny(self, reply: dnslib.DNSRecord, name: str, rdtype: str) -> None:
        if self.traits.rewrites and name not in self.names:
            if rdtype == "A":
                reply.add_answer(_rr(name, "A", REWRITTEN))
                return
        elif name not in self.names:
            reply.header.rcode = dnslib.RCODE.NXDOMAIN
        reply.add_auth(self._soa(name))

    def _soa(self, name: str) -> dnslib.RR:
        for apex in (name, *parents(name)):
            stored = self.names.get(apex, {}).get("SOA")
            if stored and not isinstance(stored, str):
                return _rr(apex, "SOA", stored[0])
        apex = ".".join(name.split(".")[-2:])
        return _rr(apex, "SOA", f"ns.{apex}. hostmaster.{apex}. 1 3600 600 86400 {NEGATIVE_TTL}")

    def _blank(self, request: dnslib.DNSRecord) -> dnslib.DNSRecord:
        recursive = bool(request.header.rd)
        header = dnslib.DNSHeader(
            id=request.header.id, qr=1, aa=not recursive, rd=recursive, ra=recursive, ad=self.traits.validates
        )
        return dnslib.DNSRecord(header, q=request.q)

    def _sized(self, reply: dnslib.DNSRecord, request: dnslib.DNSRecord, *, stream: bool) -> bytes:
        edns = [rr for rr in request.ar if rr.rtype == dnslib.QTYPE.OPT]
        if edns:
            reply.add_ar(dnslib.EDNS0(udp_len=1232))
        packet = bytes(reply.pack())
        limit = edns[0].rclass if edns else PLAIN_UDP
        return packet if stream or len(packet) <= limit else bytes(reply.truncate().pack())

    # ---- faults

    def _fault(self, fault: str, request: dnslib.DNSRecord, *, stream: bool) -> bytes | None:
        reply = self._blank(request)
        if fault in ("SERVFAIL", "REFUSED", "FORMERR", "NOTIMP"):
            reply.header.rcode = getattr(dnslib.RCODE, fault)
            if fault != "FORMERR":
                reply.add_ar(dnslib.EDNS0(udp_len=1232))
            return bytes(reply.pack())
        return getattr(self, "_" + fault.lower().replace("-", "_"))(request, reply, stream)  # type: ignore[no-any-return]

    def _timeout(self, _request: dnslib.DNSRecord, _reply: dnslib.DNSRecord, _stream: bool) -> None:
        return None

    def _lame(self, request: dnslib.DNSRecord, reply: dnslib.DNSRecord, _stream: bool) -> bytes:
        """A referral to the root, from a server that does not know the zone."""
        reply.header.aa = reply.header.ra = 0
        reply.add_auth(dnslib.RR("", dnslib.QTYPE.NS, rdata=dnslib.NS("a.root-servers.net"), ttl=TTL))
        return bytes(reply.pack())

    def _truncated(self, _request: dnslib.DNSRecord, reply: dnslib.DNSRecord, stream: bool) -> bytes | None:
        reply.header.tc = 1
        return None if stream else bytes(reply.pack())

    def _wrong_id(self, request: dnslib.DNSRecord, reply: dnslib.DNSRecord, _stream: bool) -> bytes:
        reply.header.id = (request.header.id + 1) % 65_536
        reply.add_answer(_rr(_plain(request.q.qname), "A", REWRITTEN))
        return bytes(reply.pack())

    def _wrong_question(self, request: dnslib.DNSRecord, reply: dnslib.DNSRecord, _stream: bool) -> bytes:
        reply.questions = [dnslib.DNSQuestion("other.example", request.q.qtype)]
        reply.add_answer(_rr("other.example", "A", REWRITTEN))
        return bytes(reply.pack())

    def _loop(self, request: dnslib.DNSRecord, reply: dnslib.DNSRecord, _stream: bool) -> bytes:
        name = _plain(request.q.qname)
        reply.add_answer(_rr(name, "CNAME", f"loop.{name}"))
        reply.add_answer(_rr(f"loop.{name}", "CNAME", name))
        return bytes(reply.pack())

    def _empty(self, _request: dnslib.DNSRecord, reply: dnslib.DNSRecord, _stream: bool) -> bytes:
        return bytes(reply.pack())

    def _garbage(self, request: dnslib.DNSRecord, reply: dnslib.DNSRecord, _stream: bool) -> bytes:
        """The question as it was asked, then an answer that is cut off in its name."""
        packet = bytearray(reply.pack())
        struct.pack_into("!H", packet, 6, 3)
        return bytes(packet) + b"\xc0\xff\xff"


def _plain(name: object) -> str:
    return str(name).removesuffix(".").lower()


def _rr(name: str, rdtype: str, rdata: Any) -> dnslib.RR:
    return dnslib.RR(name or ".", getattr(dnslib.QTYPE, rdtype), rdata=_rdata(rdtype, rdata), ttl=TTL)


def _rdata(rdtype: str, rdata: Any) -> dnslib.RD:
    if rdtype == "TXT":
        strings = [rdata] if isinstance(rdata, str | bytes) else rdata
        return dnslib.TXT([s if isinstance(s, bytes) else s.encode() for s in strings])
    if rdtype == "MX":
        return dnslib.MX(rdata[1] or ".", int(rdata[0]))
    if rdtype == "SOA":
        fields = str(rdata).split()
        return dnslib.SOA(fields[0], fields[1], tuple(int(number) for number in fields[2:]))
    if rdtype in ("A", "AAAA", "NS", "CNAME", "PTR"):
        return getattr(dnslib, rdtype)(rdata)
    return dnslib.RD(dns.rdata.from_text("IN", rdtype, rdata).to_wire())
