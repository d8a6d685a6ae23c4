"""A worker's part of one lane: a queue of claimed rows, senders for its connections, the lane's pace."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from data import claims, lanes, warmups
from data.claims import Claim
from data.lanes import Lane, LaneState, Work
from data.recipients import Recipient
from sender.delivery import lanes as pace
from sender.delivery.attempt import Attempt, Tools, Unsigned, Way
from sender.delivery.backoff import WITHIN, Rule, matching
from sender.delivery.envelope import Consent
from sender.delivery.fleet import Post, blames_server, turned_away
from sender.delivery.lanes import Ceiling
from sender.delivery.outcome import Outcome, Phase, Result
from sender.delivery.retry import Schedule
from sender.delivery.settlement import Rules, skipped
from sender.delivery.warming import allowed

AHEAD = 8
"""Rows claimed for each connection, so that claiming costs little and a stop gives little back."""
FAILURES = 3
"""In a row (at least; or as many as there are connections): a relay that does that is broken."""
OUR_TURN = timedelta(seconds=1)
"""When a worker that got none of a lane's connections asks again."""


@dataclass(frozen=True, slots=True)
class Holder:
    """In whose name and for how long rows are claimed; `blocked` hears of campaigns that cannot go on."""

    owner: str
    lease: timedelta
    consent: Consent
    schedule: Schedule
    blocked: Callable[[int, str], None]


class LaneWork:
    """Everything that this worker does for one lane."""

    def __init__(self, way: Way, post: Post, ceiling: Ceiling, tools: Tools, holder: Holder) -> None:
        self.way = way
        self._post = post
        self.lane: Lane | None = None
        self.granted = 0
        """How many of the lane's connections are ours."""
        self.claimed = 0
        self._provider = way.provider
        self._ceiling = ceiling
        self._tools = tools
        self._holder = holder
        self._queue: deque[Recipient] = deque()
        self._due: Sequence[Work] = ()
        self._rules: dict[int, Rules] = {}
        self._senders: set[asyncio.Task[None]] = set()
        self._active = 0
        self._under_way: set[int] = set()
        self._refills: set[asyncio.Task[int]] = set()
        self._filling = False
        self._stopped = False
        self._failures = 0
        self._returned = 0
        """Claimed for the server's quotas and given back."""
        self._results: Counter[str] = Counter()
        self._wake_at: datetime | None = None
        self._since: datetime | None = None

    # ---- what the engine does with it ------------------------------------------------------------

    @property
    def idle(self) -> bool:
        return not (self._queue or self._senders or self._filling or self._results)

    @property
    def active(self) -> int:
        """Connections at work."""
        return self._active

    def refit(self, way: Way, post: Post, ceiling: Ceiling) -> None:
        """The server's settings have changed."""
        self.way, self._provider = replace(way, since=self.way.since), way.provider
        self._post, self._ceiling = post, ceiling

    def halt(self) -> None:
        """The server is not to be used now."""
        self._due = ()
        self._give_back()

    def in_hand(self) -> set[int]:
        """The rows that are queued or under way."""
        return {row.id for row in self._queue} | self._under_way

    def offer(self, works: Sequence[Work]) -> None:
        """These campaigns have something due here."""
        self._due = works
        for work in works:
            rules = Rules(work.message_class, work.on_unknown, self._holder.schedule)
            self._rules[work.campaign_id] = rules

    async def fill(self) -> int:
        """Claim what the pace and the queue have room for; returns how many rows came."""
        if self._filling or self._stopped or not self._due or self._too_early():
            return 0
        self._filling = True
        self._due = [*self._due[1:], *self._due[:1]]  # the next campaign's turn
        try:
            rows = await self._tools.ledger.write(self._claim)
        except SQLAlchemyError as fault:  # the next round tries again
            self._tools.ledger.trouble = str(fault).splitlines()[0]
            rows = []
        finally:
            self._filling = False
        self.claimed += len(rows)
        if self._has_slowed():
            self._slow_down()
        self._queue.extend(rows)
        self._staff()
        return len(rows)

    def _has_slowed(self) -> bool:
        """Whether the lane was slowed down by another worker since we claimed from it."""
        since, self._since = self._since, self.lane.since if self.lane else None
        return since != self._since and self.lane is not None and self.lane.state is not LaneState.OPEN

    def _too_early(self) -> bool:
        return self._wake_at is not None and self._tools.now() < self._wake_at

    async def stop(self, patience: float) -> None:
        """Give back what was not begun; let what is under way end within so many seconds."""
        self._stopped = True
        if self._refills:
            await asyncio.wait(self._refills)
        self._give_back()
        if self._senders:
            _, late = await asyncio.wait(self._senders, timeout=patience)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    async def settled(self) -> None:
        """Wait until the queue is empty and nothing is under way."""
        while under_way := {*self._senders, *self._refills}:
            await asyncio.wait(under_way)

    def write_tally(self, connection: Connection) -> None:
        """Add up what became of the attempts since the last time."""
        results, self._results = self._results, Counter()
        now = self._tools.now()
        hour = now.replace(minute=0, second=0, microsecond=0)
        lanes.tally(connection, self.way.lane_id, hour, results)
        returned, self._returned = self._returned, 0
        self._post.credit(connection, now, returned)
        if returned and self.lane:
            warmups.give_back(connection, self.lane.egress, self.lane.provider, returned)
        if count := results[Result.ACCEPTED.value]:
            held = lanes.lock(connection, self.way.lane_id)
            self._keep(connection, held, pace.accepted(held, count, self._ceiling, now))
            self._post.thrives(connection)

    # ---- claiming, in the ledger's thread --------------------------------------------------------

    def _claim(self, connection: Connection) -> list[Recipient]:
        now = self._tools.now()
        held = lanes.lock(connection, self.way.lane_id)
        lane = pace.begun(held, self._ceiling, now)
        until = now + self._holder.lease
        self.granted = lanes.take_share(connection, lane, self._holder.owner, self._active, now, until)
        room = self._room(lane)
        count = pace.allowance(lane, now, room)
        warm = allowed(connection, lane.egress, lane.provider, now, count)
        granted = self._post.grant(connection, now, warm.count)
        rows = self._claim_of_all(connection, granted.count, now, until)
        refused = self._holder.consent(connection, rows) if rows else {}
        claims.settle(connection, [skipped(row, refused[row.id], now) for row in rows if row.id in refused])
        kept = [row for row in rows if row.id not in refused]
        self._wake_at = pace.next_slot(lane, now) if count < room else None
        if granted.next_at and not granted.why:
            self._wake_at = granted.next_at
        if warm.next_at:
            self._wake_at = warm.next_at
        warm.take(connection, len(kept))
        self._post.debit(connection, granted, now, len(kept))
        if not self.granted:
            self._wake_at = now + OUR_TURN
        self._keep(connection, held, pace.debited(lane, now, len(kept)))
        return kept

    def _room(self, lane: Lane) -> int:
        match lane.state:
            case LaneState.SUSPENDED:
                return 0
            case LaneState.PROBING:
                return 0 if self._queue or self._active else min(1, self.granted)
            case LaneState.OPEN | LaneState.BACKING_OFF:
                return max(0, self.granted * AHEAD - len(self._queue))

    def _claim_of_all(
        self, connection: Connection, count: int, now: datetime, until: datetime
    ) -> list[Recipient]:
        """From each campaign its part."""
        rows: list[Recipient] = []
        for left, work in zip(range(len(self._due), 0, -1), self._due, strict=True):
            part = -(-(count - len(rows)) // left)
            if part > 0:
                names = (work.campaign_id, work.provider, self.way.lane_id, self._holder.owner)
                rows += claims.claim(connection, Claim(*names, now, until, work.share), part)
        return rows

    def _keep(self, connection: Connection, held: Lane, changed: Lane) -> None:
        self.lane = changed
        provider = replace(
            self._provider,
            connections=max(1, self.granted),
            per_connection=changed.per_connection or self._provider.per_connection,
        )
        self.way = replace(self.way, provider=provider, since=changed.since)
        if changed != held:
            lanes.save(connection, changed)

    # ---- sending ---------------------------------------------------------------------------------

    def _staff(self) -> None:
        """As many senders as connections, and not more than there are rows."""
        if self._stopped or not self.granted:
            self._give_back()
        for _ in range(min(self.granted - self._active, len(self._queue))):
            self._active += 1
            self._tools.ledger.senders += 1
            task = asyncio.get_running_loop().create_task(self._send_on())
            self._senders.add(task)
            task.add_done_callback(self._senders.discard)

    async def _send_on(self) -> None:
        try:
            while self._queue and not self._stopped and self._active <= self.granted:
                row = self._queue.popleft()
                self._refill()
                self._under_way.add(row.id)
                try:
                    await self._send(row)
                finally:
                    self._under_way.discard(row.id)
        finally:
            self._active -= 1
            self._tools.ledger.senders -= 1

    def _refill(self) -> None:
        if len(self._queue) < self.granted and self._due and not self._filling and not self._too_early():
            task = asyncio.get_running_loop().create_task(self.fill())
            self._refills.add(task)
            task.add_done_callback(self._refills.discard)

    async def _send(self, row: Recipient) -> None:
        attempt = Attempt(self._tools, self.way, row, self._rules[row.campaign_id])
        try:
            outcome = await attempt.run()
        except Unsigned as fault:
            self._holder.blocked(row.campaign_id, f"there is no DKIM key for {fault}")
            self._give_back(row.campaign_id)
            return
        if outcome is not None:
            with suppress(SQLAlchemyError):  # a lesson that could not be written down comes again
                await self._learn(outcome)

    async def _learn(self, outcome: Outcome) -> None:
        """What an outcome says of the lane."""
        self._results[outcome.result.value] += 1
        if outcome.result is Result.ACCEPTED:
            self._failures = 0
            return
        if self.way.relay and blames_server(outcome):
            await self._doubt(outcome)
            return
        self._failures = 0
        if outcome.phase is Phase.CALL:  # an API does not hand on what the mailboxes' servers said
            return
        for rule in matching(self.way.provider.key, outcome.code, outcome.text):
            await self._signal(rule, outcome)

    async def _doubt(self, outcome: Outcome) -> None:
        """The server itself could not or would not: it may ask to wait, or be broken."""
        if outcome.wait:
            self.halt()
            await self._post.asked_to_wait(outcome)
            return
        self._failures += 1
        if turned_away(outcome) or self._failures >= max(FAILURES, self.granted):
            self._failures = 0
            self.halt()  # first: whoever is free now would take the next row
            await self._post.broke(outcome)
            self.halt()

    async def _signal(self, rule: Rule, outcome: Outcome) -> None:
        reply = f"{outcome.code} {outcome.text}"

        def write(connection: Connection) -> bool:
            now = self._tools.now()
            count = lanes.signal(connection, self.way.lane_id, rule.key, now, now - WITHIN)
            if count < rule.count:
                return False
            held = lanes.lock(connection, self.way.lane_id)
            self._keep(connection, held, pace.struck(held, rule, reply, now))
            return self.lane != held

        if await self._tools.ledger.write(write):
            self._slow_down()

    def _slow_down(self) -> None:
        """What is queued was claimed at the old pace: give it back, and keep the allowed connections."""
        if self.lane:
            self.granted = min(self.granted, self.lane.connections)
        self._give_back()

    def _give_back(self, campaign_id: int | None = None) -> None:
        kept: deque[Recipient] = deque()
        while self._queue:
            row = self._queue.popleft()
            if campaign_id is None or row.campaign_id == campaign_id:
                self._tools.ledger.release(row)
                self._returned += 1
            else:
                kept.append(row)
        self._queue = kept
