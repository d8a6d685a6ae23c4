"""Reading replies: whatever the bytes are, a reading comes out."""

from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.net.dns.message import read
from checks.net.dns.packet import MalformedError, take_apart
from checks.net.dns.query import Query, section
from checks.net.dns.records import record
from checks.ports import Got, Txt, Why

NAME = "www.example.com"


def reply(
    *answer: str, authority: tuple[str, ...] = (), rcode: str = "NOERROR", flags: int = dns.flags.RA
) -> dns.message.Message:
    """A reply to (NAME, A); records as "owner ttl IN type rdata"."""
    message = dns.message.make_response(dns.message.make_query(NAME, "A"))
    message.flags |= flags
    message.set_rcode(dns.rcode.from_text(rcode))
    for section_, lines in ((message.answer, answer), (message.authority, authority)):
        for line in lines:
            owner, ttl, rdclass, rdtype, rdata = line.split(maxsplit=4)
            section_.append(dns.rrset.from_text(owner, int(ttl), rdclass, rdtype, rdata))
    return message


SOA = "example.com. 900 IN SOA ns.example.com. h.example.com. 1 2 3 4 600"
REPLIES = [
    reply("www.example.com. 300 IN A 192.0.2.1"),
    reply("www.example.com. 300 IN CNAME web.example.com.", "web.example.com. 60 IN A 192.0.2.1"),
    reply(authority=(SOA,)),
    reply(authority=(SOA,), rcode="NXDOMAIN"),
    reply(rcode="SERVFAIL"),
    reply('www.example.com. 300 IN TXT "v=spf1 -all" "more"'),
    reply("www.example.com. 300 IN MX 10 mx.example.com."),
]
PACKETS = [message.to_wire() for message in REPLIES]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A true reply with bytes changed, cut off, or put in."""
    packet = bytearray(draw(st.sampled_from(PACKETS)))
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(2, len(packet) - 1))
        packet[place] = draw(st.integers(0, 255))
    end = draw(st.integers(0, len(packet)))
    return bytes(packet[:end]) + draw(st.binary(max_size=20)) if draw(st.booleans()) else bytes(packet)


@settings(max_examples=2_000, deadline=None)
@given(mutated(), st.sampled_from(["A", "TXT", "MX", "CNAME", "SOA"]), st.booleans())
def test_hostile_bytes_become_a_reading(packet: bytes, rdtype: str, authoritative: bool) -> None:
    """Never an exception; and records only together with RECORDS."""
    reading = read(packet, NAME, rdtype, authoritative=authoritative)
    assert (reading.why is not None) == (reading.got is Got.FAILED)
    assert bool(reading.records) == (reading.got is Got.RECORDS)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_become_a_reading(packet: bytes) -> None:
    assert read(packet, NAME, "A").got in Got
    assert Query(section(NAME, "A")).owns(packet) in (True, False)


def test_the_ttl_is_the_least_of_the_chain() -> None:
    """An alias of a minute must not be believed for an hour."""
    reading = read(PACKETS[1], NAME, "A")
    assert (reading.ttl, reading.chain) == (60, ("web.example.com",))


@pytest.mark.parametrize("rcode", ["NOERROR", "NXDOMAIN"])
def test_absence_is_believed_for_the_lesser_of_ttl_and_minimum(rcode: str) -> None:
    """RFC 2308 section 5."""
    reading = read(reply(authority=(SOA,), rcode=rcode).to_wire(), NAME, "A")
    assert reading.ttl == 600
    assert reading.soa is not None
    assert reading.soa.zone == "example.com"


def test_records_of_other_names_and_types_are_no_answer() -> None:
    """Signatures and strays in the answer section are passed over (golden vector T4)."""
    message = reply(
        "other.example. 300 IN A 203.0.113.9", 'www.example.com. 300 IN TXT "x"', authority=(SOA,)
    )
    assert read(message.to_wire(), NAME, "A").got is Got.NODATA


@pytest.mark.parametrize(
    ("authority", "flags", "got"),
    [
        ((), dns.flags.RA, Got.NODATA),
        ((), dns.flags.AA, Got.NODATA),
        ((), 0, Got.FAILED),
        ((". 300 IN NS a.root-servers.net.",), dns.flags.RA, Got.FAILED),
        (("example.com. 300 IN NS ns.example.com.",), dns.flags.AA, Got.NODATA),
    ],
)
def test_an_empty_answer_counts_only_from_who_may_give_it(
    authority: tuple[str, ...], flags: int, got: Got
) -> None:
    """A referral is not "does not exist" (RFC 2308 section 2.2): it comes from a lame server."""
    reading = read(reply(authority=authority, flags=flags).to_wire(), NAME, "A")
    assert reading.got is got
    assert reading.why is (Why.LAME if got is Got.FAILED else None)


def test_an_alias_to_where_the_server_does_not_look_is_followed() -> None:
    """The SOA of the alias's zone says nothing about the target in another zone."""
    message = reply("www.example.com. 300 IN CNAME host.other.test.", authority=(SOA,))
    assert read(message.to_wire(), NAME, "A").follow == "host.other.test"


def test_text_that_is_not_utf8_stays_as_it_is() -> None:
    """RES-011: the check decides what to make of it."""
    message = reply('www.example.com. 300 IN TXT "\\255\\254" "abc"')
    assert read(message.to_wire(), NAME, "TXT").records == (Txt((b"\xff\xfe", b"abc")),)


def test_the_resolvers_own_words_about_a_failure_are_kept() -> None:
    """RFC 8914: "signature expired" is what the domain's owner has to know."""
    message = reply(rcode="SERVFAIL")
    message.use_edns(options=[dns.edns.EDEOption(dns.edns.EDECode.SIGNATURE_EXPIRED, "sig expired")])
    reading = read(message.to_wire(), NAME, "A")
    assert (reading.why, reading.note) == (Why.SERVFAIL, "EDE 7 (SIGNATURE EXPIRED): sig expired")


def test_a_reply_belongs_to_its_question_only() -> None:
    """RFC 5452 section 9.1: name, type and class must be those that were asked; letter case may differ."""
    query = Query(section(NAME, "A"))
    packet = reply("www.example.com. 300 IN A 192.0.2.1").to_wire()
    assert query.owns(packet)
    assert query.owns(packet.replace(b"example", b"EXAMPLE"))
    assert not Query(section("www.example.org", "A")).owns(packet)
    assert not Query(section(NAME, "AAAA")).owns(packet)
    assert not query.owns(query.packet(1))
    assert not query.owns(b"")


@given(mutated(), st.sampled_from(["A", "TXT", "MX", "CNAME", "SOA"]))
def test_what_dnspython_reads_we_read_alike(packet: bytes, rdtype: str) -> None:
    """dnspython is the oracle: where it can read a message, names, records and TTLs are the same."""
    try:
        theirs = dns.message.from_wire(packet, ignore_trailing=True)
        ours = take_apart(packet)
    except (dns.exception.DNSException, MalformedError, ValueError):
        return
    flat = [(rrset.name, rrset.rdtype, rdata) for rrset in theirs.answer for rdata in rrset]
    wanted = dns.rdatatype.from_text(rdtype)
    assert {plain(name) for name, _, _ in flat} <= {rr.name for rr in ours.answer}
    for name, kind, rdata in flat:
        if kind == wanted:
            texts = [
                str(record(ours, rr)) for rr in ours.answer if rr.name == plain(name) and rr.rdtype == kind
            ]
            assert text_of(rdata) in texts


def plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower().removesuffix(".")


def text_of(rdata: Any) -> str:
    """dnspython's record in the port's words."""
    if rdata.rdtype == dns.rdatatype.TXT:
        return str(Txt(tuple(rdata.strings)))
    if rdata.rdtype == dns.rdatatype.MX:
        return f"{rdata.preference} {plain(rdata.exchange) or '.'}"
    if rdata.rdtype == dns.rdatatype.CNAME:
        return plain(rdata.target)
    return str(rdata.to_text())
