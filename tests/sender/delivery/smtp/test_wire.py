"""The driver against real sockets: aiosmtpd as the honest server, and servers that misbehave."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from sender.delivery.outcome import Outcome, Phase, Result
from sender.delivery.smtp.session import Login, Security, Session, farewell, greet
from sender.delivery.smtp.transaction import Mail, deliver
from sender.delivery.smtp.wire import SECONDS, Peer, Wire, connect
from tests.sender.delivery.smtp.certificates import Certificate, certificate

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
]

HASTY = dict.fromkeys(SECONDS, 0.3) | {Phase.CONNECT: 5.0, Phase.STARTTLS: 5.0}
MAIL = Mail("bounce@example.com", "ann@example.net", b"Subject: x\r\n\r\n.\r\n..two\r\nend\r\n")
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Remembering:
    """aiosmtpd's handler; keeps what came."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 2.0.0 taken"


async def yes() -> bool:
    return True


@asynccontextmanager
async def listening(make: Callable[[], asyncio.Protocol] | Talk, **options: Any) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    if asyncio.iscoroutinefunction(make):
        server = await asyncio.start_server(make, "127.0.0.1", 0)
    else:
        server = await loop.create_server(make, "127.0.0.1", 0, **options)  # type: ignore[arg-type]
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def peer(port: int, **more: Any) -> Peer:
    return Peer("mx.example.net", "127.0.0.1", port, seconds=HASTY, **more)


async def send(
    port: int, *mails: Mail, security: Security | None = None, **more: Any
) -> list[Outcome | None]:
    login = more.pop("login", None)
    wire = await connect(peer(port, **more))
    assert isinstance(wire, Wire), wire
    session = await greet(wire, "mx.example.net", "out.example.com", security or Security(), login)
    if isinstance(session, Outcome):
        wire.close()
        return [session]
    outcomes = [await deliver(session, mail, yes) for mail in mails]
    await farewell(session)
    return outcomes


def tls(cert: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert.chain, cert.key)
    return context


def test_messages_arrive_as_they_were_sent() -> None:
    """Two on one connection; the dots are doubled on the way and come out single."""
    handler = Remembering()

    async def story() -> list[Outcome | None]:
        async with listening(lambda: SMTP(handler, hostname="mx.example.net")) as port:
            return await send(port, MAIL, MAIL)

    outcomes = asyncio.run(story())

    assert [outcome.result for outcome in outcomes if outcome] == [Result.ACCEPTED] * 2
    assert [envelope.content for envelope in handler.envelopes] == [MAIL.message] * 2
    assert handler.envelopes[0].mail_from == MAIL.sender
    assert handler.envelopes[0].rcpt_tos == [MAIL.rcpt]


@pytest.mark.parametrize(("verify", "name"), [(False, "wrong.example"), (True, "mx.example.net")])
def test_starttls_is_used_where_it_is_offered(tmp_path: Path, verify: bool, name: str) -> None:
    """Opportunistic TLS takes any certificate (RFC 7435): the other choice is clear text."""
    cert = certificate(tmp_path, name)

    async def story() -> list[Outcome | None]:
        make = lambda: SMTP(Remembering(), tls_context=tls(cert), require_starttls=True)  # noqa: E731
        async with listening(make) as port:
            return await send(port, MAIL, security=Security(verify=verify), cafile=str(cert.chain))

    [outcome] = asyncio.run(story())

    assert outcome
    assert (outcome.result, outcome.tls) == (Result.ACCEPTED, "TLSv1.3")


def test_a_certificate_for_another_name_is_no_certificate(tmp_path: Path) -> None:
    cert = certificate(tmp_path, "wrong.example")

    async def story() -> list[Outcome | None]:
        async with listening(lambda: SMTP(Remembering(), tls_context=tls(cert))) as port:
            return await send(port, MAIL, security=Security(verify=True), cafile=str(cert.chain))

    [outcome] = asyncio.run(story())

    assert outcome
    assert (outcome.result, outcome.phase) == (Result.DEFERRED, Phase.STARTTLS)
    assert "certificate does not hold" in outcome.text


@pytest.mark.parametrize(("password", "result"), [("sesame", Result.ACCEPTED), ("wrong", Result.DEFERRED)])
def test_submission_over_implicit_tls_with_a_password(tmp_path: Path, password: str, result: Result) -> None:
    """RFC 8314: port 465. A wrong password is the server's refusal of us, not of the message."""
    cert = certificate(tmp_path, "mx.example.net")

    def who(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"ann", b"sesame"))

    def make() -> SMTP:
        return SMTP(Remembering(), authenticator=who, auth_require_tls=False, auth_required=True)

    async def story() -> list[Outcome | None]:
        async with listening(make, ssl=tls(cert)) as port:
            login = Login("ann", password)
            return await send(port, MAIL, login=login, implicit_tls=True, cafile=str(cert.chain))

    [outcome] = asyncio.run(story())

    assert outcome
    assert outcome.result is result
    assert outcome.phase is (Phase.DOT if result is Result.ACCEPTED else Phase.AUTH)


def test_a_port_where_nobody_listens_says_so() -> None:
    async def story() -> Wire | Outcome:
        async with listening(lambda: SMTP(Remembering())) as port:
            pass
        return await connect(peer(port))

    outcome = asyncio.run(story())

    assert isinstance(outcome, Outcome)
    assert (outcome.result, outcome.phase) == (Result.DEFERRED, Phase.CONNECT)
    assert "127.0.0.1 port" in outcome.text


TURNS: tuple[tuple[Phase, bytes, bytes], ...] = (  # before this phase, what is waited for and then said
    (Phase.EHLO, b"", b"220 mx\r\n"),
    (Phase.MAIL, b"\r\n", b"250-mx\r\n250 PIPELINING\r\n"),
    (Phase.RCPT, b"DATA\r\n", b"250 ok\r\n"),
    (Phase.DATA, b"", b"250 ok\r\n"),
    (Phase.DOT, b"", b"354 go\r\n"),
)
AWAITS = {Phase.EHLO: b"\r\n", Phase.MAIL: b"DATA\r\n", Phase.DOT: b"\r\n.\r\n"}


async def _stall(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def _drip(writer: asyncio.StreamWriter) -> None:
    for octet in b"250 " + b"a" * 3_000:
        writer.write(bytes([octet]))
        await asyncio.sleep(0.05)


async def _endless(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"250-and more\r\n" * 100)
        await writer.drain()


async def _long_line(writer: asyncio.StreamWriter) -> None:
    writer.write(b"250 " + b"x" * 10_000_000)
    await writer.drain()


async def _nul(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\0\0\0\r\n")


async def _reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _noise(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x03\x00\x7a" + bytes(range(256)))


@pytest.mark.parametrize("phase", [Phase.GREETING, *(phase for phase, _, _ in TURNS)])
@pytest.mark.parametrize("fault", [_stall, _drip, _endless, _long_line, _nul, _reset, _hang_up, _noise])
def test_a_hostile_server_ends_the_attempt_and_nothing_else(
    phase: Phase, fault: Callable[[asyncio.StreamWriter], Awaitable[None]]
) -> None:
    """R5: whatever it does wherever, the attempt ends in time; only after the dot is it unknown."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if phase is not Phase.GREETING:
                for reached, wait_for, say in TURNS:
                    await reader.readuntil(wait_for) if wait_for else None
                    writer.write(say)
                    if reached is phase:
                        break
            await reader.readuntil(AWAITS[phase]) if phase in AWAITS else None
            await fault(writer)

    async def story() -> list[Outcome | None]:
        async with listening(talk) as port:
            outcomes = await send(port, MAIL)
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.sleep(0)
            return outcomes

    [outcome] = asyncio.run(story())

    assert outcome
    assert outcome.result is (Result.UNKNOWN if phase is Phase.DOT else Result.DEFERRED)


def test_an_answer_before_the_question_is_never_taken_for_acceptance() -> None:
    """A stray 250 waiting in the pipe would otherwise count as the answer to the final dot."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx\r\n")
        await reader.readline()
        writer.write(b"250-mx\r\n250 PIPELINING\r\n")
        await reader.readuntil(b"DATA\r\n")
        writer.write(b"250 ok\r\n250 ok\r\n354 go\r\n250 2.0.0 already queued\r\n")
        await reader.read(1_000_000)

    async def story() -> list[Outcome | None]:
        async with listening(talk) as port:
            return await send(port, MAIL)

    [outcome] = asyncio.run(story())

    assert outcome
    assert outcome.result is not Result.ACCEPTED


def test_what_follows_starttls_in_clear_is_not_listened_to(tmp_path: Path) -> None:
    """CVE-2011-0411: an answer injected before the handshake must not survive it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx\r\n")
        await reader.readline()
        writer.write(b"250-mx\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b"220 go\r\n250-injected\r\n250 AUTH PLAIN\r\n")
        await reader.read(1_000)

    async def story() -> list[Outcome | None]:
        async with listening(talk) as port:
            return await send(port, MAIL)

    [outcome] = asyncio.run(story())

    assert outcome
    assert (outcome.result, outcome.phase) == (Result.DEFERRED, Phase.STARTTLS)


def test_a_connection_the_server_has_closed_is_known_to_be_of_no_use() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx\r\n")
        await reader.readline()
        writer.write(b"250 mx\r\n")
        await asyncio.sleep(0.05)
        writer.write(b"421 idle for too long\r\n")
        writer.close()

    async def story() -> tuple[bool, bool]:
        async with listening(talk) as port:
            wire = await connect(peer(port))
            assert isinstance(wire, Wire)
            session = await greet(wire, "mx", "out", Security())
            assert isinstance(session, Session)
            before = wire.usable
            await asyncio.sleep(0.3)
            return before, wire.usable

    assert asyncio.run(story()) == (True, False)
