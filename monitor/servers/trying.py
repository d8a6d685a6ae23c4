"""Trying a server: connect, verify, log in, say what it cannot do, and send oneself a line if asked."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import uuid4

from checks.net.clock import SystemClock
from data.own import all_own
from data.secrets import get_secret
from data.servers import POOL, Server
from monitor.app import App
from monitor.problem import Problem
from monitor.senses import open_senses
from sender.audience.addresses import AddressError, parse_address
from sender.delivery.lines import canonical
from sender.delivery.outcome import Outcome, Result
from sender.delivery.providers import OTHER
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports import TRANSPORTS, BadServer, World, open_transport
from sender.delivery.transports.base import Can, Transport


@dataclass(frozen=True, slots=True)
class Tried:
    """`sent` is None if no message was asked for."""

    works: bool
    said: str
    facts: tuple[str, ...]
    limits: tuple[str, ...]
    sent: Outcome | None = None


def limits(can: Can) -> tuple[str, ...]:
    """What a way out cannot do, in sentences."""
    size = f"it takes messages of up to {can.size:,} octets"
    said = (
        (not can.own_dkim, "it signs with its own DKIM key: publish the records that it gives you"),
        (not can.own_return_path, "it keeps the return path: bounces come by its webhook, not by mail"),
        (not can.own_message_id, "it writes its own Message-ID: returns are matched by our token"),
        (not can.raw, "it takes the message apart and puts it together again"),
        (not can.smtputf8, "it takes no address with other than ASCII letters before the @"),
        (bool(can.size), size),
    )
    return tuple(sentence for applies, sentence in said if applies)


def own_identity(app: App, address: str) -> str:
    """An address that is registered as one's own. Raises Problem for any other."""
    try:
        identity = parse_address(address).identity
    except AddressError as error:
        raise Problem(f"“{address}” cannot be used. {error}") from None
    with app.store.read() as connection:
        if identity not in {each.address for each in all_own(connection)}:
            raise Problem(
                f"{address} is not registered as your own. `homing own add {address}` registers it; "
                "tests go nowhere else."
            )
    return address


def try_server(app: App, server: Server, to: str = "", sender: str = "") -> Tried:
    """Look at a server now; with `to`, an own address, send it one line. Raises Problem."""
    if server.kind == POOL:
        raise Problem(f"“{server.name}” is a pool: test its members.")
    if to:
        own_identity(app, to)
    with open_senses(app.config) as senses:
        world = World(senses.dns, SystemClock(), lambda name: _secret(app, name))
        try:
            transport = open_transport(server, world)
        except BadServer as fault:
            return Tried(False, str(fault), (), limits(TRANSPORTS[server.kind].can))
        return asyncio.run(_try(transport, to, sender or to))


def _secret(app: App, name: str) -> str:
    with app.store.read() as connection:
        found = get_secret(connection, app.keys, name)
    return found.decode() if found else ""


async def _try(transport: Transport, to: str, sender: str) -> Tried:
    try:
        found = await transport.probe()
        works = found.outcome.result is Result.ACCEPTED
        sent = await transport.deliver(_letter(to, sender), OTHER, _yes) if works and to else None
    finally:
        await transport.close()
    said = found.outcome.text if not works else ""
    return Tried(works, said, found.facts, limits(transport.can), sent)


async def _yes() -> bool:
    return True


def _letter(to: str, sender: str) -> Mail:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = "A test of your sending server"
    message["Date"] = format_datetime(SystemClock().now())
    message["Message-ID"] = f"<{uuid4().hex}@{sender.rpartition('@')[2]}>"
    message.set_content("This message came through the server that you are testing with Homing.\n")
    return Mail(sender, to, canonical(message.as_bytes()))
