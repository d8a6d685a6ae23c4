"""Open sessions to SMTP servers, used again until they are idle or have carried enough."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sender.delivery.outcome import Outcome
from sender.delivery.smtp.session import Session, farewell
from sender.delivery.smtp.transaction import Mail, Ready, deliver

IDLE_SECONDS = 60.0

Open = Callable[[], Awaitable[Session | Outcome]]


@dataclass(slots=True)
class Idle:
    """A session that waits for its next message, and what will close it."""

    session: Session
    timer: asyncio.TimerHandle


@dataclass(frozen=True, slots=True)
class Bound:
    """The servers of one `group` may have so many `connections` together, idle ones included, and each of
    them carries so many `messages`.
    """

    group: str
    connections: int
    messages: int


@dataclass(slots=True)
class Pool:
    """Idle sessions by server. The caller bounds how many are in use."""

    idle: dict[str, list[Idle]] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    groups: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    leaving: set[asyncio.Task[None]] = field(default_factory=set)

    async def deliver(
        self, key: str, open_one: Open, mail: Mail, ready: Ready, bound: Bound
    ) -> Outcome | None:
        """One message over an idle session or a new one."""
        self.groups[bound.group].add(key)
        self.busy[bound.group] += 1
        try:
            return await self._deliver(key, open_one, mail, ready, bound)
        finally:
            self.busy[bound.group] -= 1

    async def _deliver(
        self, key: str, open_one: Open, mail: Mail, ready: Ready, bound: Bound
    ) -> Outcome | None:
        session = self._take(key)
        used = session is not None
        self._make_room(bound)
        while True:
            if session is None:
                opened = await open_one()
                if isinstance(opened, Outcome):
                    return opened
                session = opened
            try:
                outcome = await deliver(session, mail, ready)
            except asyncio.CancelledError:
                session.line.close()
                raise
            self._give_back(key, session, bound.messages)
            if not (used and _was_stale(outcome)):
                return outcome
            session, used = None, False  # the server had hung up between two messages: not this one's fault

    def _take(self, key: str) -> Session | None:
        while waiting := self.idle.get(key):
            idle = waiting.pop()
            idle.timer.cancel()
            if idle.session.line.usable:
                return idle.session
            idle.session.line.close()
        return None

    def _make_room(self, bound: Bound) -> None:
        """A receiver counts idle connections, too: one to another of its servers goes first."""
        waiting = [(key, idle) for key in self.groups[bound.group] for idle in self.idle.get(key, ())]
        for key, idle in waiting[: max(0, self.busy[bound.group] + len(waiting) - bound.connections)]:
            idle.timer.cancel()
            self._expire(key, idle.session)

    def _give_back(self, key: str, session: Session, most: int) -> None:
        if not session.open or session.messages >= most:
            self._part(session)
            return
        timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._expire, key, session)
        self.idle.setdefault(key, []).append(Idle(session, timer))

    def _expire(self, key: str, session: Session) -> None:
        self.idle[key] = [idle for idle in self.idle[key] if idle.session is not session]
        self._part(session)

    def _part(self, session: Session) -> None:
        if not session.open:
            session.line.close()
            return
        task = asyncio.get_running_loop().create_task(farewell(session))
        self.leaving.add(task)
        task.add_done_callback(self.leaving.discard)

    async def close(self) -> None:
        for waiting in self.idle.values():
            for idle in waiting:
                idle.timer.cancel()
                self._part(idle.session)
        self.idle.clear()
        if self.leaving:
            await asyncio.wait(self.leaving, timeout=2)


def _was_stale(outcome: Outcome | None) -> bool:
    """Nothing was answered to MAIL: the old connection was dead, and nothing was handed over."""
    return outcome is not None and outcome.code is None and outcome.phase == "mail" and not outcome.enhanced
