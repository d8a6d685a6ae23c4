"""The sandbox's name server speaks real DNS: any client reads it, and what it says can be changed."""

import socket
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from monitor.sandbox import truth
from monitor.sandbox.world import build
from monitor.sandbox.zone import Zone
from tests.fakes.nameserver import HOST, Served, serving

pytestmark = pytest.mark.sockets

KEY = "M" * 392


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(build({"harbour.test": KEY})) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_in_the_beginning(served: Served) -> Iterator[None]:
    yield
    served.live.change(lambda _: truth.Truth())


def ask(served: Served, name: str, rdtype: str, *, edns: bool = True) -> dns.message.Message:
    query = dns.message.make_query(name, rdtype, use_edns=edns)
    return dns.query.udp(query, HOST, timeout=2, port=served.port)


def texts(reply: dns.message.Message) -> list[str]:
    return sorted(str(rdata) for rrset in reply.answer for rdata in rrset)


def test_it_answers_as_a_recursive_resolver(served: Served) -> None:
    """Clients tell a lame server by RA: ours must look like the resolver that it stands for."""
    reply = ask(served, "saltmarsh.test", "MX")

    assert texts(reply) == ["10 smtp.saltmarsh.test."]
    assert reply.flags & dns.flags.RA


def test_it_follows_an_alias_and_shows_it(served: Served) -> None:
    assert texts(ask(served, "www.harbour.test", "A")) == ["192.0.2.80", "harbour.test."]


@pytest.mark.parametrize(
    ("name", "rdtype", "rcode", "zone"),
    [
        ("harbour.test", "AAAA", dns.rcode.NOERROR, "harbour.test."),
        ("_domainkey.harbour.test", "TXT", dns.rcode.NOERROR, "harbour.test."),
        ("nothing.harbour.test", "TXT", dns.rcode.NXDOMAIN, "harbour.test."),
        ("nobody.example", "A", dns.rcode.NXDOMAIN, "."),
    ],
)
def test_an_absent_record_comes_with_the_soa_of_its_zone(
    served: Served, name: str, rdtype: str, rcode: dns.rcode.Rcode, zone: str
) -> None:
    """RFC 2308: without a SOA a negative answer cannot be cached or told from a lame one."""
    reply = ask(served, name, rdtype)

    assert reply.rcode() == rcode
    assert [str(rrset.name) for rrset in reply.authority] == [zone]


def test_what_udp_cannot_carry_comes_by_tcp(served: Served) -> None:
    """Two keys at one name, as in a clumsy rotation, do not fit in 512 bytes."""
    name = "s1._domainkey.harbour.test"
    served.live.change(truth.rewritten(name, {"TXT": [[KEY], [KEY[1:]]]}))
    short = ask(served, name, "TXT", edns=False)
    whole = dns.query.tcp(dns.message.make_query(name, "TXT"), HOST, timeout=2, port=served.port)

    assert short.flags & dns.flags.TC
    assert [text.replace('" "', "") for text in texts(whole)] == [f'"{KEY[1:]}"', f'"{KEY}"']
    assert texts(ask(served, name, "TXT")) == texts(whole)


def test_a_domain_whose_servers_are_down_meets_silence(served: Served) -> None:
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(dns.message.make_query("mail.fogbank.test", "A"), HOST, timeout=0.2, port=served.port)


def test_servers_can_break_and_come_back(served: Served) -> None:
    served.live.change(truth.dns_down("harbour.test", answering=True))
    assert ask(served, "s1._domainkey.harbour.test", "TXT").rcode() == dns.rcode.SERVFAIL

    served.live.change(truth.dns_up("harbour.test"))
    assert ask(served, "harbour.test", "MX").rcode() == dns.rcode.NOERROR


def test_an_address_is_listed_and_delisted(served: Served) -> None:
    name = "20.113.0.203.zen.spamhaus.org"
    assert ask(served, name, "A").rcode() == dns.rcode.NXDOMAIN

    served.live.change(truth.listed("203.0.113.20", "zen.spamhaus.org", "127.0.0.3"))
    assert texts(ask(served, name, "A")) == ["127.0.0.3"]
    assert "203.0.113.20" in texts(ask(served, name, "TXT"))[0]

    served.live.change(truth.delisted("203.0.113.20", "zen.spamhaus.org"))
    assert ask(served, name, "A").rcode() == dns.rcode.NXDOMAIN


def test_a_record_is_lost_and_restored(served: Served) -> None:
    name = "s1._domainkey.harbour.test"
    served.live.change(truth.lost(name))
    assert ask(served, name, "TXT").rcode() == dns.rcode.NXDOMAIN

    served.live.change(truth.restored(name))
    assert ask(served, name, "TXT").rcode() == dns.rcode.NOERROR


def test_a_stopped_server_is_a_closed_port_and_starts_again_on_it() -> None:
    """An outage in the sandbox must be an outage on the wire."""
    zone = Zone({"a.test": {"A": ["192.0.2.1"]}})
    with serving(zone) as running, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        running.stop()
        client.settimeout(2)
        client.connect((HOST, running.port))
        client.send(dns.message.make_query("a.test", "A").to_wire())
        with pytest.raises(ConnectionRefusedError):
            client.recv(512)

        running.start()
        assert texts(ask(running, "a.test", "A")) == ["192.0.2.1"]


def test_hostile_packets_are_not_answered(served: Served) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for packet in (b"", b"\x00", b"\xff" * 40, b"\x12\x34\x01\x00\x00\x01" + b"\x00" * 6 + b"\xc0\x0c"):
            client.sendto(packet, (HOST, served.port))

    assert ask(served, "harbour.test", "MX").rcode() == dns.rcode.NOERROR
