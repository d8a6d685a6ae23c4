"""Records that broke on the way: whatever stands in DNS, a check ends, in bounded work, and says so."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from checks.check import Check
from checks.dmarc.check import CHECK as DMARC
from checks.dmarc.record import parse as parse_dmarc
from checks.model import SendingIp, Target
from checks.ports import World
from checks.spf.check import CHECK as SPF
from checks.spf.record import parse as parse_spf
from checks.wording import fix, sentence
from tests.checks.judge import NOW
from tests.fakes.zone import ZoneDns

SEEDS = [
    "v=spf1 include:_spf.example.com ip4:192.0.2.0/24 a:mail.example.com/24//64 mx -all",
    "v=spf1 exists:%{ir}.%{v}._spf.%{d2} redirect=%{d}.x.example.com exp=why.%{o}",
    "v=spf1 ip6:2001:db8::/32 ?ptr:%{p}.example.com ~all moo=%%%_%-",
    "v=DMARC1; p=reject; sp=quarantine; np=none; rua=mailto:a@example.com!10m,mailto:b@esp.example; fo=1:d:s",
    "v=DMARC1; p=none; psd=n; t=y; adkim=s; aspf=r; pct=50; ruf=https://r.example.com/x",
]
ODD = [
    "%",
    "%{",
    "}",
    ";",
    ";;",
    "=",
    ":",
    "//",
    " ",
    "\t",
    "\x00",
    "\xff",
    "é",
    ".",
    "..",
    "@",
    "v=spf1",
    "include:",
    "-all",
]
HOW_MANY = pytest.mark.parametrize("times", [10_000, pytest.param(200_000, marks=pytest.mark.soak)])


def mutated(chance: random.Random, text: str) -> str:
    """One to six small accidents: something cut out, doubled, swapped or put in."""
    for _ in range(chance.randint(1, 6)):
        first, second = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
        accident = chance.randrange(4)
        if accident == 0:
            text = text[:first] + text[min(second, first + 8) :]
        elif accident == 1:
            text = text[:second] + text[first:second] + text[second:]
        elif accident == 2:
            text = text[:first] + chance.choice(ODD) + text[first:]
        else:
            text = text[:first] + text[first:second][::-1] + text[second:]
        text = text[:2_000]
    return text


def texts(times: int) -> Iterator[str]:
    chance = random.Random(7208)
    for _ in range(times):
        yield mutated(chance, chance.choice(SEEDS))


@HOW_MANY
def test_no_accident_makes_a_parser_raise(times: int) -> None:
    for text in texts(times):
        spf, dmarc = parse_spf("v=spf1 " + text), parse_dmarc(text)
        assert all(str(fault) for fault in (*spf.faults, *dmarc.faults))


@HOW_MANY
@pytest.mark.parametrize("check", [SPF, DMARC], ids=lambda check: check.name)
def test_no_accident_makes_a_check_raise_or_run_away(check: Check, times: int) -> None:
    """Every finding has its sentence, and no zone costs more than some three hundred questions."""
    target = Target(
        "example.com", (SendingIp("192.0.2.1"), SendingIp("2001:db8::1")), helos=("mail.example.com",)
    )
    chance = random.Random(9989)
    broken = list(texts(times // 25))
    names = ["example.com", "_spf.example.com", "_dmarc.example.com", "esp.example", "_dmarc.com"]
    for text in broken:
        zone: dict[str, Any] = {name: {"TXT": [[chance.choice([text, *SEEDS])]]} for name in names}
        dns = ZoneDns(zone)
        for finding in check.run(target, World(dns, NOW)):
            assert finding.code in check.codes
            assert sentence(finding) is not None
            assert fix(finding) is not None
        assert len(dns.asked) < 600
