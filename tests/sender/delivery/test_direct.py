"""Straight to the receivers: a real server behind literal zones, and every way that a look-up can go."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from checks.model import Again
from sender.delivery.outcome import Outcome, Phase, Result
from sender.delivery.providers import OTHER, Provider
from sender.delivery.smtp.transaction import Mail
from sender.delivery.smtp.wire import SECONDS
from sender.delivery.transports.mx import Direct, DirectMx
from tests.fakes.delivery import WoundClock
from tests.fakes.zone import ZoneDns
from tests.sender.delivery.smtp.test_wire import Remembering, yes

pytestmark = pytest.mark.sockets
HASTY = dict.fromkeys(SECONDS, 0.5)
ANN = Mail("b@r.example.com", "ann@example.net", b"Subject: x\r\n\r\nhello\r\n")


async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"421 4.3.2 too busy\r\n")
    writer.close()


class Net:
    """One port on several loopback addresses, as the world has port 25."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self.port = 0

    async def listen(self, ip: str, make: Any) -> None:
        loop = asyncio.get_running_loop()
        if asyncio.iscoroutinefunction(make):
            server = await asyncio.start_server(make, ip, self.port)
        else:
            server = await loop.create_server(make, ip, self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._stack.callback(server.close)


def deliver(
    zone: dict[str, Any],
    servers: Callable[[Net], Awaitable[None]] | None = None,
    *mails: Mail,
    provider: Provider = OTHER,
    **options: Any,
) -> list[Outcome | None]:
    async def story() -> list[Outcome | None]:
        async with AsyncExitStack() as stack:
            net = Net(stack)
            if servers:
                await servers(net)
            options.setdefault("private", True)
            direct = Direct("out.example.com", net.port or 9, seconds=HASTY, **options)
            transport = DirectMx(direct, ZoneDns(zone), WoundClock())
            outcomes = [await transport.deliver(mail, provider, yes) for mail in mails or (ANN,)]
            await transport.close()
            return outcomes

    return asyncio.run(story())


MX = {"example.net": {"MX": [[10, "mx1.example.net"], [20, "mx2.example.net"]]}}
HOSTS = {"mx1.example.net": {"A": ["127.0.0.11"]}, "mx2.example.net": {"A": ["127.0.0.12"]}}


def test_the_preferred_server_gets_the_mail() -> None:
    first, second = Remembering(), Remembering()

    async def servers(net: Net) -> None:
        await net.listen("127.0.0.11", lambda: SMTP(first))
        await net.listen("127.0.0.12", lambda: SMTP(second))

    [outcome] = deliver(MX | HOSTS, servers)

    assert outcome
    assert (outcome.result, outcome.host) == (Result.ACCEPTED, "mx1.example.net")
    assert [len(first.envelopes), len(second.envelopes)] == [1, 0]


@pytest.mark.parametrize("preferred", ["nobody listens", "busy", "no address"])
def test_the_next_server_is_tried_when_the_first_one_cannot_be_spoken_to(preferred: str) -> None:
    second = Remembering()
    hosts = {**HOSTS, "mx1.example.net": {}} if preferred == "no address" else HOSTS

    async def servers(net: Net) -> None:
        await net.listen("127.0.0.12", lambda: SMTP(second))
        if preferred == "busy":
            await net.listen("127.0.0.11", refuse)

    [outcome] = deliver(MX | hosts, servers)

    assert outcome
    assert (outcome.result, outcome.host) == (Result.ACCEPTED, "mx2.example.net")


def test_a_domain_without_mx_is_its_own_server() -> None:
    """RFC 5321 section 5.1."""
    handler = Remembering()

    async def servers(net: Net) -> None:
        await net.listen("127.0.0.11", lambda: SMTP(handler))

    [outcome] = deliver({"example.net": {"A": ["127.0.0.11"]}}, servers)

    assert outcome
    assert outcome.result is Result.ACCEPTED


def test_a_null_mx_is_refused_without_a_connection() -> None:
    """RFC 7505 section 4: the code is 5.1.10, and no try can help."""
    [outcome] = deliver({"example.net": {"MX": [[0, "."]], "A": ["127.0.0.11"]}})

    assert outcome
    assert (outcome.result, outcome.again, outcome.enhanced) == (Result.REFUSED, Again.NEVER, "5.1.10")
    assert outcome.phase is Phase.LOOKUP


@pytest.mark.parametrize(
    ("zone", "result"),
    [
        ({}, Result.REFUSED),
        ({"example.net": {"MX": "TIMEOUT"}}, Result.DEFERRED),
        ({"example.net": {"MX": "SERVFAIL"}}, Result.DEFERRED),
        ({**MX, "mx1.example.net": {"*": "TIMEOUT"}, "mx2.example.net": {"*": "TIMEOUT"}}, Result.DEFERRED),
        ({"example.net": {"MX": [[10, "gone.example.net"]]}}, Result.DEFERRED),
    ],
)
def test_only_a_domain_that_does_not_exist_is_final(zone: dict[str, Any], result: Result) -> None:
    """Not being able to ask is never a bounce."""
    [outcome] = deliver(zone)

    assert outcome
    assert outcome.result is result


def test_the_mail_of_a_stranger_does_not_lead_into_our_own_network() -> None:
    """A domain whose MX points at 127.0.0.1 must not make us talk to ourselves."""
    handler = Remembering()

    async def servers(net: Net) -> None:
        await net.listen("127.0.0.11", lambda: SMTP(handler))

    [outcome] = deliver(MX | HOSTS, servers, private=False)

    assert outcome
    assert (outcome.result, outcome.phase) == (Result.DEFERRED, Phase.CONNECT)
    assert "no public address" in outcome.text
    assert not handler.envelopes


def test_a_connection_is_used_again_and_no_longer_than_the_provider_likes() -> None:
    sessions: list[Any] = []

    class Counting(Remembering):
        async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, said: Any) -> Any:  # noqa: N802
            sessions.append(session)
            session.host_name = name
            return said

    async def servers(net: Net) -> None:
        await net.listen("127.0.0.11", lambda: SMTP(Counting()))

    outcomes = deliver(MX | HOSTS, servers, *[ANN] * 5, provider=Provider("x", "x", per_connection=2))

    assert [outcome.result for outcome in outcomes if outcome] == [Result.ACCEPTED] * 5
    assert len(sessions) == 3


def test_an_idle_connection_makes_room_for_one_to_another_server_of_the_provider() -> None:
    """A receiver counts connections, whether something goes over them or not."""
    spoken: list[str] = []

    class Telling(Remembering):
        async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            spoken.append("quit")
            return "221 bye"

    class Another(Remembering):
        async def handle_MAIL(self, server: Any, session: Any, envelope: Any, *said: Any) -> str:  # noqa: N802
            await asyncio.sleep(0.1)
            spoken.append("mail at the other")
            envelope.mail_from, envelope.mail_options = said
            return "250 ok"

    async def servers(net: Net) -> None:
        await net.listen("127.0.0.11", lambda: SMTP(Telling()))
        await net.listen("127.0.0.12", lambda: SMTP(Another()))

    zone = {"example.org": {"MX": [[10, "mx2.example.net"]]}, **MX, **HOSTS}
    bob = Mail("b@example.com", "bob@example.org", b"Subject: x\r\n\r\nx\r\n")
    outcomes = deliver(zone, servers, ANN, bob, provider=Provider("x", "x", connections=1))

    assert [outcome.result for outcome in outcomes if outcome] == [Result.ACCEPTED] * 2
    assert spoken[:2] == ["quit", "mail at the other"]


def test_a_server_that_hangs_up_between_two_messages_costs_nobody_anything() -> None:
    """The next message goes over a new connection; its row never hears of it."""

    async def one_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx\r\n")
        await reader.readline()
        writer.write(b"250-mx\r\n250 PIPELINING\r\n")
        await reader.readuntil(b"DATA\r\n")
        writer.write(b"250 ok\r\n250 ok\r\n354 go\r\n")
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 taken\r\n")
        await reader.read(10)
        writer.close()

    async def servers(net: Net) -> None:
        await net.listen("127.0.0.11", one_only)

    outcomes = deliver(MX | HOSTS, servers, ANN, ANN, ANN)

    assert [outcome.result for outcome in outcomes if outcome] == [Result.ACCEPTED] * 3


def test_broken_tls_is_remembered_and_gone_around_where_clear_text_is_welcome() -> None:
    greetings: list[bytes] = []

    async def broken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx\r\n")
        await reader.readline()
        writer.write(b"250-mx\r\n250-STARTTLS\r\n250 PIPELINING\r\n")
        line = await reader.readline()
        greetings.append(line[:8])
        if line.startswith(b"STARTTLS"):
            writer.write(b"220 go\r\n")
            await reader.read(100)
            writer.write(b"this is no handshake\r\n")
            writer.close()
            return
        await reader.readuntil(b"DATA\r\n")
        writer.write(b"250 ok\r\n250 ok\r\n354 go\r\n")
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 taken\r\n")

    async def servers(net: Net) -> None:
        await net.listen("127.0.0.11", broken)

    zone = {"example.net": {"MX": [[10, "mx1.example.net"]]}, **HOSTS}
    once = Provider("x", "x", per_connection=1)
    outcomes = deliver(zone, servers, ANN, ANN, provider=once)
    assert [outcome.result for outcome in outcomes if outcome] == [Result.ACCEPTED] * 2
    assert greetings == [b"STARTTLS", b"MAIL FRO", b"MAIL FRO"]

    [outcome] = deliver(zone, servers, provider=Provider("x", "x", tls_required=True))
    assert outcome
    assert outcome.phase is Phase.STARTTLS
