"""Odd addresses are told apart, domains are asked in bounds, and exports are harmless."""

import csv
import io

import pytest

from sender.audience.addresses import parse_address
from sender.audience.hygiene.judge import judge, meant_domain
from sender.audience.hygiene.reach import CUT_OFF, Reach, Reaching
from sender.audience.importing.risk import Level, judge_risk
from sender.audience.neutral import csv_line
from tests.fakes.zone import ZoneDns


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("hotmai.fr", "hotmail.fr"),
        ("yahooo.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("wbe.de", "web.de"),
        ("navre.com", "naver.com"),
        ("firma.con", "firma.com"),
        ("gmail.com", ""),
        ("mail.de", ""),
        ("email.com", ""),
        ("gmx.fr", ""),
        ("brand.co", ""),
        ("me.uk", ""),
        ("qq.test", ""),
    ],
)
def test_a_slip_of_the_pen_is_suggested_and_a_real_domain_is_not(domain: str, meant: str) -> None:
    assert meant_domain(domain) == meant


def test_roles_and_throw_away_domains_are_known_by_their_names() -> None:
    assert judge(parse_address("Info@brand.example")).role
    assert judge(parse_address("info+x@brand.example")).role
    assert not judge(parse_address("informa@brand.example")).role
    assert judge(parse_address("ada@mailinator.com")).disposable
    assert judge(parse_address("ada@x.mailinator.com")).disposable
    assert not judge(parse_address("ada@notmailinator.example")).disposable
    assert judge(parse_address("ada@gmail.com")).free


def test_a_domain_is_reached_by_mx_or_address_or_not_at_all() -> None:
    dns = ZoneDns(
        {
            "mx.test": {"MX": [[10, "a.mx.test"]]},
            "null.test": {"MX": [[0, ""]]},
            "bare.test": {"A": ["192.0.2.1"]},
            "none.test": {"TXT": [["x"]]},
            "slow.test": {"*": "TIMEOUT"},
        }
    )
    found = Reaching(dns).of(["mx.test", "null.test", "bare.test", "none.test", "slow.test", "gone.test"])

    assert found == {
        "mx.test": Reach.MX,
        "null.test": Reach.NULL_MX,
        "bare.test": Reach.ADDRESS,
        "none.test": Reach.NO_SERVER,
        "slow.test": Reach.UNKNOWN,
        "gone.test": Reach.NO_DOMAIN,
    }
    assert [reach.never for reach in found.values()] == [False, True, False, True, False, True]


def test_each_domain_is_asked_once_and_only_so_many_at_all() -> None:
    dns = ZoneDns({f"d{n}.test": {"MX": [[10, "mx.test"]]} for n in range(50)})
    reaching = Reaching(dns, most=30)
    for _ in range(3):
        found = reaching.of(f"d{n}.test" for n in range(50))

    assert len(dns.asked) == 30
    assert list(found.values()).count(Reach.NOT_ASKED) == 20


def test_nobody_is_asked_once_no_answer_comes_at_all() -> None:
    dns = ZoneDns({f"d{n}.test": {"*": "TIMEOUT"} for n in range(100)})
    reaching = Reaching(dns)
    for n in range(0, 100, 10):
        found = reaching.of(f"d{m}.test" for m in range(n, n + 10))

    assert reaching.cut_off
    assert len(dns.asked) == CUT_OFF
    assert set(found.values()) == {Reach.NOT_ASKED}
    assert set(Reaching(None).of(["x.test"]).values()) == {Reach.NOT_ASKED}


def test_risk_comes_with_its_reasons() -> None:
    good = judge_risk({"rows": 1000, "role": 2})
    old = judge_risk({"rows": 1000, "consent_2y": 400})
    mistyped = judge_risk({"rows": 1000, "typo": 100})

    assert (good.level, good.reasons) == (Level.GREEN, ())
    assert (old.level, old.reasons) == (Level.AMBER, ("40.0 % agreed more than two years ago",))
    assert mistyped.level is Level.RED
    assert judge_risk({}).level is Level.GREEN


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "|x", "%x", "＝1", "\r=1"])
def test_no_cell_of_an_export_begins_like_a_formula(cell: str) -> None:
    (read,) = csv.reader(io.StringIO(csv_line([cell, "x"]), newline=""))

    assert read == ["'" + cell, "x"]
