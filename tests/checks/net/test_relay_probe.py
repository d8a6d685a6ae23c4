"""The relay probe against real SMTP servers on loopback: it asks at RCPT, and no message is ever sent."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from checks.net.relay_probe import STRANGER, WireRelay
from checks.ports import ProbeFault, Relayed
from tests.checks.net.test_smtp_probe import HOST, loopback, says

pytestmark = pytest.mark.sockets


@dataclass
class Server:
    """Answers RCPT with `answer` and writes down what it heard."""

    answer: str
    heard: list[str] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        self.heard.append(f"MAIL {address}")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        self.heard.append(f"RCPT {address}")
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_RSET(self, _: SMTP, __: Session, ___: Envelope) -> str:  # noqa: N802
        self.heard.append("RSET")
        return "250 OK"

    async def handle_QUIT(self, _: SMTP, __: Session, ___: Envelope) -> str:  # noqa: N802
        self.heard.append("QUIT")
        return "221 Bye"

    async def handle_DATA(self, _: SMTP, __: Session, ___: Envelope) -> str:  # noqa: N802
        self.heard.append("DATA")
        return "250 OK"


@contextmanager
def running(server: Server) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


def ask(port: int, budget: float = 2.0) -> Relayed:
    return WireRelay(budget=budget, ports={25: port}, allowed=loopback).relay_all([(HOST, "127.0.0.1")])[0]


@pytest.mark.parametrize(
    ("answer", "code"), [("250 2.1.5 Ok", 250), ("554 5.7.1 denied", 554), ("451 4.7.1 later", 451)]
)
def test_the_answer_to_rcpt_is_brought_back_and_nothing_is_sent(answer: str, code: int) -> None:
    server = Server(answer)
    with running(server) as port:
        asked = ask(port)

    assert (asked.code, asked.reply, asked.fault) == (code, answer[4:], None)
    assert server.heard == ["MAIL <>", f"RCPT {STRANGER}", "RSET", "QUIT"]


def test_the_recipient_is_nobodys() -> None:
    assert STRANGER.endswith(".invalid")


@pytest.mark.parametrize(
    ("replies", "fault"),
    [
        ((b"554 go away\r\n",), ProbeFault.NOT_NOW),
        ((b"220 x\r\n", b"502 no EHLO\r\n"), ProbeFault.NOT_NOW),
        ((b"220 x\r\n", b"250 x\r\n", b"530 5.7.0 STARTTLS first\r\n"), ProbeFault.NOT_NOW),
        ((b"220 x\r\n", b"250 x\r\n", b"250 ok\r\n", b"hello\r\n"), ProbeFault.BAD_SMTP),
        ((b"220 x\r\n", b"250 x\r\n", b"250 ok\r\n", b"250-half"), ProbeFault.TIMEOUT),
        ((b"220 x\r\n", b"250 x\r\n", b"250 ok\r\n"), ProbeFault.CLOSED),
    ],
)
def test_what_did_not_come_as_far_as_rcpt_has_no_answer(
    replies: tuple[bytes, ...], fault: ProbeFault
) -> None:
    with says(*replies) as port:
        asked = ask(port, budget=0.3)

    assert (asked.code, asked.fault) == (None, fault)


def test_a_line_that_drops_after_the_answer_changes_nothing() -> None:
    with says(b"220 x\r\n", b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n") as port:
        assert ask(port).code == 250


def test_a_closed_port_is_refused() -> None:
    assert ask(1).fault is ProbeFault.REFUSED


@pytest.mark.parametrize("ip", ["192.0.2.10", "10.0.0.1", "127.0.0.1", "::1"])
def test_nobody_knocks_at_an_address_that_is_not_public(ip: str) -> None:
    [asked] = WireRelay().relay_all([(HOST, ip)])

    assert asked.fault is ProbeFault.FORBIDDEN_ADDRESS
