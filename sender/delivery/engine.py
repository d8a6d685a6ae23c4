"""The delivery engine: finds lanes that have something due, works them, and keeps house.

Any number of engines may work on one store: the row is the queue, the lane is a row, and no engine owns
anything for longer than its lease.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from checks.ports import Clock, Dns, NoWeb, Web
from data import attempts, claims, lanes, recipients
from data.attempts import Entry
from data.lanes import Work
from data.servers import Server
from data.store import Store
from sender.delivery import fleet, warming
from sender.delivery.attempt import Tools, Way
from sender.delivery.dkim import Signer
from sender.delivery.envelope import Consent, Renderer
from sender.delivery.fleet import Fleet, unfit
from sender.delivery.lanes import Ceiling
from sender.delivery.lanework import Holder, LaneWork
from sender.delivery.ledger import Desk, Ledger, Returns, Settled
from sender.delivery.owner import is_dead, new_owner
from sender.delivery.providers import Directory, Provider
from sender.delivery.queue import Queue
from sender.delivery.replies import first_reading
from sender.delivery.retry import GIVE_UP, Schedule
from sender.delivery.router import Router
from sender.delivery.settlement import Classify
from sender.delivery.transports import TRANSPORTS, BadServer, Settings, World, settings_of

TICK_SECONDS = 0.2
IDLE_SECONDS = 1.0
"""Between two looks while no campaign is sending: one question of the store each."""
PATIENCE_SECONDS = 8.0
"""How long a stop waits for answers that are on their way."""
BLOCKED_FOR = timedelta(minutes=1)
ALWAYS_KEPT = ("attendance", "leases")
"""Chores that are done while nothing is sent, too: somebody else may have died."""
ATTENDANCE = timedelta(seconds=20)


def nothing_returned(connection: Connection, told: Sequence[Settled]) -> None:
    """When nobody else wants to know what was said."""


@dataclass(frozen=True)
class Parts:
    """What an engine is made of. `signer` gives a domain's signer, None if there are no keys for it."""

    store: Store
    dns: Dns
    clock: Clock
    renderer: Renderer
    consent: Consent
    signer: Callable[[str], Signer | None]
    secret: Callable[[str], str] = lambda _name: ""
    directory: Directory = field(default_factory=Directory)
    classify: Classify = first_reading
    returns: Returns = nothing_returned
    schedule: Schedule = field(default_factory=Schedule)
    lease: timedelta = timedelta(minutes=2)
    attend: Callable[[Connection], object] | None = None
    """Called every few seconds before anything is claimed: what is late is held (`campaigns.standby`)."""
    web: Web = field(default_factory=NoWeb)
    """For the MTA-STS policies of receivers."""
    queue: Queue | None = None
    """Where tasks are deferred to; None: they are done in process, as soon as they are found."""


class Engine:
    """One worker's engine. `run` works until told to stop; `work_once` works off what is due now."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.owner = new_owner()
        self.troubles: dict[str, str] = {}
        """What keeps something from being sent, by server, campaign or "store": for the dashboard."""
        self.commits = 0

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set; then settle what is under way and give back the rest."""
        asyncio.run(self._run(stop))

    def work_once(self) -> int:
        """Route and send whatever is due now; returns how many rows were claimed."""
        return asyncio.run(self._once())

    async def _run(self, stop: threading.Event) -> None:
        queue = self._parts.queue
        shift = Shift(self._parts, self.owner, self.troubles, queue)
        shift.start()
        async with queue.serving(shift) if queue else nullcontext():
            try:
                while not stop.is_set():
                    await shift.round()
                    await asyncio.sleep(TICK_SECONDS if shift.busy else IDLE_SECONDS)
            finally:
                await shift.end(PATIENCE_SECONDS)
                self.commits += shift.ledger.commits

    async def _once(self) -> int:
        shift = Shift(self._parts, self.owner, self.troubles)
        shift.start()
        try:
            return await shift.work_off()
        finally:
            await shift.end(PATIENCE_SECONDS)
            self.commits += shift.ledger.commits


class Shift:
    """The engine while it works, on one event loop."""

    def __init__(
        self, parts: Parts, owner: str, troubles: dict[str, str], queue: Queue | None = None
    ) -> None:
        """Without a queue everything that is due is done here."""
        self._parts = parts
        self._queue = queue
        self._taken: set[int] = set()
        """Lanes for which a task of the queue is running here."""
        self._due: set[int] = set()
        self._looks = 0
        self._ended = False
        self._owner = owner
        self._troubles = troubles
        now = parts.clock.now
        self.ledger = Ledger(Desk(parts.store, parts.consent, self._tell, now, parts.lease))
        self._tools = Tools(self.ledger, parts.renderer, parts.signer, parts.classify, now)
        self._router = Router(parts.dns, parts.directory)
        self._holder = Holder(owner, parts.lease, parts.consent, parts.schedule, self._block)
        self._works: dict[int, LaneWork] = {}
        self._fleet = Fleet(
            self.ledger, World(parts.dns, parts.clock, parts.secret, parts.web), now, troubles
        )
        self._looking: asyncio.Task[None] | None = None
        self._blocked: dict[int, datetime] = {}
        self._routing: asyncio.Task[int] | None = None
        self._kept_at: dict[str, datetime] = {}
        self._sending = True

    @property
    def works(self) -> Sequence[LaneWork]:
        """The lanes that are worked."""
        return list(self._works.values())

    @property
    def busy(self) -> bool:
        """Whether a campaign is sending, or something of one is still under way."""
        return self._sending or not all(work.idle for work in self._works.values())

    def start(self) -> None:
        self.ledger.start()

    async def end(self, patience: float) -> None:
        """Settle what is under way, give back the rest, say goodbye."""
        self._ended = True
        for task in (self._routing, self._looking):
            if task:
                task.cancel()
        await asyncio.gather(*(work.stop(patience) for work in self._works.values()))
        with suppress(TimeoutError, SQLAlchemyError):  # the leases end by themselves
            await asyncio.wait_for(self._sign_off(), timeout=2)
        await self.ledger.close()
        await self._fleet.close()

    async def _sign_off(self) -> None:
        await self.ledger.write(self._tally)
        await self.ledger.write(lambda connection: lanes.leave(connection, self._owner))

    # ---- one round -------------------------------------------------------------------------------

    async def round(self) -> None:
        """Keep house, look for work, and let the lanes fill themselves."""
        try:
            self._sending = await self.ledger.read(recipients.is_any_under_way)
            await self._keep_house()
            if not self.busy:
                return self._say_how_the_store_is()
            await self._see_to_routes()
            await self._look_for_work()
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look_at_servers())
        except SQLAlchemyError as fault:
            self._troubles["store"] = str(fault).splitlines()[0]
        else:
            self._say_how_the_store_is()

    async def work_off(self) -> int:
        """Rounds without a pause until nothing is due any more."""
        await self._keep_house()
        self._fleet.learn(await self.ledger.read(fleet.read))
        await self._look_at_servers()
        while await self.route():
            pass
        while await self._look_for_work():
            for work in list(self._works.values()):
                await work.settled()
            await self.ledger.drain()
            await self._keep_house()
        await self.ledger.write(self._finish)
        self._say_how_the_store_is()
        return sum(work.claimed for work in self._works.values())

    def _say_how_the_store_is(self) -> None:
        self._troubles.pop("store", None)
        if self.ledger.trouble:
            self._troubles["store"] = self.ledger.trouble

    async def _see_to_routes(self) -> None:
        waits = await self.ledger.read(lambda connection: bool(recipients.unrouted(connection, 1)))
        if not waits or (self._queue and await self._queue.ask_for_routes()):
            return
        if self._routing is None or self._routing.done():
            self._routing = asyncio.create_task(self.route())

    async def work_on(self, lane_id: int) -> None:
        """A task of the queue: work on that lane until nothing of it is due."""
        if lane_id in self._taken:
            return
        self._taken.add(lane_id)
        try:
            first = self._looks
            while not self._ended and (self._looks <= first + 1 or self._is_worked(lane_id)):
                await asyncio.sleep(TICK_SECONDS)
        finally:
            self._taken.discard(lane_id)

    def _is_worked(self, lane_id: int) -> bool:
        work = self._works.get(lane_id)
        return lane_id in self._due or (work is not None and not work.idle)

    async def _hand_out(self, lane_ids: Collection[int]) -> set[int]:
        """Those that are to be worked here: all of them, or those whose tasks this worker took."""
        if self._queue is None:
            return set(lane_ids)
        here = self._taken & set(lane_ids)
        for lane_id in sorted(set(lane_ids) - here):
            if not await self._queue.ask_for_lane(lane_id):
                here.add(lane_id)  # the queue is away, and the rows are queue enough
        return here

    async def route(self) -> int:
        """Find out some recipients' providers; returns how many."""
        try:
            return await self._router.route(self.ledger, self._parts.clock.now())
        except SQLAlchemyError as fault:
            self._troubles["store"] = str(fault).splitlines()[0]
            return 0

    async def _look_for_work(self) -> int:
        now = self._parts.clock.now()
        found, known = await self.ledger.read(lambda c: (lanes.due(c, now), fleet.read(c)))
        self._fleet.learn(known)
        by_lane: defaultdict[int, list[Work]] = defaultdict(list)
        for work in self._fleet.chosen(found):
            if self._blocked.get(work.campaign_id, now) <= now:
                by_lane[work.lane_id].append(work)
        self._due, self._looks = set(by_lane), self._looks + 1
        here = await self._hand_out(by_lane)
        await self._open_lanes({lane_id: by_lane[lane_id] for lane_id in here})
        for lane_id, lane_work in self._works.items():
            lane_work.offer(by_lane[lane_id] if lane_id in here else [])
            if self._fleet.halted(lane_work.way.server_id):
                lane_work.halt()
        return sum(await asyncio.gather(*(work.fill() for work in self._works.values())))

    async def _look_at_servers(self) -> None:
        try:
            await self._fleet.look()
        except SQLAlchemyError as fault:
            self._troubles["store"] = str(fault).splitlines()[0]

    async def _open_lanes(self, by_lane: Mapping[int, Sequence[Work]]) -> None:
        """A lane that has work for the first time, or whose server's settings have changed."""
        for lane_id, works in by_lane.items():
            server = self._fleet.server(works[0].egress)
            try:
                self._open_lane(lane_id, works[0].provider, server)
            except BadServer as fault:
                await self._fleet.stop(server, unfit(fault))

    def _open_lane(self, lane_id: int, provider_key: str, server: Server) -> None:
        known, transport = self._works.get(lane_id), self._fleet.transport(server)
        if known and known.way.transport is transport:
            return
        settings, provider = settings_of(server), self._parts.directory.named(provider_key)
        slow_start = TRANSPORTS[server.kind].slow_start
        way = Way(lane_id, provider, transport, server.id, relay=not slow_start)
        fitted = (way, self._fleet.post(server), _ceiling(provider, settings, slow_start))
        if known:
            known.refit(*fitted)
        else:
            self._works[lane_id] = LaneWork(*fitted, self._tools, self._holder)

    def _block(self, campaign_id: int, why: str) -> None:
        """Leave a campaign alone for a while: it cannot go on until somebody mends something."""
        self._blocked[campaign_id] = self._parts.clock.now() + BLOCKED_FOR
        self._troubles[f"campaign {campaign_id}"] = why

    # ---- keeping house ---------------------------------------------------------------------------

    async def _keep_house(self) -> None:
        """Leases, tallies, campaigns that are done: each at its own interval."""
        now = self._parts.clock.now()
        chores: Sequence[tuple[str, timedelta, Callable[[Connection], object]]] = (
            *([("attendance", ATTENDANCE, self._parts.attend)] if self._parts.attend else []),
            ("leases", self._parts.lease / 4, partial(self._mind_leases, self._in_hand())),
            ("tally", timedelta(seconds=1), self._tally),
            ("finish", timedelta(seconds=1), self._finish),
            ("lanes", timedelta(minutes=1), self._mind_lanes),
        )
        for name, every, chore in chores:
            if not self.busy and name not in ALWAYS_KEPT:
                continue
            if name not in self._kept_at or self._kept_at[name] + every <= now:
                self._kept_at[name] = now
                await self.ledger.write(chore)

    def _in_hand(self) -> frozenset[int]:
        """The rows that are queued, under way, or wait to be written down."""
        return frozenset().union(self.ledger.entered(), *(work.in_hand() for work in self._works.values()))

    def _mind_leases(self, in_hand: frozenset[int], connection: Connection) -> None:
        now = self._parts.clock.now()
        claims.renew(connection, self._owner, now + self._parts.lease, in_hand)
        others = (claims.owners(connection) | lanes.owners(connection)) - {self._owner}
        dead = [owner for owner in others if is_dead(owner)]
        claims.expire_leases(connection, now, now + self._parts.schedule.delay(1, 0), dead)
        for owner in dead:
            lanes.leave(connection, owner)

    def _tally(self, connection: Connection) -> None:
        for work in list(self._works.values()):
            work.write_tally(connection)

    def _finish(self, connection: Connection) -> None:
        now = self._parts.clock.now()
        for campaign_id in recipients.cancelled(connection):
            recipients.skip_waiting(connection, campaign_id, "cancelled", now)
        for campaign_id in recipients.sending(connection):
            recipients.finish_if_done(connection, campaign_id, now)

    def _mind_lanes(self, connection: Connection) -> None:
        now = self._parts.clock.now()
        for egress, provider in recipients.waiting_providers(connection):
            lanes.ensure(connection, egress, provider, 1, None, now)
        self._fleet.mind(connection)
        warming.mind(connection, now)
        lanes.forget_signals(connection, now - timedelta(hours=1))
        for campaign_id, message_class in recipients.sending(connection).items():
            claims.give_up(connection, campaign_id, now - GIVE_UP[message_class], now)

    def _tell(self, connection: Connection, told: Sequence[Settled]) -> None:
        attempts.note(connection, [_entry(each) for each in told])
        self._parts.returns(connection, told)


def _ceiling(provider: Provider, settings: Settings, slow_start: bool) -> Ceiling:
    """A relay has limits of its own; receivers have theirs, which a server may only lower."""
    rates = [rate for rate in (provider.rate, settings.rate) if rate]
    limited = slow_start or provider.capped
    connections = min(provider.connections, settings.connections) if limited else settings.connections
    return Ceiling(connections, min(rates, default=None), slow_start)


def _entry(told: Settled) -> Entry:
    outcome, settled = told.outcome, told.settlement
    assert outcome is not None
    return Entry(
        *(told.row.id, told.lane_id, settled.at, outcome.result.value, outcome.phase.value, outcome.host),
        *(outcome.code, outcome.enhanced, settled.response, settled.category),
    )
