"""Ten thousand damaged records, zones and messages: no crash, no hang, a bounded number of questions.

`make soak` goes on for twenty times as long, with other damage each time.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from checks.audit import run
from checks.authentication import Envelope, authenticate
from checks.bimi.record import parse_bimi
from checks.catalog import BUG, CHECKS, MESSAGE_CHECKS
from checks.dkim.key import parse_key
from checks.dmarc.record import parse as parse_dmarc
from checks.mail import read_mail
from checks.model import SendingIp, Target
from checks.mta_sts.policy import parse_policy
from checks.mta_sts.record import parse_record
from checks.names import reverse_name
from checks.ports import Why, World
from checks.spf.record import parse as parse_spf
from checks.tls_rpt import parse_tls_rpt
from checks.wording import fix, sentence
from tests.checks.damage import mutated
from tests.fakes.dkim_keys import RSA1024
from tests.fakes.signing import KEY_NAME, PLAIN, record, signed
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONG = pytest.mark.parametrize("longer", [1, pytest.param(20, marks=pytest.mark.soak)])
IP = "192.0.2.25"

RECORDS: dict[Callable[[str], object], tuple[str, ...]] = {
    parse_spf: (
        "v=spf1 ip4:192.0.2.0/24 include:_spf.example.net a:mail.%{d2} mx/24//64 exists:%{i}.x.example -all",
        "v=spf1 redirect=_spf.example.com exp=why.%{d}",
    ),
    parse_key: (f"v=DKIM1; k=rsa; t=y:s; h=sha256; p={RSA1024}",),
    parse_dmarc: (
        "v=DMARC1; p=reject; sp=none; np=reject; t=y; adkim=s; rua=mailto:a@b.example!10m; pct=50",
    ),
    parse_record: ("v=STSv1; id=20261123T120000;",),
    parse_policy: ("version: STSv1\r\nmode: enforce\r\nmx: *.example.com\r\nmax_age: 604800\r\n",),
    parse_tls_rpt: ("v=TLSRPTv1; rua=mailto:tls@example.com,https://example.com/r",),
    parse_bimi: ("v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem; avp=brand",),
}
TEXTS = tuple(text for texts in RECORDS.values() for text in texts)


def seed(longer: int) -> int:
    """The same damage in every short run; any in a long one."""
    return random.randrange(2**32) if longer > 1 else 0


@LONG
@pytest.mark.parametrize("parse", list(RECORDS), ids=lambda parse: parse.__module__)
def test_a_thousand_damaged_records_are_taken_apart(parse: Callable[[str], object], longer: int) -> None:
    for text in mutated((*RECORDS[parse], *TEXTS), 1000 * longer, seed(longer)):
        parse(text)


def zone(chance: random.Random, texts: list[bytes]) -> dict[str, Any]:
    """A domain with everything, of which much is damaged, missing or silent."""
    names: dict[str, Any] = {
        "example.com": {
            "TXT": [[chance.choice(texts)] for _ in range(chance.randint(1, 3))],
            "MX": [
                [10, "mail.example.com"],
                [chance.randint(0, 99), chance.choice(("", "example.com", "x.y"))],
            ],
            "A": [IP],
        },
        "mail.example.com": {"A": [IP], "AAAA": ["2001:db8::25"], "TXT": [[chance.choice(texts)]]},
        reverse_name(IP): {"PTR": [chance.choice(("mail.example.com", "dyn-1.isp.example", "_x"))]},
        "loop.example.com": {"CNAME": ["loop2.example.com"]},
        "loop2.example.com": {"CNAME": ["loop.example.com"]},
    }
    for label in ("_dmarc", "s1._domainkey", "_mta-sts", "_smtp._tls", "default._bimi", "_spf"):
        names[f"{label}.example.com"] = {"TXT": [[chance.choice(texts)]]}
    for name in list(names):
        if chance.random() < 0.15:
            names[name] = {"*": chance.choice([why.name for why in Why])}
    return names


@LONG
def test_damaged_zones_are_audited_to_the_end(longer: int) -> None:
    """Every check, on 250 worlds: no fault of ours, every finding worded, at most a few hundred questions."""
    chance = random.Random(seed(longer))
    texts = [text.encode("utf-8", "surrogatepass") for text in mutated(TEXTS, 500, chance.randrange(2**32))]
    target = Target("example.com", (SendingIp(IP),), ("s1",), ("mail.example.com", "odd_name"))
    for _ in range(250 * longer):
        dns = ZoneDns(zone(chance, texts))
        for check in CHECKS:
            found = run(check, target, World(dns, NOW))
            assert BUG not in {finding.code for finding in found}, [f.args for f in found if f.code == BUG]
            for finding in found:
                assert (sentence(finding) + fix(finding)).replace("\u2028", "").isprintable()
        assert len(dns.asked) < 1200


@LONG
def test_damaged_messages_are_authenticated_to_the_end(longer: int) -> None:
    """2,750 messages: signed ones, sealed ones and plain ones, cut, doubled and spiced."""
    whole = (signed().decode("latin-1"), PLAIN.decode("latin-1"))
    texts = mutated(whole, 2750 * longer, seed(longer))
    names = {KEY_NAME: {"TXT": [[record()]]}, "_dmarc.example.com": {"TXT": [["v=DMARC1; p=none"]]}}
    for text in texts:
        dns = ZoneDns(names)
        mail = read_mail(text.encode("utf-8", "surrogatepass"))
        found = authenticate(mail, Envelope(IP, "ann@example.com", "mail.example.com"), dns, NOW)
        for check in MESSAGE_CHECKS:
            assert all(sentence(finding) for finding in check.run(found))
        assert len(dns.asked) < 100
