"""One message through one transport, and one campaign through the engine, for the tests beside this."""

import asyncio
from collections.abc import Mapping
from typing import Any

from data.recipients import Recipient
from data.servers import Server
from data.store import Store
from sender.delivery.engine import Engine
from sender.delivery.envelope import Rendered
from sender.delivery.outcome import Outcome
from sender.delivery.providers import OTHER
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports import World, open_transport
from sender.delivery.transports.base import Found, Transport
from sender.returns.session import category_of
from tests.fakes.campaign import frozen
from tests.fakes.delivery import RunningClock, WoundClock, parts
from tests.fakes.zone import ZoneDns

LETTER = (
    b"From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: Hello\r\n"
    b"Message-ID: <m1@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"\r\nHello.\r\n"
)
MAIL = Mail("b+token@r.example.com", "bob@example.net", LETTER, "token")


class LetterRenderer:
    """Everybody's letter, with the token of each."""

    def render(self, recipient: Recipient) -> Rendered:
        message = LETTER.replace(b"bob@example.net", recipient.email.encode())
        return Rendered(
            message, "b@r.example.com", recipient.email, "m1@example.com", "", token=f"t{recipient.id}"
        )


def transport(kind: str, secret: str, settings: Mapping[str, Any], clock: Any = None) -> Transport:
    """The way out that a server of this kind and these settings is."""
    world = World(ZoneDns({}), clock or WoundClock(), lambda name: secret if name == "key" else "")
    return open_transport(Server(1, "esp", kind, {"private": True, "secret": "key", **settings}), world)


def deliver(way: Transport, *mails: Mail, ready: bool = True) -> list[Outcome | None]:
    """These messages, one after another over the same transport."""

    async def asked() -> bool:
        return ready

    async def run() -> list[Outcome | None]:
        found = [await way.deliver(mail, OTHER, asked) for mail in mails]
        await way.close()
        return found

    return asyncio.run(run())


def probe(way: Transport) -> Found:
    async def run() -> Found:
        found = await way.probe()
        await way.close()
        return found

    return asyncio.run(run())


def campaign(store: Store, people: int, kind: str, secret: str, settings: Mapping[str, Any]) -> Engine:
    """A campaign to so many people through a server of that kind, worked off once; its engine."""
    with store.write() as connection:
        frozen(connection, people, kind=kind, settings={"private": True, "secret": "key", **settings})
    clock = RunningClock()
    engine = Engine(
        parts(
            store, clock=clock, renderer=LetterRenderer(), secret=lambda _name: secret, classify=category_of
        )
    )
    engine.work_once()
    return engine
