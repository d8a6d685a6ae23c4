"""The sending servers as one worker knows them: their ways out, their quotas, and what stops and mends them.

How they stand is in the store, so that all workers agree. A server that breaks stops alone, says why, and
is looked at again without a message; whoever may send for it takes its lanes over meanwhile.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from checks.model import Again
from data import pools, quotas, servers
from data.lanes import Work
from data.pools import Member
from data.servers import POOL, Server, Standing
from sender.delivery import choice, quota
from sender.delivery.ledger import Ledger
from sender.delivery.outcome import Outcome, Phase, Result
from sender.delivery.quota import Grant, Quota
from sender.delivery.transports import BadServer, World, open_transport, settings_of
from sender.delivery.transports.base import Transport

SOON = timedelta(seconds=30)
"""Until the first look at a server that could not be reached; then twice as long each time."""
MENDING = timedelta(minutes=5)
"""The same for one that turned us away: somebody has to do something."""
LONGEST = timedelta(hours=6)
LOOKING = timedelta(minutes=2)
"""For so long nobody else looks at a server that we are looking at."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything about servers that a round needs, read at once."""

    servers: Sequence[Server] = ()
    members: Mapping[int, Sequence[Member]] = field(default_factory=dict)


def read(connection: Connection) -> Known:
    return Known(servers.all_servers(connection), pools.members(connection))


def turned_away(outcome: Outcome) -> bool:
    """It let us know that it will not have us: one answer is enough."""
    refused = outcome.code is not None and outcome.code >= 500
    return outcome.phase is Phase.AUTH and (outcome.again is Again.NEVER or refused)


def blames_server(outcome: Outcome) -> bool:
    """Whether an outcome through a relay or an API speaks of the server and not of a message."""
    if outcome.phase.before_mail:
        return True
    return outcome.phase is Phase.CALL and outcome.result in (Result.DEFERRED, Result.UNKNOWN)


class Post:
    """One server, as a lane of it needs it. The methods that take a connection run in its transaction."""

    def __init__(self, fleet: "Fleet", server: Server, limits: Quota) -> None:
        self._fleet = fleet
        self._server = server
        self._limits = limits

    def grant(self, connection: Connection, now: datetime, wanted: int) -> Grant:
        """How many messages the server's quotas have room for; a used-up one lets the server wait."""
        granted = quota.grant(connection, self._server.id, self._limits, now, wanted)
        if not granted.count and granted.why and granted.next_at:
            until = granted.next_at
            servers.wait(connection, self._server.id, granted.why, now, until, Standing.SPENT)
        return granted

    def debit(self, connection: Connection, granted: Grant, now: datetime, count: int) -> None:
        quota.debit(connection, self._server.id, self._limits, granted, now, count)

    def credit(self, connection: Connection, now: datetime, count: int) -> None:
        """So many of what was debited were given back unsent."""
        quota.credit(connection, self._server.id, self._limits, now, count)

    def thrives(self, connection: Connection) -> None:
        """It took a message."""
        servers.thrives(connection, self._server.name)

    async def asked_to_wait(self, outcome: Outcome) -> None:
        """It wants to hear nothing for a while."""
        await self._fleet.wait(self._server, outcome)

    async def broke(self, outcome: Outcome) -> None:
        """It cannot be sent through; this outcome says why."""
        await self._fleet.stop(self._server, outcome)


class Fleet:
    """The servers of one shift."""

    def __init__(
        self, ledger: Ledger, world: World, now: Callable[[], datetime], troubles: dict[str, str]
    ) -> None:
        self._ledger = ledger
        self._world = world
        self._now = now
        self._known = Known()
        self._open: dict[int, tuple[Server, Transport]] = {}
        self._retired: list[Transport] = []
        self._troubles = troubles
        """Why a server does not send, by its name; other things' troubles are in there, too."""

    def learn(self, known: Known) -> None:
        """How the servers stand now."""
        self._known = known
        now = self._now()
        for server in known.servers:
            self._troubles.pop(server.name, None)
            if not server.usable(now):
                self._troubles[server.name] = server.reason

    def chosen(self, works: Sequence[Work]) -> list[Work]:
        """Which of this work is whose."""
        now = self._now()
        usable = {each.id for each in self._known.servers if each.kind != POOL and each.usable(now)}
        return choice.chosen(works, self._known.members, usable)

    def halted(self, server_id: int) -> bool:
        """Nothing goes through it now, not even what was claimed for it."""
        found = next((each for each in self._known.servers if each.id == server_id), None)
        return found is None or (found.state is not Standing.SPENT and not found.usable(self._now()))

    def server(self, name: str) -> Server:
        return next(each for each in self._known.servers if each.name == name)

    def post(self, server: Server) -> Post:
        """Raises `BadServer`."""
        settings = settings_of(server)
        return Post(self, server, Quota(settings.per_second, settings.per_hour, settings.per_day))

    def transport(self, server: Server) -> Transport:
        """The server's way out, opened anew when its settings have changed. Raises `BadServer`."""
        known = self._open.get(server.id)
        if known is None or not same(known[0], server):
            self.reopen(server)
        return self._open[server.id][1]

    def reopen(self, server: Server) -> None:
        """Open a way out anew; whatever the old one carries it brings to its end. Raises `BadServer`."""
        fresh = open_transport(server, self._world)
        if known := self._open.get(server.id):
            self._retired.append(known[1])
        self._open[server.id] = (server, fresh)

    # ---- what goes wrong, and what mends it ------------------------------------------------------

    async def wait(self, server: Server, outcome: Outcome) -> None:
        now = self._now()
        until = now + timedelta(seconds=outcome.wait)
        await self._write(lambda c: servers.wait(c, server.id, outcome.text, now, until))

    async def stop(self, server: Server, outcome: Outcome) -> None:
        now = self._now()
        strikes = self.server(server.name).strikes
        look_at = now + look_after(outcome, strikes)
        await self._write(lambda c: servers.stop(c, server.id, reason(outcome), now, look_at))

    async def look(self) -> None:
        """Look at the stopped servers whose time has come: connect and log in, send nothing."""
        now = self._now()
        if not any(each.resume_at and each.resume_at <= now for each in self._known.servers):
            return
        due = await self._ledger.write(lambda c: servers.take_looks(c, now, now + LOOKING))
        await asyncio.gather(*(self._look_at(server) for server in due))

    async def _look_at(self, server: Server) -> None:
        try:
            self.reopen(server)  # a key that was changed is read again
            outcome = (await self._open[server.id][1].probe()).outcome
        except BadServer as fault:
            outcome = unfit(fault)
        now = self._now()
        if outcome.result is Result.ACCEPTED:
            await self._write(lambda c: servers.mended(c, server.id, now))
            return
        look_at = now + look_after(outcome, server.strikes)
        await self._write(lambda c: servers.still_broken(c, server.id, reason(outcome), look_at))

    async def _write(self, work: Callable[[Connection], object]) -> None:
        """What could not be written down is learned again."""
        with suppress(SQLAlchemyError):
            await self._ledger.write(work)
            self.learn(await self._ledger.read(read))

    def mind(self, connection: Connection) -> None:
        """Forget what no quota reaches back to."""
        quotas.forget(connection, self._now())

    async def close(self) -> None:
        opened = [*self._retired, *(transport for _, transport in self._open.values())]
        await asyncio.gather(*(transport.close() for transport in opened))


def same(one: Server, other: Server) -> bool:
    """Whether a server's way out is as it was, however the server stands."""
    return (one.kind, one.settings, one.at) == (other.kind, other.settings, other.at)


def look_after(outcome: Outcome, strikes: int) -> timedelta:
    """How long after a server broke it is looked at again."""
    first = MENDING if turned_away(outcome) else SOON
    return min(first * float(2 ** min(strikes, 20)), LONGEST)


def unfit(fault: BadServer) -> Outcome:
    """What is wrong with a server's settings turns us away as its owner would."""
    return Outcome(Result.DEFERRED, Phase.AUTH, Again.NEVER, text=str(fault))


def reason(outcome: Outcome) -> str:
    """Why a server does not send, in one line."""
    if outcome.phase is Phase.AUTH and outcome.code is None:
        return outcome.text[:500]  # we know by ourselves
    code = f"{outcome.code} " if outcome.code else ""
    return f"{outcome.phase.value}: {code}{outcome.text}"[:500]
