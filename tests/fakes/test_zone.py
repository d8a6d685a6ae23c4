"""The fake answers as a resolver in front of the corpora's zones would."""

import pytest

from checks.ports import Address, Got, Host, Mx, Question, Soa, Why
from tests.fakes.zone import ZoneDns

ZONE = {
    "Example.com": {
        "MX": [[10, "MX.example.com."]],
        "TXT": [["v=spf1 ", "-all"]],
        "A": "TIMEOUT",
        "SOA": ["ns.example.com. hostmaster.example.com. 7 3600 600 86400 120"],
    },
    "mx.example.com": {"A": ["192.0.2.1"], "AAAA": ["2001:DB8::1"]},
    "www.example.com": {"CNAME": ["mx.example.com"]},
    "dead.example": {"*": "TIMEOUT", "MX": []},
    "lame.example": {"TXT": "LAME"},
    "loop1.example": {"CNAME": ["loop2.example"]},
    "loop2.example": {"CNAME": ["loop1.example"]},
    "gone.example": {"CNAME": ["nowhere.example"]},
}


def test_records_nodata_and_nxdomain_are_three_answers() -> None:
    """The whole house rests on this difference."""
    dns = ZoneDns(ZONE)
    assert dns.ask("example.com.", "mx").records == (Mx(10, "mx.example.com"),)
    assert dns.ask("example.com", "TXT").texts == ("v=spf1 -all",)
    nodata = dns.ask("mx.example.com", "TXT")
    assert (nodata.got, nodata.rcode, nodata.soa) == (Got.NODATA, "NOERROR", Soa("example.com", 7, 120))
    assert dns.ask("nowhere.example.com", "A").got is Got.NXDOMAIN
    assert dns.asked[0] == Question("example.com", "MX")


@pytest.mark.parametrize(
    ("name", "rdtype", "why"),
    [
        ("example.com", "A", Why.TIMEOUT),
        ("dead.example", "TXT", Why.TIMEOUT),
        ("lame.example", "TXT", Why.LAME),
        ("loop1.example", "A", Why.LOOP),
        ("a..example", "A", Why.BAD_NAME),
    ],
)
def test_failures_keep_their_reason(name: str, rdtype: str, why: Why) -> None:
    answer = ZoneDns(ZONE).ask(name, rdtype)
    assert (answer.got, answer.why) == (Got.FAILED, why)


def test_a_type_that_is_written_down_wins_over_the_star() -> None:
    assert ZoneDns(ZONE).ask("dead.example", "MX").got is Got.NODATA


def test_aliases_are_followed_and_remembered() -> None:
    """`chain` holds the targets; the records belong to its last name."""
    dns = ZoneDns(ZONE)
    answer = dns.ask("www.example.com", "AAAA")
    assert (answer.records, answer.chain) == ((Address("2001:db8::1"),), ("mx.example.com",))
    assert dns.ask("www.example.com", "CNAME").records == (Host("mx.example.com"),)
    assert dns.ask("gone.example", "A").got is Got.NXDOMAIN


def test_spf_suites_have_names_that_time_out_when_absent() -> None:
    assert ZoneDns(ZONE, silent="error.").ask("error.example.com", "A").why is Why.TIMEOUT


def test_a_flight_takes_questions_while_it_answers() -> None:
    """And what must be fresh is remembered as fresh."""
    dns = ZoneDns(ZONE)
    seen = []
    with dns.flight() as flight:
        flight.ask("example.com", "MX", fresh=True)
        for answer in flight:
            seen.append(answer.question.name)
            for record in answer.records:
                if isinstance(record, Mx):
                    flight.ask(record.host, "A")
    assert seen == ["example.com", "mx.example.com"]
    assert dns.asked_fresh == [Question("example.com", "MX")]
