"""pyspf judges the same zones as we do; where the two differ, RFC 7208 says who is right."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checks.names import reverse_name
from checks.spf.evaluate import evaluate
from checks.spf.terms import Result
from tests.corpus.cases import cases
from tests.fakes.zone import ZoneDns
from tests.oracles import pyspf

NOW = datetime(2026, 9, 1, tzinfo=UTC)
CLIENTS = [
    "1.2.3.4",
    "1.2.3.12",
    "192.0.2.5",
    "192.168.218.41",
    "2001:db8::1",
    "CAFE:BABE::3",
    "::ffff:1.2.3.4",
]
NAMES = [f"n{number}.example.com" for number in range(6)]


TEN = " ".join(f"a:h{number}.example.com" for number in range(10))
HOSTS = {f"h{number}.example.com": {"A": ["192.0.2.77"]} for number in range(10)}

DISAGREEMENTS: Mapping[str, tuple[Mapping[str, Any], Result]] = {
    # Section 4.6.4 limits terms "during SPF evaluation"; pyspf spends one on a redirect it never follows.
    "a redirect that is not reached": (
        {"example.com": {"TXT": [[f"v=spf1 {TEN} ip4:1.2.3.4 redirect=x.example.com"]]}, **HOSTS},
        Result.PASS,
    ),
    # Section 6: only redirect and exp "MUST NOT appear in a record more than once each".
    "an unknown modifier twice": ({"example.com": {"TXT": [["v=spf1 moo=1 moo=2 ?all"]]}}, Result.NEUTRAL),
    # Section 5.5: a PTR name without an address is skipped "and the search continues". The client writes
    # those names; counting them as voids would let it turn a sender's fail into an error.
    "a PTR name that leads nowhere": (
        {
            "example.com": {"TXT": [["v=spf1 a mx ptr -all"]]},
            "4.3.2.1.in-addr.arpa": {"PTR": ["gone.example.net"]},
        },
        Result.FAIL,
    ),
    # The client's names are looked up once, however many terms speak of them: one void, not two.
    "two terms about a client without a name": (
        {"example.com": {"TXT": [["v=spf1 a ptr ptr -all"]]}},
        Result.FAIL,
    ),
    # Section 7.1's domain-spec is what is written in a record; the implicit domain is not.
    "a top-level name with an mx": ({"tld": {"TXT": [["v=spf1 mx -all"]], "MX": [[10, "tld"]]}}, Result.FAIL),
}


@pytest.mark.parametrize("why", DISAGREEMENTS)
def test_where_we_differ_the_rfc_is_with_us(why: str) -> None:
    """pyspf says permerror to each of these; when a new version agrees with us, the line can go."""
    zone, expected = DISAGREEMENTS[why]
    sender = f"ann@{next(iter(zone))}"

    ours = evaluate(ZoneDns(zone), ip="1.2.3.4", mail_from=sender, helo="h.example.com", now=NOW)

    assert ours.result is expected
    assert pyspf.check_host(ZoneDns(zone), "1.2.3.4", sender, "h.example.com") == "permerror"


def differ(zone: Mapping[str, Any], ip: str, mail_from: str, helo: str) -> str:
    """ "" when both agree."""
    ours = evaluate(ZoneDns(zone, silent="error."), ip=ip, mail_from=mail_from, helo=helo, now=NOW)
    theirs = pyspf.check_host(ZoneDns(zone, silent="error."), ip, mail_from, helo)
    if ours.result == theirs:
        return ""
    return f"{mail_from or helo} from {ip}: {ours.result} {ours.reason}, pyspf {theirs}"


def test_both_agree_on_every_name_of_every_zone_of_the_suites(corpora: Path) -> None:
    """Some 4,000 evaluations, far beyond the cases that the suites spell out."""
    inputs = [case.input for suite in ("spf-rfc7208", "spf-extra") for _, case in cases(corpora, suite)]
    zones = {json.dumps(one["zone"], sort_keys=True): one["zone"] for one in inputs}

    differences = [
        difference
        for zone in zones.values()
        for name in zone
        if "." in name  # a top-level name: DISAGREEMENTS
        for ip in CLIENTS
        for mail_from, helo in ((f"foo@{name}", "mail.example.com"), ("", name))
        if (difference := differ(zone, ip, mail_from, helo))
    ]

    assert differences == []


def _records() -> st.SearchStrategy[str]:
    domain = st.sampled_from([*NAMES, "%{d}", "%{i}.example.com", "%{ir}.%{v}.example.com", "%{l}.%{d2}"])
    target = domain.map(lambda name: ":" + name)
    mechanism = st.one_of(
        st.sampled_from(
            ["all", "a", "mx", "ptr", "a/24", "mx/24//64", "ip4:192.0.2.0/24", "ip6:2001:db8::/32"]
        ),
        st.builds(
            lambda kind, name: kind + name, st.sampled_from(["a", "mx", "ptr", "exists", "include"]), target
        ),
        st.sampled_from(["ip4:1.2.3", "moo", "a:museum", "a:x y"]),
    )
    qualified = st.builds(
        lambda sign, term: sign + term, st.sampled_from(["", "+", "-", "~", "?"]), mechanism
    )
    modifier = st.builds(lambda name, to: name + to, st.sampled_from(["redirect=", "exp=", "moo="]), domain)
    return st.lists(qualified | modifier, max_size=6).map(lambda terms: " ".join(["v=spf1", *terms]))


def _types() -> st.SearchStrategy[dict[str, Any]]:
    failed = st.just("TIMEOUT")
    return st.fixed_dictionaries(
        {"TXT": st.one_of(_records().map(lambda text: [[text]]), failed, st.just([]))},
        optional={
            "A": st.one_of(st.sampled_from([["192.0.2.5"], ["1.2.3.4", "1.2.3.5"], []]), failed),
            "AAAA": st.sampled_from([["2001:db8::1"], []]),
            "MX": st.lists(st.sampled_from(NAMES), max_size=3).map(
                lambda hosts: [[10, host] for host in hosts]
            ),
        },
    )


def _texts(zone: Mapping[str, Any]) -> list[str]:
    return [types["TXT"][0][0] for types in zone.values() if isinstance(types["TXT"], list) and types["TXT"]]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    zone=st.dictionaries(st.sampled_from(NAMES), _types(), min_size=1),
    ip=st.sampled_from(["192.0.2.5", "1.2.3.4", "2001:db8::1"]),
)
def test_both_agree_on_zones_that_nobody_wrote(zone: dict[str, Any], ip: str) -> None:
    """Random trees of includes and redirects, with names that fail, do not exist, or point at each other."""
    zone.setdefault(NAMES[0], {"TXT": [["v=spf1 -all"]]})
    assume(not any("moo=" in text.partition("moo=")[2] for text in _texts(zone)))  # DISAGREEMENTS
    for client in ("192.0.2.5", "1.2.3.4", "2001:db8::1"):  # a client without a PTR name: DISAGREEMENTS
        zone[reverse_name(client)] = {"PTR": ["client.n1.example.com"]}
    zone["client.n1.example.com"] = {"A": ["1.2.3.4"]}

    assert differ(zone, ip, f"ann@{NAMES[0]}", NAMES[1]) == ""
