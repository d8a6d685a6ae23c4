"""`homing inbound`: takes bounces, feedback reports and unsubscribing mail in by SMTP."""

import asyncio
import signal

from data.sending_domains import all_sending_domains
from monitor.app import App
from monitor.cli.main import Exit
from monitor.cli.plain import plain
from monitor.ports import Place, must_be_free, place_of
from monitor.processes.life import BEAT_SECONDS, Life, living
from sender.returns import match
from sender.returns.inbound import Receiving, listen


def serve() -> int:
    """Take in mail for our return paths and nothing else, until SIGTERM or Ctrl-C."""
    with living("inbound") as life:
        place = place_of("inbound", life.app.home, life.app.config)
        must_be_free("inbound", place)
        asyncio.run(_listen(life, place))
    return Exit.CLEAN


async def _listen(life: Life, place: Place) -> None:
    app = life.app
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    handler = Receiving(app.intake, lambda address: is_ours(app, address), app.now)
    server = await listen(handler, place.host, place.port, greeting(app))
    async with server:
        while not stop.is_set():
            await asyncio.to_thread(life.beat, {"port": place.port})
            try:
                await asyncio.wait_for(stop.wait(), BEAT_SECONDS)
            except TimeoutError:
                continue


def is_ours(app: App, address: str) -> bool:
    """Whether we wrote the address: in the return path of a sending domain, with a token of ours or none; or
    one that reports come to.
    """
    if address.lower() in {each.lower() for each in app.config.inbound.reports}:
        return True
    domain = address.rpartition("@")[2].lower()
    if not match.is_ours(app.tokens, address):
        return False
    with app.store.read() as connection:
        return domain in {sending.return_path_domain for sending in all_sending_domains(connection)}


def greeting(app: App) -> str:
    """The first return path's name, under which the MX records point here."""
    with app.store.read() as connection:
        names = [sending.return_path_domain for sending in all_sending_domains(connection)]
    return names[0] if names else "localhost"


run = plain("inbound", serve)
