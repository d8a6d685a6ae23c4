"""STARTTLS, certificates and DANE of the hosts that take a domain's mail."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from checks.certificates import name_matches
from checks.dane.check import CHECK as DANE
from checks.dane.tlsa import parse_tlsa
from checks.model import State
from checks.ports import Probed, ProbeFault
from checks.smtp.check import CHECK as STARTTLS
from tests.checks.judge import NOW, findings, states
from tests.fakes.smtp import ShownServers
from tests.fakes.web import PageWeb, text_page
from tests.lab.authority import Authority

MX = "mx.example.com"
ZONE = {"example.com": {"MX": [[10, MX]]}, MX: {"A": ["9.9.9.10"]}}
PLAIN = Probed(MX, "9.9.9.10", banner="mx.example.com ESMTP", extensions=("PIPELINING",))
SECURE = Probed(MX, "9.9.9.10", banner="mx", extensions=("STARTTLS",), tls_version="TLSv1.3")


def certificate(folder: Path, name: str = MX, days: int = 90) -> bytes:
    """The DER of a certificate for `name`, from an authority that nobody trusts."""
    Authority(folder).server(name, expires=NOW + timedelta(days=days))
    return x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()).public_bytes(Encoding.DER)


def shown(look: Probed, chain: tuple[bytes, ...] = ()) -> ShownServers:
    return ShownServers(
        {"9.9.9.10": Probed(**{**{f: getattr(look, f) for f in look.__slots__}, "chain": chain})}
    )


def test_clear_text_is_a_fault_and_tls_is_not(tmp_path: Path) -> None:
    assert states(findings(STARTTLS, ZONE, smtp=shown(PLAIN)), "SMTP-003") == [State.FAIL]
    secure = findings(STARTTLS, ZONE, smtp=shown(SECURE, (certificate(tmp_path),)))
    assert states(secure, "SMTP-003") == [State.PASS]
    assert states(secure, "SMTP-004") == [State.PASS]


def test_an_old_version_of_tls_is_a_fault() -> None:
    old = Probed(MX, "9.9.9.10", extensions=("STARTTLS",), tls_version="TLSv1.1")

    assert states(findings(STARTTLS, ZONE, smtp=shown(old)), "SMTP-004") == [State.FAIL]


@pytest.mark.parametrize("fault", [f for f in ProbeFault if f is not ProbeFault.OFF])
def test_a_server_that_could_not_be_looked_at_is_unknown(fault: ProbeFault) -> None:
    """A rate limit, a blocked port 25 or a time-out says nothing of STARTTLS (hardenize 74)."""
    found = findings(STARTTLS, ZONE, smtp=shown(Probed(MX, "9.9.9.10", fault=fault, note="421 too many")))

    assert states(found, "SMTP-002") == [State.UNKNOWN]
    assert len(found) == 1


def test_nothing_is_said_where_probing_is_switched_off() -> None:
    assert findings(STARTTLS, ZONE) == []


def test_each_address_of_a_host_is_told_apart() -> None:
    """internet.nl 1736: one of three failing is one of three."""
    zone = {**ZONE, MX: {"A": ["9.9.9.10", "9.9.9.11"]}}
    servers = ShownServers({"9.9.9.10": SECURE, "9.9.9.11": PLAIN})

    assert states(findings(STARTTLS, zone, smtp=servers), "SMTP-003") == [State.PASS, State.FAIL]


def test_a_bad_certificate_weighs_only_where_a_policy_asks_for_a_good_one(tmp_path: Path) -> None:
    """Opportunistic TLS takes any certificate; MTA-STS in mode enforce does not."""
    smtp = shown(SECURE, (certificate(tmp_path),))
    url = "https://mta-sts.example.com/.well-known/mta-sts.txt"
    policy = PageWeb(text_page(url, f"version: STSv1\nmode: enforce\nmax_age: 86400\nmx: {MX}\n"))
    with_policy = {**ZONE, "_mta-sts.example.com": {"TXT": [["v=STSv1; id=1"]]}}

    assert states(findings(STARTTLS, ZONE, smtp=smtp), "SMTP-005") == [State.WARN]
    assert states(findings(STARTTLS, with_policy, smtp=smtp, web=policy), "SMTP-005") == [State.FAIL]


def test_a_wildcard_covers_one_whole_label() -> None:
    assert name_matches("*.example.com", "mx.example.com")
    assert not name_matches("*.example.com", "a.mx.example.com")
    assert not name_matches("*.example.com", "example.com")


def tlsa_zone(*records: str) -> dict[str, object]:
    return {**ZONE, f"_25._tcp.{MX}": {"TLSA": list(records)}}


def pin(der: bytes) -> str:
    key = x509.load_der_x509_certificate(der).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"3 1 1 {hashlib.sha256(spki).hexdigest()}"


def test_a_pinned_certificate_that_is_in_use_passes_and_another_fails(tmp_path: Path) -> None:
    der = certificate(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    zone = tlsa_zone(pin(der), "3 1 1 " + "00" * 32)

    found = findings(DANE, zone, smtp=shown(SECURE, (der,)), authenticated=True)
    renewed = findings(DANE, zone, smtp=shown(SECURE, (certificate(other),)), authenticated=True)

    assert states(found, "DANE-001") == [State.PASS]
    assert states(found, "DANE-003") == [State.PASS]
    assert states(found, "DANE-005") == []
    assert states(renewed, "DANE-003") == [State.FAIL]


def test_a_single_pin_is_told_before_it_breaks(tmp_path: Path) -> None:
    der = certificate(tmp_path)
    found = findings(DANE, tlsa_zone(pin(der)), smtp=shown(SECURE, (der,)), authenticated=True)

    assert states(found, "DANE-005") == [State.WARN]


def test_unsigned_pins_do_not_apply() -> None:
    """RFC 7672 section 2.2: without DNSSEC they are as if they were not there."""
    found = findings(DANE, tlsa_zone("3 1 1 " + "00" * 32), smtp=shown(SECURE))

    assert states(found, "DANE-001") == [State.NOT_APPLICABLE]


def test_a_failed_look_up_of_pins_is_unknown() -> None:
    """internet.nl 1358: an intermittent SERVFAIL is confirmed before anybody is woken."""
    zone = {**ZONE, f"_25._tcp.{MX}": {"TLSA": "SERVFAIL"}}

    assert states(findings(DANE, zone), "DANE-004") == [State.UNKNOWN]


def test_pins_that_senders_cannot_use() -> None:
    zone = tlsa_zone("1 1 1 " + "00" * 32)

    assert states(findings(DANE, zone, authenticated=True), "DANE-002") == [State.FAIL]
    assert states(findings(DANE, tlsa_zone("3 1 1 " + "00" * 32), authenticated=True), "DANE-002") == [
        State.PASS
    ]


@pytest.mark.parametrize("text", ["", "3 1 1", "3 1 1 xyz", "3 1 1 abc", "999999 1 1 00"])
def test_what_is_no_pin_is_not_read_as_one(text: str) -> None:
    assert parse_tlsa(text) is None
