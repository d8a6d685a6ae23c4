"""Group commit: what many connections have to write down goes to disk together, before each of them goes on.

A message takes two entries: that it is being sent (which asks, just before MAIL FROM, whether it may be) and
what became of it. Whatever was entered while one transaction was on its way shares the next.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from data import claims, lanes, recipients
from data.claims import Settlement
from data.recipients import Recipient, Refusal
from data.store import Store
from sender.delivery.envelope import Consent
from sender.delivery.outcome import Outcome

T = TypeVar("T")
JOIN_SECONDS = 0.02
JOIN_STEP_SECONDS = 0.002
PAUSE_SECONDS = 0.5
"""Before the next try to reach a store that could not be written."""


class Stop(Enum):
    """The campaign is not sending any more, its lane has slowed down, the row is no longer ours, or nothing
    can be written down.
    """

    STOP = "stop"
    LOST = "lost"
    """The store did not answer: it may be written down that it is being sent. It must not be."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A row's settlement and the attempt behind it, if there was one."""

    row: Recipient
    settlement: Settlement
    lane_id: int
    outcome: Outcome | None = None


Returns = Callable[[Connection, Sequence[Settled]], None]
"""Told, in the same transaction, of every attempt that was not simply accepted."""


@dataclass(frozen=True, slots=True)
class Start:
    """May this row still be sent, over a lane that is as it was `since` then? If so, it is being sent."""

    row: Recipient
    message_id: str
    lane_id: int
    since: datetime | None
    answer: "asyncio.Future[Refusal | Stop | None]"


@dataclass(slots=True)
class Batch:
    """Entries that share a transaction."""

    starts: list[Start] = field(default_factory=list)
    settles: list[Settled] = field(default_factory=list)
    releases: list[Recipient] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.starts or self.settles or self.releases)

    @property
    def waiting(self) -> int:
        """Connections that cannot go on before this is written."""
        return len(self.starts)

    def singles(self) -> "list[Batch]":
        """The same entries, each by itself."""
        return [
            *(Batch(starts=[each]) for each in self.starts),
            *(Batch(settles=[each]) for each in self.settles),
            *(Batch(releases=[each]) for each in self.releases),
        ]


@dataclass(frozen=True, slots=True)
class Written:
    """What a transaction found out, by recipient id."""

    refusals: Mapping[int, Refusal]
    marked: frozenset[int]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the ledger works with; `lease` is how long a row that is being sent is ours."""

    store: Store
    consent: Consent
    returns: Returns
    now: Callable[[], datetime]
    lease: timedelta


class Ledger:
    """One writer of a worker: a thread of its own, one transaction at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._batch = Batch()
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._flushing = False
        self.trouble = ""
        """Why nothing can be written down, "" while it can."""
        self.commits = 0
        self.senders = 0
        """Connections at work: once all of them wait, nothing more can come in."""
        self.refused = 0
        """Entries that the store did not take; a fault of ours."""

    # ---- what a connection enters ----------------------------------------------------------------

    async def sending(
        self, row: Recipient, message_id: str, lane_id: int, since: datetime | None
    ) -> Refusal | Stop | None:
        """Asked just before MAIL FROM. None: it may be sent, and that it is being sent is on disk."""
        answer: asyncio.Future[Refusal | Stop | None] = self._future()
        self._batch.starts.append(Start(row, message_id, lane_id, since, answer))
        self._wake.set()
        return await answer

    def settle(self, settled: Settled) -> None:
        """What became of it. On disk at the latest with this connection's next entry."""
        self._batch.settles.append(settled)
        self._wake.set()

    def release(self, row: Recipient) -> None:
        """Nothing was done with it: somebody else may have it."""
        self._batch.releases.append(row)
        self._wake.set()

    def entered(self) -> set[int]:
        """The rows of which something waits to be written down."""
        batch = self._batch
        return {each.row.id for each in batch.settles} | {row.id for row in batch.releases}

    async def write(self, work: Callable[[Connection], T]) -> T:
        """A transaction of its own, in turn with the others. Raises SQLAlchemyError."""

        def run() -> T:
            with self._desk.store.write() as connection:
                return work(connection)

        self.commits += 1
        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """A look at the store, in turn with the others. Raises SQLAlchemyError."""

        def run() -> T:
            with self._desk.store.read() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    # ---- the writer ------------------------------------------------------------------------------

    def start(self) -> None:
        self._writer = asyncio.get_running_loop().create_task(self._write_on())

    async def drain(self) -> None:
        """Until everything that was entered is on disk, or nothing can be written."""
        while (not self._batch.empty or self._flushing) and not self.trouble:
            self._wake.set()
            await asyncio.sleep(0.002)

    async def close(self) -> None:
        """Write down what is left."""
        await self.drain()
        if self._writer:
            self._writer.cancel()
        await asyncio.to_thread(self._thread.shutdown)

    async def _write_on(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while not self._batch.empty:
                await self._let_others_join()
                await self._flush()

    async def _let_others_join(self) -> None:
        """A transaction costs the same for one entry as for many: wait while more of them come in."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + JOIN_SECONDS
        seen = -1
        while seen < (waiting := self._batch.waiting) < self.senders and loop.time() < latest:
            seen = waiting
            await asyncio.sleep(JOIN_STEP_SECONDS)

    async def _flush(self) -> None:
        batch, self._batch = self._batch, Batch()
        batch.starts = [start for start in batch.starts if not start.answer.done()]  # else it was stopped
        self._flushing = True
        try:
            written = await self.write(partial(self._commit, batch=batch))
        except IntegrityError as fault:
            await self._one_by_one(batch, str(fault).splitlines()[0])
        except SQLAlchemyError as fault:
            self._fail(batch, str(fault).splitlines()[0])
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            self.trouble = ""
            _answer(batch, written)
        finally:
            self._flushing = False

    async def _one_by_one(self, batch: Batch, why: str) -> None:
        """An entry that the store refuses must not take the others with it."""
        singles = batch.singles()
        if len(singles) <= 1:
            self.refused += 1
            self._answer_negatively(batch)
            return
        for single in singles:
            try:
                written = await self.write(partial(self._commit, batch=single))
            except SQLAlchemyError:
                await self._one_by_one(single, why)
            else:
                _answer(single, written)

    def _commit(self, connection: Connection, batch: Batch) -> Written:
        """Runs in the thread."""
        now = self._desk.now()
        claims.settle(connection, [each.settlement for each in batch.settles])
        told = [each for each in batch.settles if each.outcome is not None]
        if told:
            self._desk.returns(connection, told)
        claims.release(connection, [(row.id, row.fence) for row in batch.releases])
        return self._start(connection, batch.starts, now) if batch.starts else Written({}, frozenset())

    def _start(self, connection: Connection, starts: Sequence[Start], now: datetime) -> Written:
        """One look at campaigns, lanes and consent for all of them, and one mark for those who may go."""
        sending, slowed = recipients.sending(connection), lanes.slowed(connection)
        asked = [s for s in starts if s.row.campaign_id in sending and not _has_slowed(s, slowed)]
        refusals = self._desk.consent(connection, [start.row for start in asked]) if asked else {}
        wanted = {(s.row.id, s.row.fence): s.message_id for s in asked if s.row.id not in refusals}
        marked = claims.mark_sending(connection, wanted, now + self._desk.lease) if wanted else set()
        return Written(refusals, frozenset(marked))

    def _fail(self, batch: Batch, why: str) -> None:
        """Without a store nothing goes out; what has gone out is kept until it can be written down."""
        self.trouble = why
        for start in batch.starts:
            _give(start.answer, Stop.LOST)
        self._batch.settles[:0] = batch.settles
        self._batch.releases[:0] = batch.releases
        self._wake.set()

    def _answer_negatively(self, batch: Batch) -> None:
        for start in batch.starts:
            _give(start.answer, Stop.STOP)

    def _future(self) -> "asyncio.Future[Any]":
        return asyncio.get_running_loop().create_future()


def _answer(batch: Batch, written: Written) -> None:
    for start in batch.starts:
        otherwise = written.refusals.get(start.row.id, Stop.STOP)
        _give(start.answer, None if start.row.id in written.marked else otherwise)


def _has_slowed(start: Start, slowed: Mapping[int, datetime | None]) -> bool:
    return start.lane_id in slowed and slowed[start.lane_id] != start.since


def _give(answer: "asyncio.Future[Any]", value: Any) -> None:
    if not answer.done():
        answer.set_result(value)
