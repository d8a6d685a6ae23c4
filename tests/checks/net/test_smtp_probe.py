"""The probe against real SMTP servers on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from checks.certificates import chain_fault, read_certificate
from checks.net.smtp_probe import WireProbe
from checks.ports import Probed, ProbeFault
from tests.checks.judge import NOW
from tests.lab.authority import Authority

pytestmark = pytest.mark.sockets
HOST = "mx.example.com"


def loopback(ip: str) -> bool:
    return ip == "127.0.0.1"


@contextmanager
def says(*replies: bytes) -> Iterator[int]:
    """A server that says the first line at once and the others in turn, whatever it hears."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        connection, _ = listener.accept()
        with connection, suppress(ConnectionError):
            for reply in replies:
                connection.sendall(reply)
                if not connection.recv(1_024):
                    return

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()


@contextmanager
def postfix_like(folder: Path) -> Iterator[int]:
    context = Authority(folder).server(HOST)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    yield port
    controller.stop()


def look(port: int, budget: float = 2.0) -> Probed:
    return WireProbe(budget=budget, ports={25: port}, allowed=loopback).probe_all([(HOST, "127.0.0.1")])[0]


def test_a_server_with_starttls_shows_its_certificate(tmp_path: Path) -> None:
    with postfix_like(tmp_path) as port:
        seen = look(port)

    assert seen.offers_starttls
    assert seen.tls_version.startswith("TLSv1.")
    shown = read_certificate(seen.chain[0])
    assert shown is not None
    assert shown.names == (HOST,)
    assert chain_fault(seen.chain, HOST, NOW) != ""


def test_a_server_without_starttls_is_left_at_once() -> None:
    with says(b"220 plain.test ESMTP\r\n", b"250-plain.test\r\n250 PIPELINING\r\n") as port:
        seen = look(port)

    assert (seen.fault, seen.offers_starttls, seen.tls_version) == (None, False, "")


@pytest.mark.parametrize(
    ("replies", "fault"),
    [
        ((b"421 4.7.0 too many connections\r\n",), ProbeFault.NOT_NOW),
        ((b"554 go away\r\n",), ProbeFault.NOT_NOW),
        ((b"HTTP/1.1 400 Bad Request\r\n",), ProbeFault.BAD_SMTP),
        (("²²² x\r\n".encode(),), ProbeFault.BAD_SMTP),
        ((b"220 x\r\n", b"250-" + b"y" * 5_000), ProbeFault.BAD_SMTP),
        ((b"220 x\r\n", b"250-y\r\n" * 200), ProbeFault.BAD_SMTP),
        ((b"220-only half",), ProbeFault.TIMEOUT),
    ],
)
def test_each_way_of_not_answering_is_told_apart(replies: tuple[bytes, ...], fault: ProbeFault) -> None:
    with says(*replies) as port:
        assert look(port, budget=0.3).fault is fault


@pytest.mark.parametrize("ip", ["192.0.2.10", "10.0.0.1", "127.0.0.1", "::1"])
def test_nobody_knocks_at_an_address_that_is_not_public(ip: str) -> None:
    """A zone names whatever address it likes; the documentation ranges and inner networks are left alone."""
    [seen] = WireProbe().probe_all([(HOST, ip)])

    assert seen.fault is ProbeFault.FORBIDDEN_ADDRESS


def test_a_closed_port_is_refused() -> None:
    assert look(1).fault is ProbeFault.REFUSED


def test_plain_text_after_starttls_is_no_tls() -> None:
    """CVE-2011-0411: what came before the handshake must not be read as if it came after."""
    with says(b"220 x\r\n", b"250-x\r\n250 STARTTLS\r\n", b"220 go\r\n250 injected\r\n") as port:
        seen = look(port)

    assert seen.tls_version == ""
    assert "plain text" in seen.tls_fault


def test_two_checks_that_want_one_server_share_one_look(tmp_path: Path) -> None:
    with postfix_like(tmp_path) as port:
        probe = WireProbe(ports={25: port}, allowed=loopback)
        first = probe.probe_all([(HOST, "127.0.0.1")])
    second = probe.probe_all([(HOST, "127.0.0.1")])

    assert first == second
