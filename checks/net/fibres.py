"""Works side by side in one thread: where one waits for an answer, the next goes on.

An audit is a dozen checks, and fifty audits are under way at a time. A thread for each would cost more than
what they do: every answer would wake one and have it queue for the interpreter. A fibre (a greenlet) changes
over by itself, and reads as plain synchronous code. Outside of fibres everything here waits as threads do.
"""

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar, cast

from greenlet import getcurrent, greenlet

Result = TypeVar("Result")
Item = TypeVar("Item")


class Hub:
    """Runs the fibres of one thread, whenever that thread waits for a result of theirs."""

    def __init__(self) -> None:
        self._home = getcurrent()
        self._ready: SimpleQueue[greenlet] = SimpleQueue()
        self._sleeping: list[tuple[float, int, greenlet]] = []
        self._slept = 0

    def start(self, work: Callable[..., Result], *args: object) -> "Task[Result]":
        """Let `work(*args)` begin when this thread next waits."""
        task: Task[Result] = Task(self)
        self.wake(_Fibre(self, self._home, lambda: task.run(work, args)))
        return task

    def wake(self, fibre: greenlet) -> None:
        """Have a waiting fibre go on; callable from any thread."""
        self._ready.put(fibre)

    def pause(self) -> None:
        """Leave the current fibre until somebody wakes it."""
        self._home.switch()

    def sleep(self, seconds: float) -> None:
        self._slept += 1
        heapq.heappush(self._sleeping, (time.monotonic() + seconds, self._slept, getcurrent()))
        self.pause()

    def run_until(self, task: "Task[Result]") -> None:
        """Run fibres until the task is done. What stops a program in one of them stops it here."""
        while not task.done:
            fibre = self._next()
            fibre.switch()
            if isinstance(fibre, _Fibre) and fibre.stop is not None:
                raise fibre.stop

    def _next(self) -> greenlet:
        while self._sleeping:
            left = self._sleeping[0][0] - time.monotonic()
            if left <= 0:
                return heapq.heappop(self._sleeping)[2]
            try:
                return self._ready.get(timeout=left)
            except Empty:
                continue
        return self._ready.get()


class _Fibre(greenlet):
    """A fibre knows its hub, and what stopped the program in it (Ctrl-C)."""

    def __init__(self, hub: Hub, home: greenlet, work: Callable[[], None]) -> None:
        super().__init__(self._work_, home)
        self.hub = hub
        self.stop: BaseException | None = None
        self._work = work

    def _work_(self) -> None:
        try:
            self._work()
        except Exception:  # a task keeps its own exceptions
            raise
        except BaseException as stop:
            self.stop = stop


class Task(Generic[Result]):
    """A work under way."""

    def __init__(self, hub: Hub) -> None:
        self.done = False
        self._hub = hub
        self._value: Result | None = None
        self._error: Exception | None = None
        self._end = Signal()

    def run(self, work: Callable[..., Result], args: tuple[object, ...]) -> None:
        try:
            self._value = work(*args)
        except Exception as error:  # handed to whoever wants the result
            self._error = error
        self.done = True
        self._end.set()

    def result(self) -> Result:
        """What the work returned, or raised."""
        if isinstance(getcurrent(), _Fibre):
            self._end.wait()
        else:
            self._hub.run_until(self)
        if self._error is not None:
            raise self._error
        return cast(Result, self._value)


class Signal:
    """Set once, by any thread; one waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._waiting: list[Callable[[], None]] = []

    def set(self) -> None:
        with self._lock:
            self._set = True
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def wait(self) -> None:
        wake, pause = _waiting_place()
        with self._lock:
            if self._set:
                return
            self._waiting.append(wake)
        pause()


class Mailbox(Generic[Item]):
    """What any thread puts in, one takes out, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: deque[Item] = deque()
        self._wake: Callable[[], None] | None = None

    def put(self, item: Item) -> None:
        with self._lock:
            self._items.append(item)
            wake, self._wake = self._wake, None
        if wake is not None:
            wake()

    def get(self) -> Item:
        while True:
            with self._lock:
                if self._items:
                    return self._items.popleft()
                self._wake, pause = _waiting_place()
            pause()


def _waiting_place() -> tuple[Callable[[], None], Callable[[], None]]:
    """(how to be woken, how to wait) for whoever asks: a fibre or a thread."""
    me = getcurrent()
    if isinstance(me, _Fibre):
        hub = me.hub
        return (lambda: hub.wake(me)), hub.pause
    gate = threading.Semaphore(0)
    return gate.release, lambda: _pass(gate)


def _pass(gate: threading.Semaphore) -> None:
    gate.acquire()


def hub() -> Hub:
    """The hub of the current fibre, or a new one for this thread."""
    me = getcurrent()
    return me.hub if isinstance(me, _Fibre) else Hub()


def aside(work: Callable[..., Result], *args: object) -> Result:
    """`work(*args)`, which blocks its thread: in a fibre it gets one of its own, so that the others go on."""
    if not isinstance(getcurrent(), _Fibre):
        return work(*args)
    task: Task[Result] = Task(hub())
    threading.Thread(target=task.run, args=(work, args), name="aside", daemon=True).start()
    return task.result()


def sleep(seconds: float) -> None:
    """Let `seconds` pass for the current fibre or thread."""
    me = getcurrent()
    if isinstance(me, _Fibre):
        me.hub.sleep(seconds)
    else:
        time.sleep(seconds)
