"""The event loop in a thread of its own that everything on the wire runs in.

Callers put jobs in from any thread; each gets its answer through `deliver`, in the loop's thread. Identical
questions in flight are asked once; a fresh one never joins another, since it must go to the wire itself.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from checks.net.dns.exchange import Manner
from checks.net.dns.lookup import LookUp
from checks.net.dns.patience import Patience
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
        self._live: dict[LookUp, Job] = {}
        self._starting = False
        self._woken = False
        self._resolver: Manner | None = None
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
        for look_up, job in (*self._live.items(),):
            look_up.close()
            job.done(_refused(job.question, "the resolver was closed before the answer came"))
        for job in (*self._waiting, *self._inbox):
            job.done(_refused(job.question, "the resolver was closed"))
        for upstream in self._resolver.upstreams if self._resolver else ():
            upstream.close()
        loop.run_until_complete(asyncio.sleep(0))  # lets cancelled tasks end
        loop.close()

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
        """Begin as many look-ups as may be on the wire. One may end at once, and come back here."""
        if self._starting:
            return
        self._starting = True
        while self._waiting and len(self._live) < AT_ONCE:
            self._begin(self._waiting.popleft())
        self._starting = False

    def _begin(self, job: Job) -> None:
        left = job.seconds if job.until is None else min(job.seconds, job.until - self._clock.monotonic())
        if left <= 0:
            note = "the time for this run was over before it could be asked"
            self._settle(job, Answer(job.question, Got.FAILED, why=Why.BUDGET, note=note))
            return
        loop = asyncio.get_running_loop()
        manner = self._manner(loop, job)
        deadline = loop.time() + left

        def done(answer: Answer) -> None:
            del self._live[look_up]
            if job.server is not None:
                manner.upstreams[0].close()
            self._settle(job, answer)
            self._start()

        look_up = LookUp(job.question, manner, deadline, self._clock, done)
        self._live[look_up] = job
        look_up.start()

    def _settle(self, job: Job, answer: Answer) -> None:
        if self._shared.get(job.key) is job:
            del self._shared[job.key]
        job.done(answer)

    def _manner(self, loop: asyncio.AbstractEventLoop, job: Job) -> Manner:
        if self._resolver is None:
            upstreams = tuple(Upstream(loop, address) for address in self._servers)
            self._resolver = Manner(upstreams, Patience(loop))
        if job.server is None:
            return self._resolver
        return Manner((Upstream(loop, job.server),), self._resolver.patience, authoritative=True)


def _refused(question: Question, note: str) -> Answer:
    return Answer(question, Got.FAILED, why=Why.UNREACHABLE, note=note)
