"""The event loop in a thread of its own that everything on the wire runs in.

Callers put jobs in from any thread; each gets its answer through `deliver`, in the loop's thread. Identical
questions in flight are asked once; a fresh one never joins another, since it must go to the wire itself.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from checks.net.dns.lookup import Manner, look_up
from checks.net.dns.servers import Address
from checks.net.dns.upstream import Upstream
from checks.ports import Answer, Clock, Got, Question, Why

Deliver = Callable[[Answer], None]

AT_ONCE = 200
"""Questions on the wire at a time; the rest wait, and their time has not begun."""


@dataclass(slots=True)
class Job:
    """One question on its way; `deliver` is called with its answer, and so is all that joined."""

    question: Question
    seconds: float
    fresh: bool = False
    until: float | None = None
    """The clock's second after which nobody wants the answer."""
    server: Address | None = None
    """Ask this one as the zone's own server, in place of the resolver's."""
    deliver: Deliver = lambda _answer: None
    joined: list[Deliver] = field(default_factory=list)

    @property
    def key(self) -> tuple[object, ...]:
        return self.question, self.server, self.seconds, self.until

    def done(self, answer: Answer) -> None:
        for deliver in (self.deliver, *self.joined):
            deliver(answer)


class Engine:
    """Started by the first job; `close` ends it and fails what is still open."""

    def __init__(self, servers: Iterable[Address], clock: Clock) -> None:
        self._servers = tuple(servers)
        self._clock = clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: deque[Job] = deque()
        self._waiting: deque[Job] = deque()
        self._shared: dict[tuple[object, ...], Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._woken = False
        self._upstreams: tuple[Upstream, ...] = ()
        self._closed = False

    def submit(self, jobs: Iterable[Job]) -> None:
        """Take jobs in; callable from any thread."""
        with self._lock:
            if not self._closed:
                self._inbox.extend(jobs)
                if not self._woken:
                    self._woken = True
                    self._running_loop().call_soon_threadsafe(self._accept)
                return
        for job in jobs:
            job.done(_refused(job.question, "the resolver has been closed"))

    def close(self) -> None:
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None and thread.is_alive():
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    # ---- in the loop's thread

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._run, args=(self._loop,), name="dns", daemon=True)
            self._thread.start()
        return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
        loop.run_until_complete(self._cancel_all())
        for job in (*self._waiting, *self._inbox):
            job.done(_refused(job.question, "the resolver was closed"))
        for upstream in self._upstreams:
            upstream.close()
        loop.close()

    async def _cancel_all(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self) -> None:
        with self._lock:
            self._woken = False
        while self._inbox:
            job = self._inbox.popleft()
            shared = None if job.fresh else self._shared.get(job.key)
            if shared is None:
                self._shared[job.key] = job
                self._waiting.append(job)
            else:
                shared.joined.append(job.deliver)
        self._start()

    def _start(self) -> None:
        while self._waiting and len(self._tasks) < AT_ONCE and not self._closed:
            task = asyncio.create_task(self._work(self._waiting.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._start()

    async def _work(self, job: Job) -> None:
        answer = _refused(job.question, "the resolver stopped before the answer came")
        try:
            answer = await self._answer(job)
        finally:
            if self._shared.get(job.key) is job:
                del self._shared[job.key]
            job.done(answer)

    async def _answer(self, job: Job) -> Answer:
        left = job.seconds if job.until is None else min(job.seconds, job.until - self._clock.monotonic())
        if left <= 0:
            note = "the time for this run was over before it could be asked"
            return Answer(job.question, Got.FAILED, why=Why.BUDGET, note=note)
        deadline = asyncio.get_running_loop().time() + left
        if job.server is None:
            return await look_up(job.question, Manner(self._resolver(), self._clock), deadline)
        upstream = Upstream(asyncio.get_running_loop(), job.server)
        try:
            return await look_up(job.question, Manner((upstream,), self._clock, authoritative=True), deadline)
        finally:
            upstream.close()

    def _resolver(self) -> tuple[Upstream, ...]:
        if not self._upstreams:
            self._upstreams = tuple(Upstream(asyncio.get_running_loop(), each) for each in self._servers)
        return self._upstreams


def _refused(question: Question, note: str) -> Answer:
    return Answer(question, Got.FAILED, why=Why.UNREACHABLE, note=note)
