"""Asking a server about somebody: never a message, never a yes, never the large ones."""

import asyncio

import pytest

from sender.delivery.rcpt_probe import RcptProbe, Said
from tests.fakes.zone import ZoneDns

pytestmark = pytest.mark.sockets


class Server:
    """Answers RCPT by the local part; `heard` is everything that was said to it."""

    def __init__(self, answers: dict[str, str], otherwise: str = "550 5.1.1 no such user") -> None:
        self.answers = answers
        self.otherwise = otherwise
        self.heard: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx.brand.test ready\r\n")
        while line := (await reader.readline()).decode().strip():
            self.heard.append(line)
            if line.startswith("RCPT TO:<"):
                local = line.removeprefix("RCPT TO:<").partition("@")[0]
                writer.write(f"{self.answers.get(local, self.otherwise)}\r\n".encode())
            else:
                writer.write(b"221 bye\r\n" if line == "QUIT" else b"250 ok\r\n")
        writer.close()


def ask(server: Server, mailbox: str, mx: str = "mx.brand.test", helo: str = "me.test") -> tuple[Said, str]:
    """One question to a server on loopback."""

    async def asking() -> tuple[Said, str]:
        listening = await asyncio.start_server(server, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        zone = {"brand.test": {"MX": [[10, mx]]}, mx: {"A": ["127.0.0.1"]}}
        probe = RcptProbe(ZoneDns(zone), helo, port, private=True, pause=0)
        async with listening:
            probed = await probe.ask(mailbox)
        return probed.said, probed.note

    return asyncio.run(asking())


@pytest.mark.parametrize(
    ("answers", "otherwise", "said", "note"),
    [
        ({}, "550 5.1.1 no such user", Said.REJECTED, "550 5.1.1 no such user"),
        ({}, "550 go away", Said.REJECTED, "550 go away"),
        ({"ada": "250 ok"}, "550 5.1.1 no", Said.UNKNOWN, "not refused, which says nothing"),
        ({}, "250 ok", Said.CATCH_ALL, "the server takes mail for whoever is named"),
        ({}, "451 4.7.1 greylisted", Said.UNKNOWN, "451 4.7.1 greylisted"),
        ({}, "550 5.7.1 your address is listed", Said.UNKNOWN, "550 5.7.1 your address is listed"),
    ],
)
def test_only_a_no_to_the_person_is_a_no(
    answers: dict[str, str], otherwise: str, said: Said, note: str
) -> None:
    server = Server(answers, otherwise)

    assert ask(server, "ada@brand.test") == (said, note)
    assert server.heard[:2] == ["EHLO me.test", "MAIL FROM:<>"]
    assert server.heard[-1] == "QUIT"
    assert not any(line.startswith("DATA") for line in server.heard)


def test_the_large_providers_are_never_asked() -> None:
    server = Server({})
    said, note = ask(server, "ada@brand.test", mx="aspmx.l.google.com")

    assert (said, server.heard) == (Said.UNKNOWN, [])
    assert "is never asked" in note


def test_a_server_at_a_private_address_is_not_asked_unless_it_is_ones_own() -> None:
    zone = {"brand.test": {"MX": [[10, "mx.brand.test"]]}, "mx.brand.test": {"A": ["127.0.0.1"]}}
    probed = asyncio.run(RcptProbe(ZoneDns(zone), "me.test", 1, pause=0).ask("ada@brand.test"))

    assert (probed.said, probed.note) == (Said.UNKNOWN, "mx.brand.test has no public address")
