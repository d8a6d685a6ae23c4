"""MTA-STS and DANE towards real TLS servers on loopback: what is honoured, deferred, counted."""

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from checks.ports import Answer, Question
from sender.delivery.outcome import Outcome, Phase, Result
from sender.delivery.providers import OTHER
from sender.delivery.transports.mx import Direct, DirectMx
from sender.delivery.transports.promises import Promises, secure
from tests.fakes.delivery import WoundClock
from tests.fakes.web import PageWeb, text_page
from tests.fakes.zone import ZoneDns
from tests.lab.authority import Authority
from tests.sender.delivery.smtp.certificates import Certificate, certificate
from tests.sender.delivery.smtp.test_wire import Remembering, yes
from tests.sender.delivery.test_direct import ANN, HASTY, Net

pytestmark = pytest.mark.sockets
HOST, IP = "mx1.example.net", "127.0.0.11"
URL = "https://mta-sts.example.net/.well-known/mta-sts.txt"
ZONE: dict[str, Any] = {"example.net": {"MX": [[10, HOST]]}, HOST: {"A": [IP]}}
STS = {"_mta-sts.example.net": {"TXT": [["v=STSv1; id=1;"]]}}


class LocalDns(ZoneDns):
    """A validating resolver on this machine, or one elsewhere."""

    resolver = "127.0.0.1:53"

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        return replace(super().ask(name, rdtype, fresh=fresh), resolver=self.resolver)

    def ask_all(self, questions: Any, *, fresh: bool = False) -> list[Answer]:
        return [self.ask(each.name, each.rdtype, fresh=fresh) for each in questions]


def policy(mode: str, mx: str = HOST, max_age: int = 86_400) -> PageWeb:
    return PageWeb(text_page(URL, f"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: {max_age}\n"))


def send(
    dns: Callable[[int], ZoneDns],
    web: PageWeb | None = None,
    shown: Certificate | None = None,
    trusted: Path | None = None,
) -> tuple[Outcome | None, DirectMx, int]:
    """One message to a server that shows this certificate (None: offers no STARTTLS); what came of it."""
    handler = Remembering()

    async def story() -> tuple[Outcome | None, DirectMx]:
        async with AsyncExitStack() as stack:
            net = Net(stack)
            context = None
            if shown:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(shown.chain, shown.key)
            await net.listen(IP, lambda: SMTP(handler, tls_context=context))
            cafile = str(trusted) if trusted else None
            direct = Direct("out.example.com", net.port, private=True, cafile=cafile, seconds=HASTY)
            transport = DirectMx(direct, dns(net.port), WoundClock(datetime.now(UTC)), web=web)
            outcome = await transport.deliver(ANN, OTHER, yes)
            await transport.close()
            return outcome, transport

    outcome, transport = asyncio.run(story())
    return outcome, transport, len(handler.envelopes)


def with_sts(_port: int) -> ZoneDns:
    return ZoneDns(ZONE | STS)


def test_an_enforced_policy_is_kept_where_it_holds(tmp_path: Path) -> None:
    good = certificate(tmp_path, HOST)
    outcome, _, arrived = send(with_sts, policy("enforce"), good, good.chain)
    assert outcome
    assert (outcome.result, arrived, outcome.tls[:3]) == (Result.ACCEPTED, 1, "TLS")


@pytest.mark.parametrize("fault", ["wrong name", "expired", "not trusted", "no STARTTLS", "another MX"])
def test_an_enforced_policy_that_does_not_hold_defers_and_hands_nothing_over(
    tmp_path: Path, fault: str
) -> None:
    name = "mx9.example.net" if fault == "wrong name" else HOST
    shown = certificate(tmp_path, name, age=timedelta(days=90) if fault == "expired" else timedelta())
    trusted = None if fault == "not trusted" else shown.chain
    web = policy("enforce", "other.example.net" if fault == "another MX" else HOST)
    outcome, _, arrived = send(with_sts, web, None if fault == "no STARTTLS" else shown, trusted)
    assert outcome
    assert (outcome.result, outcome.phase, arrived) == (Result.DEFERRED, Phase.STARTTLS, 0)
    assert outcome.text


def test_a_policy_in_testing_mode_is_counted_and_delivered(tmp_path: Path) -> None:
    outcome, transport, arrived = send(with_sts, policy("testing"), certificate(tmp_path, "mx9.example.net"))
    assert outcome
    assert (outcome.result, arrived) == (Result.ACCEPTED, 1)
    assert transport.promises.broken == {"example.net": 1}


def pins(
    certificate_of: Certificate, *, wrong: bool = False, failing: bool = False
) -> Callable[[int], ZoneDns]:
    der = x509.load_pem_x509_certificate(certificate_of.chain.read_bytes()).public_bytes(Encoding.DER)
    digest = hashlib.sha256(der + (b"!" if wrong else b"")).hexdigest()

    def dns(port: int) -> ZoneDns:
        records: Any = "SERVFAIL" if failing else [f"3 0 1 {digest}"]
        return LocalDns({**ZONE, f"_{port}._tcp.{HOST}": {"TLSA": records}}, authenticated=True)

    return dns


def test_a_pinned_certificate_needs_no_authority(tmp_path: Path) -> None:
    shown = certificate(tmp_path, "whatever.example.net")
    outcome, _, arrived = send(pins(shown), shown=shown)
    assert outcome
    assert (outcome.result, arrived) == (Result.ACCEPTED, 1)


@pytest.mark.parametrize("fault", ["wrong", "failing", "no STARTTLS"])
def test_pins_that_do_not_hold_defer_and_hand_nothing_over(tmp_path: Path, fault: str) -> None:
    shown = certificate(tmp_path, HOST)
    dns = pins(shown, wrong=fault == "wrong", failing=fault == "failing")
    outcome, _, arrived = send(dns, shown=None if fault == "no STARTTLS" else shown)
    assert outcome
    assert (outcome.result, outcome.phase, arrived) == (Result.DEFERRED, Phase.STARTTLS, 0)


def signed(folder: Path, name: str, expires: datetime | None = None, by: str = "ours") -> Certificate:
    """A server certificate of our authority and, sent along, the authority's own."""
    ours, theirs = Authority(made(folder / "ours")), Authority(made(folder / "theirs"))
    issuer = ours if by == "ours" else theirs
    issuer.server(name, expires=expires)
    chain, key = folder / "chain.pem", issuer.folder / f"{name}.pem"
    chain.write_bytes(key.read_bytes() + (ours.folder / "root.pem").read_bytes())
    return Certificate(chain, key)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def authority_pinned(folder: Path) -> Callable[[int], ZoneDns]:
    der = x509.load_pem_x509_certificate((folder / "ours" / "root.pem").read_bytes()).public_bytes(
        Encoding.DER
    )
    record = f"2 0 1 {hashlib.sha256(der).hexdigest()}"
    return lambda port: LocalDns({**ZONE, f"_{port}._tcp.{HOST}": {"TLSA": [record]}}, authenticated=True)


@pytest.mark.parametrize("name", [HOST, "example.net", "*.example.net"])
def test_a_certificate_of_a_pinned_authority_holds_for_the_host_and_for_the_domain(
    tmp_path: Path, name: str
) -> None:
    """RFC 7672 section 3.2.3: the names are those of the TLSA base domain and of the next hop."""
    shown = signed(tmp_path, name)
    outcome, _, arrived = send(authority_pinned(tmp_path), shown=shown)
    assert outcome
    assert (outcome.result, arrived) == (Result.ACCEPTED, 1)


@pytest.mark.parametrize("fault", ["wrong name", "expired", "signed by another"])
def test_a_pinned_authority_that_is_only_sent_along_proves_nothing(tmp_path: Path, fault: str) -> None:
    """Its certificate is public: whoever stands between could send it with a certificate of their own."""
    shown = signed(
        tmp_path,
        "mx9.example.org" if fault == "wrong name" else HOST,
        datetime.now(UTC) - timedelta(hours=1) if fault == "expired" else None,
        "theirs" if fault == "signed by another" else "ours",
    )
    outcome, _, arrived = send(authority_pinned(tmp_path), shown=shown)
    assert outcome
    assert (outcome.result, outcome.phase, arrived) == (Result.DEFERRED, Phase.STARTTLS, 0)


def test_a_pinned_server_certificate_may_be_expired_and_for_another_name(tmp_path: Path) -> None:
    """RFC 7672 section 3.1.1: with usage 3 neither names nor dates count."""
    shown = certificate(tmp_path, "whatever.example.org", age=timedelta(days=90))
    outcome, _, arrived = send(pins(shown), shown=shown)
    assert outcome
    assert (outcome.result, arrived) == (Result.ACCEPTED, 1)


def test_pins_that_a_resolver_elsewhere_vouches_for_are_not_believed(tmp_path: Path) -> None:
    """RFC 7672 section 2.1: between it and us anybody could set the AD bit."""
    shown = certificate(tmp_path, HOST)

    def elsewhere(port: int) -> ZoneDns:
        dns = pins(shown, wrong=True)(port)
        dns.resolver = "192.0.2.53:53"  # type: ignore[attr-defined]
        return dns

    outcome, _, arrived = send(elsewhere, shown=shown)
    assert outcome
    assert (outcome.result, arrived) == (Result.ACCEPTED, 1)


@pytest.mark.parametrize(
    ("resolver", "believed"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:5353", True),
        ("::1", True),
        ("[::1]:53", True),
        ("192.0.2.1:53", False),
        ("", False),
    ],
)
def test_only_a_resolver_on_this_machine_is_believed(resolver: str, believed: bool) -> None:
    answer = ZoneDns(ZONE, authenticated=True).ask("example.net", "MX")
    assert secure(replace(answer, resolver=resolver)) is believed
    assert not secure(replace(answer, resolver=resolver, authenticated=False))


def test_a_policy_outlives_its_record_until_its_age_is_over() -> None:
    """RFC 8461 section 3.3: who can make record and file disappear must not make the promise disappear."""
    dns, web = ZoneDns(ZONE | STS), policy("enforce", max_age=3_600)
    clock = WoundClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    promises = Promises(dns, web, clock)
    assert promises.policy("example.net")
    assert promises.policy("example.net")
    assert web.fetched == [URL], "kept, and not fetched for each message"
    dns.zone.pop("_mta-sts.example.net")
    web.pages.clear()
    assert promises.policy("example.net")
    clock.at += timedelta(hours=2)
    assert promises.policy("example.net") is None


def test_another_id_fetches_the_policy_anew() -> None:
    dns, web = ZoneDns(ZONE | STS), policy("enforce")
    promises = Promises(dns, web, WoundClock())
    promises.policy("example.net")
    dns.zone["_mta-sts.example.net"] = {"TXT": [["v=STSv1; id=2;"]]}
    web.pages |= policy("none").pages
    assert promises.policy("example.net") is None
    assert web.fetched == [URL, URL]
    assert Question("_mta-sts.example.net", "TXT") in dns.asked
