"""Golden vectors of signatures, logos and servers whose whole expectation no other test states."""

import socket
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from checks.authentication import Envelope, authenticate
from checks.bimi.check import CHECK as BIMI
from checks.certificates import read_certificate
from checks.dane.check import CHECK as DANE
from checks.dkim.message import check as signatures
from checks.mail import read_mail
from checks.model import Profile, Severity, State
from checks.mta_sts.check import CHECK as MTA_STS
from checks.mx import CHECK as MX
from checks.net.smtp_probe import WireProbe
from checks.ports import Probed, ProbeFault
from checks.profiles import severity
from checks.smtp.check import CHECK as STARTTLS
from checks.verdict import Verdict, decide
from checks.wording import sentence
from tests.checks.judge import NOW, findings, states
from tests.fakes.signing import KEY_NAME, record, signed
from tests.fakes.smtp import ShownServers
from tests.fakes.zone import ZoneDns
from tests.lab.authority import Authority

HOST = "mx.example.com"


def test_k4_a_signature_of_part_of_the_body_is_a_high_warning() -> None:
    """Anybody can append to it (RFC 6376 section 8.2)."""
    dns = ZoneDns({KEY_NAME: {"TXT": [[record()]]}})
    found = signatures(authenticate(read_mail(signed(length=True)), Envelope(), dns, NOW))
    [part] = [one for one in found if one.code == "DKIM-104"]

    assert (part.state, severity(part, Profile.BULK)) == (State.WARN, Severity.HIGH)


def test_b1_a_domain_with_nothing_at_the_default_selector_is_not_said_to_have_no_logo() -> None:
    """A message may name another selector (BIMI-Selector); what was asked is said."""
    zone = {"brand._bimi.example.com": {"TXT": [["v=BIMI1; l=https://example.com/logo.svg"]]}}
    [found] = findings(BIMI, zone)

    assert found.state is State.NOT_APPLICABLE
    assert "default" in sentence(found)


def test_t1_one_address_of_three_without_tls_is_one_row_of_three() -> None:
    """internet.nl 1736: the host as a whole is neither fine nor broken."""
    zone = {"example.com": {"MX": [[10, HOST]]}, HOST: {"A": ["9.9.9.10", "9.9.9.11", "9.9.9.12"]}}
    secure = Probed(HOST, "", extensions=("STARTTLS",), tls_version="TLSv1.3")
    servers = ShownServers({"9.9.9.10": secure, "9.9.9.11": Probed(HOST, ""), "9.9.9.12": secure})
    found = findings(STARTTLS, zone, smtp=servers)

    assert states(found, "SMTP-003") == [State.PASS, State.FAIL, State.PASS]
    assert [one.subject for one in found if one.state is State.FAIL] == [f"{HOST} [9.9.9.11]"]


def test_t2_a_server_with_too_many_connections_says_nothing_of_tls() -> None:
    """internet.nl 1914."""
    zone = {"example.com": {"MX": [[10, HOST]]}, HOST: {"A": ["9.9.9.10"]}}
    busy = Probed(HOST, "9.9.9.10", fault=ProbeFault.NOT_NOW, note="it greeted with 421 too many connections")
    found = findings(STARTTLS, zone, smtp=ShownServers({"9.9.9.10": busy}))

    assert [(one.code, one.state) for one in found] == [("SMTP-002", State.UNKNOWN)]
    assert "421" in sentence(found[0])


def test_t3_two_mta_sts_records_are_no_policy() -> None:
    """hardenize 41; RFC 8461 section 3.1."""
    zone = {"_mta-sts.example.com": {"TXT": [["v=STSv1; id=1"], ["v=STSv1; id=2"]]}}

    assert states(findings(MTA_STS, zone), "STS-001") == [State.FAIL]


def test_t5_a_look_up_of_pins_that_fails_now_and_then_is_never_a_fault() -> None:
    """internet.nl 1358: unknown while it fails; the next look, which succeeds, decides."""
    pins = f"_25._tcp.{HOST}"
    zone = {"example.com": {"MX": [[10, HOST]]}, HOST: {"A": ["9.9.9.10"]}}
    failing = findings(DANE, {**zone, pins: {"TLSA": "SERVFAIL"}}, authenticated=True)
    answered = findings(DANE, {**zone, pins: {"TLSA": ["3 1 1 " + "00" * 32]}}, authenticated=True)

    assert {one.state for one in failing} == {State.UNKNOWN}
    assert decide(failing, Profile.BULK) is not Verdict.FINDINGS
    assert states(answered, "DANE-002") == [State.PASS]


@pytest.mark.sockets
def test_t6_a_renewed_certificate_is_seen_at_the_next_look(tmp_path: Path) -> None:
    """hardenize 64: each look has a handshake of its own; no session and no certificate is kept."""
    authority = Authority(tmp_path)
    context = authority.server(HOST)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()

    def shown() -> bytes:
        probe = WireProbe(budget=2.0, ports={25: port}, allowed=lambda ip: ip == "127.0.0.1")
        return probe.probe_all([(HOST, "127.0.0.1")])[0].chain[0]

    try:
        before = shown()
        authority.server(HOST)
        context.load_cert_chain(tmp_path / f"{HOST}.pem")
        after = shown()
    finally:
        controller.stop()

    assert read_certificate(after) is not None
    assert after != before


@pytest.mark.parametrize(
    ("records", "profile", "code", "state"),
    [
        ([[0, ""]], Profile.PARKED, "MX-002", State.PASS),
        ([[0, ""]], Profile.BULK, "MX-002", State.FAIL),
        ([[0, ""], [10, HOST]], Profile.PARKED, "MX-003", State.FAIL),
        ([[0, ""], [10, HOST]], Profile.BULK, "MX-003", State.FAIL),
    ],
)
def test_t7_a_null_mx_is_judged_by_what_the_domain_is_for(
    records: list[list[object]], profile: Profile, code: str, state: State
) -> None:
    zone = {"example.com": {"MX": records}, HOST: {"A": ["9.9.9.10"]}}

    assert states(findings(MX, zone, profile=profile), code) == [state]
