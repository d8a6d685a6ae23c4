"""`homing sandbox`: the whole made-up world in one process: its DNS, its providers, its people, its story."""

import asyncio
import json
import logging
import signal
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.home import Home
from monitor.sandbox import blocklists, place, story, truth
from monitor.sandbox.browsing import Crowd
from monitor.sandbox.chance import draw
from monitor.sandbox.dns import TTL_SECONDS, NameServer
from monitor.sandbox.filing import Delivered
from monitor.sandbox.manners import is_returned
from monitor.sandbox.people import Act, Deed, plan
from monitor.sandbox.place import LOOPBACK, Sandbox
from monitor.sandbox.receivers import Receivers, tls_context
from monitor.sandbox.returning import Returning, Way
from monitor.sandbox.world import build

log = logging.getLogger("sandbox")
WATCH_SECONDS = 0.1
FIRST_BOUNCE_SECONDS, LAST_BOUNCE_SECONDS = 3.0, 30.0


def now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """What happened, a JSON object a line; begun anew at each start."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", buffering=1)

    def write(self, **facts: str | int) -> None:
        self._file.write(json.dumps({"at": now().isoformat(timespec="milliseconds"), **facts}) + "\n")

    def close(self) -> None:
        self._file.close()


class Town:
    """The running world. `speed` 10 lets people, bounces and the story run ten times as fast.

    Without `tells`, nothing happens that nobody asked for.
    """

    def __init__(self, home: Home, sandbox: Sandbox, speed: float = 1.0, *, tells: bool = True) -> None:
        self.home, self.sandbox, self.speed, self.tells = home, sandbox, speed, tells
        self.live = truth.Live(build(sandbox.keys), place.truth_of(home))
        self.replies = Journal(place.journal_of(home, "providers"))
        self.visits = Journal(place.journal_of(home, "people"))
        self.dns = NameServer(self.live.zone, ttl_of)
        self.receivers = Receivers(
            self.live,
            place.mail_of(home),
            now=now,
            seed=sandbox.seed,
            note=lambda provider, rcpt, reply: self.replies.write(provider=provider, rcpt=rcpt, reply=reply),
            arrived=self._arrived,
            tls=tls_context(place.certificate_of(home)),
        )
        ports = sandbox.ports
        ways = Way((LOOPBACK, ports["inbound"]), (LOOPBACK, ports["web"]), sandbox.hook_token)
        self.returning = Returning(ways, now=now, speed=speed)
        self.crowd = Crowd(seed=sandbox.seed, speed=speed, went=self._went)
        self._going_on: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Begin, with nothing changed yet. Raises OSError when a port was taken meanwhile."""
        place.truth_of(self.home).unlink(missing_ok=True)
        await self.dns.start(LOOPBACK, self.sandbox.ports["dns"])
        await self.receivers.start(self.sandbox.ports["smtp"])
        self._begin(self._watch())
        self._begin(self.crowd.live())
        if self.tells:
            self._begin(self._tell())
        place.ready_of(self.home).write_text("ready\n", encoding="utf-8")

    async def close(self) -> None:
        place.ready_of(self.home).unlink(missing_ok=True)
        for task in self._going_on:
            task.cancel()
        await asyncio.gather(*self._going_on, return_exceptions=True)
        await self.receivers.stop()
        await self.dns.stop()
        self.replies.close()
        self.visits.close()

    def _begin(self, step: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(step)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    async def _watch(self) -> None:
        """Close and open the DNS as the truth has it."""
        while True:
            if self.live.truth.resolver_up != self.dns.running:
                await self._turn()
            await asyncio.sleep(WATCH_SECONDS)

    async def _turn(self) -> None:
        if self.dns.running:
            await self.dns.stop()
            log.info("the DNS stops")
        else:
            await self.dns.start(LOOPBACK, self.sandbox.ports["dns"])
            log.info("the DNS is back")

    async def _tell(self) -> None:
        """Let the story happen."""
        began = time.monotonic()
        then = 0.0
        while True:
            await asyncio.sleep(story.next_after(then, self.speed))
            elapsed = time.monotonic() - began
            for scene in story.between(then, elapsed, self.speed):
                log.info(scene.says)
                self.live.change(scene.step)
            then = elapsed

    def _arrived(self, delivered: Delivered) -> None:
        rcpt = delivered.envelope.rcpt
        if is_returned(rcpt):
            luck = draw(self.sandbox.seed, "bounce", rcpt)
            after = FIRST_BOUNCE_SECONDS + (LAST_BOUNCE_SECONDS - FIRST_BOUNCE_SECONDS) * luck
            self._begin(self.returning.bounce(delivered, after))
            return
        self.crowd.meet(delivered)
        for act in plan(delivered, self.sandbox.seed):
            if act.deed is Deed.COMPLAIN:
                self._begin(self.returning.complain(delivered, act.after))

    def _went(self, who: str, act: Act, url: str, status: int) -> None:
        self.visits.write(who=who, deed=act.deed, url=url, status=status)


def ttl_of(name: str) -> int:
    """Listings are looked at again and again, so theirs is short."""
    on_a_list = any(name.endswith(zone) for zone in blocklists.BY_ZONE)
    return blocklists.BLOCKLIST_TTL_SECONDS if on_a_list else TTL_SECONDS


def quiet() -> None:
    """aiosmtpd tells of every command of every connection."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)


async def serve(home: Home, sandbox: Sandbox, speed: float) -> None:
    """Run the world until SIGTERM or SIGINT."""
    quiet()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    town = Town(home, sandbox, speed)
    await town.open()
    log.info("the sandbox stands: DNS on port %(dns)d, SMTP on port %(smtp)d", sandbox.ports)
    await stop.wait()
    await town.close()
