"""The resolver against a real, hostile name server on loopback."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.flags
import dns.message
import pytest

from checks.net.dns import Resolver
from checks.ports import Address, Answer, Got, Host, Mx, Question, Soa, Txt, Why
from tests.lab.faultdns import DropFirst, FaultDns, NoEdns, Slow, Traits

pytestmark = pytest.mark.sockets

ZONE: dict[str, Any] = {
    "example.com": {
        "A": ["192.0.2.1", "192.0.2.2"],
        "AAAA": ["2001:db8::1"],
        "MX": [[10, "MX.example.com"]],
        "NS": ["ns1.example.com"],
        "TXT": [["v=spf1 ", "-all"], [b"\xff\xfe"]],
        "SOA": ["ns1.example.com. hostmaster.example.com. 7 3600 600 86400 120"],
        "CAA": ['0 issue "ca.example"'],
    },
    "null.example": {"MX": [[0, ""]]},
    "www.example.com": {"CNAME": ["web.example.com"]},
    "web.example.com": {"CNAME": ["example.com"]},
    "gone.example.com": {"CNAME": ["nowhere.example.com"]},
    "big.example.com": {"TXT": [["x" * 250] * 10]},
    "one.example.com": {"CNAME": ["two.example.com"]},
    "two.example.com": {"CNAME": ["one.example.com"]},
}


@contextmanager
def asking(
    zone: dict[str, Any] | None = None, traits: Traits | None = None, timeout: float = 10.0
) -> Iterator[tuple[FaultDns, Resolver]]:
    with FaultDns(zone or ZONE, traits) as server, Resolver([server.address], timeout=timeout) as resolver:
        yield server, resolver


@pytest.mark.parametrize(
    ("rdtype", "records"),
    [
        ("A", (Address("192.0.2.1"), Address("192.0.2.2"))),
        ("AAAA", (Address("2001:db8::1"),)),
        ("MX", (Mx(10, "mx.example.com"),)),
        ("NS", (Host("ns1.example.com"),)),
        ("TXT", (Txt((b"v=spf1 ", b"-all")), Txt((b"\xff\xfe",)))),
    ],
)
def test_records_come_as_the_ports_values(rdtype: str, records: tuple[object, ...]) -> None:
    """TXT stays bytes: nobody promised UTF-8 (RES-011)."""
    with asking() as (server, resolver):
        answer = resolver.ask("Example.COM.", rdtype.lower())
        assert set(answer.records) == set(records)
        assert (answer.got, answer.rcode, answer.ttl) == (Got.RECORDS, "NOERROR", 300)
        assert answer.resolver == f"127.0.0.1:{server.address[1]}"
        assert answer.at is not None


def test_other_types_come_in_presentation_form_and_a_null_mx_is_empty() -> None:
    with asking() as (_, resolver):
        assert resolver.ask("example.com", "CAA").texts == ('0 issue "ca.example"',)
        assert resolver.ask("null.example", "MX").records == (Mx(0, ""),)


def test_absence_has_two_kinds_and_brings_its_soa() -> None:
    """SPF counts voids, DMARC's np= and negative caching all hang on it."""
    with asking() as (_, resolver):
        nodata = resolver.ask("example.com", "PTR")
        nxdomain = resolver.ask("nowhere.example.com", "A")
    assert (nodata.got, nodata.rcode) == (Got.NODATA, "NOERROR")
    assert (nxdomain.got, nxdomain.rcode) == (Got.NXDOMAIN, "NXDOMAIN")
    assert nodata.soa == nxdomain.soa == Soa("example.com", 7, 120)
    assert nxdomain.ttl == 120


@pytest.mark.parametrize("follows", [True, False])
def test_aliases_are_followed_whether_or_not_the_server_completes_them(follows: bool) -> None:
    with asking(traits=Traits(follows=follows)) as (_, resolver):
        answer = resolver.ask("www.example.com", "AAAA")
        assert answer.records == (Address("2001:db8::1"),)
        assert answer.chain == ("web.example.com", "example.com")
        assert resolver.ask("gone.example.com", "A").got is Got.NXDOMAIN
        assert resolver.ask("one.example.com", "A").why is Why.LOOP
        assert resolver.ask("www.example.com", "CNAME").records == (Host("web.example.com"),)


@pytest.mark.parametrize(
    ("fault", "why", "datagrams"),
    [
        ("SERVFAIL", Why.SERVFAIL, 3),
        ("REFUSED", Why.REFUSED, 1),
        ("NOTIMP", Why.REFUSED, 1),
        ("FORMERR", Why.FORMERR, 2),
        ("LAME", Why.LAME, 1),
        ("TRUNCATED", Why.TRUNCATED, 1),
        ("LOOP", Why.LOOP, 1),
        ("GARBAGE", Why.MALFORMED, 1),
        ("TIMEOUT", Why.TIMEOUT, 1),
        ("WRONG-ID", Why.TIMEOUT, 1),
        ("WRONG-QUESTION", Why.TIMEOUT, 1),
    ],
)
def test_every_failure_keeps_its_reason_and_only_some_are_tried_again(
    fault: str, why: Why, datagrams: int
) -> None:
    """RES-004, RES-006: a retry that can mend nothing only doubles the load."""
    patience = 0.3 if why is Why.TIMEOUT else 10.0
    with asking({"example.com": {"TXT": fault}}, timeout=patience) as (server, resolver):
        answer = resolver.ask("example.com", "TXT")
        assert (answer.got, answer.why, answer.records) == (Got.FAILED, why, ())
        assert answer.note
        assert server.count("example.com", "TXT") == datagrams


def test_an_empty_noerror_is_nodata_but_not_remembered() -> None:
    """NODATA of the third type (RFC 2308 section 2.2): without SOA nobody says for how long."""
    with asking({"example.com": {"TXT": "EMPTY"}}) as (server, resolver):
        assert [resolver.ask("example.com", "TXT").got for _ in range(2)] == [Got.NODATA] * 2
        assert server.count("example.com", "TXT") == 2


def test_a_lost_datagram_is_sent_again() -> None:
    """One lost datagram must not eat the budget (RES-003)."""
    with asking({"example.com": {"A": DropFirst(1, ["192.0.2.1"])}}, timeout=10.0) as (server, resolver):
        assert resolver.ask("example.com", "A").records == (Address("192.0.2.1"),)
        assert server.count("example.com", "A") == 2


def test_a_slow_answer_to_an_earlier_try_still_counts() -> None:
    """Slow is not dead: the reply to the first datagram arrives while the second is out."""
    with asking({"example.com": {"A": Slow(1.3, ["192.0.2.1"])}}, timeout=10.0) as (server, resolver):
        assert resolver.ask("example.com", "A").ok
        assert server.count("example.com", "A") == 2


def test_what_does_not_fit_a_datagram_comes_over_tcp() -> None:
    with asking() as (server, resolver):
        assert len(resolver.ask("big.example.com", "TXT").texts[0]) == 2500
        assert server.streams == [Question("big.example.com", "TXT")]


def test_sixty_thousand_octets_of_text_are_one_answer() -> None:
    """A message holds 65,535 octets, and some people fill it."""
    with asking({"huge.example": {"TXT": [["x" * 255] * 235]}}) as (_, resolver):
        assert len(resolver.ask("huge.example", "TXT").texts[0]) == 235 * 255


def test_a_server_from_before_edns_is_asked_without_it() -> None:
    """RFC 6891 section 6.2.2."""
    with asking({"example.com": {"A": NoEdns(["192.0.2.1"])}}) as (_, resolver):
        assert resolver.ask("example.com", "A").records == (Address("192.0.2.1"),)


def test_the_next_server_answers_for_one_that_cannot() -> None:
    """Fail-over: refusal, silence and a closed port each lead on to the next server."""
    for fault in ("REFUSED", "SERVFAIL", "LAME", "GARBAGE", "TIMEOUT"):
        with (
            FaultDns({"example.com": {"*": fault}}) as bad,
            FaultDns(ZONE) as good,
            Resolver([bad.address, good.address]) as resolver,
        ):
            answer = resolver.ask("example.com", "A")
            assert answer.ok, fault
            assert answer.resolver.endswith(str(good.address[1]))


def test_a_server_that_stays_silent_is_asked_last_for_a_while() -> None:
    """A dead first name server must not cost a second for every question."""
    names = [f"n{i}.example" for i in range(6)]
    good_zone = {name: {"A": ["192.0.2.1"]} for name in names}
    with (
        FaultDns(good_zone, Traits(loss=1.0)) as dead,
        FaultDns(good_zone) as good,
        Resolver([dead.address, good.address]) as resolver,
    ):
        assert all(answer.ok for answer in resolver.ask_all([Question(name, "A") for name in names[:3]]))
        asked = len(dead.packets)
        assert all(resolver.ask(name, "A").ok for name in names[3:])
        assert len(dead.packets) == asked


def test_a_closed_port_is_unreachable_not_silent() -> None:
    with FaultDns(ZONE) as server:
        closed = server.address
    with Resolver([closed]) as resolver:
        answer = resolver.ask("example.com", "A")
    assert answer.why is Why.UNREACHABLE
    assert str(closed[1]) in answer.note


def test_when_all_servers_fail_the_most_telling_reason_is_given() -> None:
    with (
        FaultDns({"example.com": {"A": "TIMEOUT"}}) as silent,
        FaultDns({"example.com": {"A": "REFUSED"}}) as no,
        Resolver([silent.address, no.address], timeout=1.3) as resolver,
    ):
        answer = resolver.ask("example.com", "A")
    assert answer.why is Why.REFUSED
    assert "no answer" in answer.note


def test_a_dead_server_costs_the_budget_once() -> None:
    """The note says how long was waited; the failure is remembered for a few seconds (RFC 9520)."""
    with asking({"example.com": {"A": "TIMEOUT"}}, timeout=0.3) as (server, resolver):
        first, second = resolver.ask("example.com", "A"), resolver.ask("example.com", "A")
        assert first.note == f"no answer from {first.resolver} in 1 try within 0.3 s"
        assert second.from_cache
        assert server.count("example.com", "A") == 1


def test_an_answer_is_asked_once_while_it_may_be_believed() -> None:
    with asking() as (server, resolver):
        answers = [resolver.ask("example.com", "A") for _ in range(3)]
        absent = [resolver.ask("nowhere.example.com", "A") for _ in range(3)]
        assert [answer.from_cache for answer in answers] == [False, True, True]
        assert absent[2].got is Got.NXDOMAIN
        assert len(server.datagrams) == 2


def test_a_look_that_confirms_always_goes_to_the_wire() -> None:
    """However warm the cache, however many ask at once: each fresh question is a datagram of its own."""
    with asking() as (server, resolver):
        question = Question("example.com", "A")
        resolver.ask("example.com", "A")
        resolver.ask("example.com", "A", fresh=True)
        resolver.ask_all([question, question], fresh=True)
        with resolver.flight() as flight:
            flight.ask("example.com", "A", fresh=True)
            assert [answer.from_cache for answer in flight] == [False]
        assert server.count("example.com", "A") == 5


def test_a_fresh_answer_replaces_the_remembered_one() -> None:
    with asking({"example.com": {"A": ["192.0.2.1"]}}) as (server, resolver):
        resolver.ask("example.com", "A")
        server.zone["example.com"] = {"A": ["192.0.2.9"]}
        assert resolver.ask("example.com", "A").texts == ("192.0.2.1",)
        resolver.ask("example.com", "A", fresh=True)
        assert resolver.ask("example.com", "A").texts == ("192.0.2.9",)


def test_a_failed_fresh_look_does_not_erase_what_was_known() -> None:
    with asking({"example.com": {"A": ["192.0.2.1"]}}) as (server, resolver):
        resolver.ask("example.com", "A")
        server.zone["example.com"] = {"A": "REFUSED"}
        assert not resolver.ask("example.com", "A", fresh=True).ok
        assert resolver.ask("example.com", "A").ok


def test_identical_questions_in_flight_are_asked_once() -> None:
    """From one batch and from many threads."""
    with asking({"example.com": {"A": Slow(0.2, ["192.0.2.1"])}}) as (server, resolver):
        answers: list[Answer] = []
        threads = [
            threading.Thread(target=lambda: answers.append(resolver.ask("example.com", "A")))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        answers += resolver.ask_all([Question("example.com", "A"), Question("EXAMPLE.com.", "a")])
        for thread in threads:
            thread.join()
        assert len(answers) == 7
        assert all(answer.ok for answer in answers)
        assert server.count("example.com", "A") == 1


def test_a_batch_keeps_its_order_and_loses_nothing() -> None:
    """More questions than a socket may carry at once; every one gets its own answer."""
    zone = {f"n{i}.example": {"A": [f"192.0.2.{i % 250}"]} for i in range(1000)}
    with asking(zone, timeout=10.0) as (_, resolver):
        answers = resolver.ask_all([Question(f"n{i}.example", "A") for i in range(1000)])
    assert [answer.texts for answer in answers] == [(f"192.0.2.{i % 250}",) for i in range(1000)]


def test_no_socket_carries_more_than_fifty_questions_and_none_is_like_the_other() -> None:
    """Larger bursts lose packets; a port and an id that can be guessed let others answer (RFC 5452)."""
    names = [f"n{i}.example" for i in range(120)]
    zone = {name: {"A": Slow(0.3, ["192.0.2.1"])} for name in names}
    with asking(zone, timeout=10.0) as (server, resolver):
        assert all(answer.ok for answer in resolver.ask_all([Question(name, "A") for name in names]))
        ports = Counter(port for port, _ in server.packets)
    assert max(ports.values()) <= 50
    idents = [packet[:2] for _, packet in server.packets]
    assert len(set(idents)) > 100
    assert idents != sorted(idents)


def test_questions_offer_edns_with_room_that_passes_everywhere() -> None:
    """1232 octets: no fragments (DNS flag day 2020)."""
    with asking() as (server, resolver):
        resolver.ask("example.com", "A")
        [(_, packet)] = server.packets
    message = dns.message.from_wire(packet)
    assert (message.edns, message.payload, message.flags) == (0, 1232, dns.flags.RD | dns.flags.AD)


def test_a_flight_takes_questions_while_answers_arrive() -> None:
    """No look-up waits for one that it does not need."""
    zone = {
        "example.com": {"MX": [[10, "a.example.com"], [20, "b.example.com"]]},
        "a.example.com": {"A": ["192.0.2.1"]},
        "b.example.com": {"A": Slow(0.2, ["192.0.2.2"])},
    }
    with asking(zone) as (_, resolver), resolver.flight() as flight:
        flight.ask("example.com", "MX")
        flight.ask("none.example.com", "A")
        seen = []
        for answer in flight:
            seen.append(answer.question.name)
            for record in answer.records:
                if isinstance(record, Mx):
                    flight.ask(record.host, "A")
    assert sorted(seen) == ["a.example.com", "b.example.com", "example.com", "none.example.com"]


def test_a_run_that_must_end_ends() -> None:
    """`within` bounds all questions together: those not begun are not asked, those open have failed."""
    with asking({"dead.example": {"*": "TIMEOUT"}}, timeout=10.0) as (server, resolver):
        run = resolver.within(0.3)
        assert run.ask("dead.example", "A").why is Why.TIMEOUT
        late = run.ask("dead.example", "MX")
        assert late.why is Why.BUDGET
        assert server.count("dead.example", "MX") == 0


@pytest.mark.parametrize(
    ("name", "rdtype"),
    [("a..example", "A"), ("x" * 64 + ".example", "A"), ("é.example", "A"), ("a.example", "NOPE")],
)
def test_what_cannot_be_asked_is_said_without_a_datagram(name: str, rdtype: str) -> None:
    with asking() as (server, resolver):
        answer = resolver.ask(name, rdtype)
        assert answer.why is Why.BAD_NAME
        assert answer.note
        assert not server.datagrams


@pytest.mark.parametrize("name", ["a b.example", "a@b.example", 'quo"te.example', "x$y(z).example"])
def test_odd_names_come_back_as_they_went(name: str) -> None:
    """SPF macros make them; the reply spells them with escapes (RFC 1035 section 5.1)."""
    with asking({name: {"A": ["192.0.2.1"]}}) as (_, resolver):
        assert resolver.ask(name, "A").ok


def test_each_of_the_zones_own_servers_must_answer_with_authority() -> None:
    """Asked without RD, past the cache; who has no authority there is lame, who is private is not asked."""
    wanted = [Question("example.com", "SOA"), Question("www.example.com", "A")]
    with asking() as (server, resolver):
        authority = resolver.authority(server.address[1], allowed=lambda ip: ip.startswith("127."))
        [soa, alias], forbidden = authority.ask_each(["127.0.0.1", "10.0.0.53"], wanted)
        assert soa.texts[0].split()[2] == "7"
        assert alias.chain[0] == "web.example.com"
        assert [answer.why for answer in forbidden] == [Why.UNREACHABLE] * 2
    with asking({"example.com": {"*": "LAME"}}) as (server, resolver):
        authority = resolver.authority(server.address[1], allowed=lambda _: True)
        assert authority.ask_each(["127.0.0.1"], wanted)[0][0].why is Why.LAME


def test_validation_is_reported_as_the_resolver_says_it() -> None:
    for validates in (True, False):
        with asking(traits=Traits(validates=validates)) as (_, resolver):
            assert resolver.ask("example.com", "A").authenticated is validates


def test_a_closed_resolver_answers_that_it_is_closed() -> None:
    """Also to whoever is waiting when it closes."""
    with FaultDns({"dead.example": {"*": "TIMEOUT"}}) as server:
        resolver = Resolver([server.address])
        waiting: list[Answer] = []
        thread = threading.Thread(target=lambda: waiting.append(resolver.ask("dead.example", "A")))
        thread.start()
        while not server.datagrams:
            pass
        resolver.close()
        thread.join(5)
        assert waiting[0].why is Why.UNREACHABLE
        assert resolver.ask("dead.example", "A").why is Why.UNREACHABLE
