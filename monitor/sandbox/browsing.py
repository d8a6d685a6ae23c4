"""The people's clients: real HTTP for the URLs found in the mail, and never to another machine."""

import asyncio
import contextlib
import heapq
import http.client
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from monitor.sandbox.filing import Delivered
from monitor.sandbox.people import Act, Deed, plan
from monitor.sandbox.reading import ONE_CLICK, Contents, read

TIMEOUT_SECONDS = 5
AT_ONCE = 8
READ_BYTES = 65_536

Went = Callable[[str, Act, str, int], None]
"""Told of each request: who, the act, the URL, and the status (0: no answer)."""


class LeavesTheMachine(ValueError):
    """A URL that does not lead to this machine: nobody here may follow it."""


def place(url: str) -> tuple[str, int, str]:
    """(address, port, path with query) of a URL on this machine. Raises LeavesTheMachine for any other."""
    parts = urlsplit(url)
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    with contextlib.suppress(ValueError):
        if parts.scheme == "http" and ip_address(host).is_loopback:
            query = f"?{parts.query}" if parts.query else ""
            return host, parts.port or 80, f"{parts.path or '/'}{query}"
    raise LeavesTheMachine(url)


def request(method: str, url: str, act: Act, body: str = "") -> int:
    """One request; the status, or 0 without an answer. Redirects are not followed: they lead outside."""
    host, port, path = place(url)
    headers = {"User-Agent": act.user_agent, "X-Forwarded-For": act.client}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        answer.read(READ_BYTES)
    except (OSError, ValueError, http.client.HTTPException):  # ValueError: a path that is not ASCII
        return 0
    else:
        return answer.status
    finally:
        connection.close()


@dataclass(frozen=True, order=True, slots=True)
class _Plan:
    """What somebody will do at the second `due` of the loop's clock; `number` keeps the order of equals."""

    due: float
    number: int
    who: str = field(compare=False)
    act: Act = field(compare=False)
    urls: tuple[str, ...] = field(compare=False)


class Crowd:
    """All recipients. `speed` shortens the time between what they do.

    What they will do waits in one heap: five thousand readers are not worth five thousand tasks.
    """

    def __init__(
        self, *, seed: int = 1, speed: float = 1.0, went: Went = lambda _who, _act, _url, _status: None
    ) -> None:
        self._seed = seed
        self._speed = speed
        self._went = went
        self._plans: list[_Plan] = []
        self._numbers = itertools.count()
        self._woken = asyncio.Event()

    def meet(self, delivered: Delivered) -> None:
        """Let the recipient of this message plan what they will do with it."""
        acts = plan(delivered, self._seed)
        contents = read(delivered.message) if acts else Contents()
        now = asyncio.get_running_loop().time()
        for act in acts:
            if urls := chosen(act, contents):
                due = now + act.after / self._speed
                who = delivered.envelope.rcpt
                heapq.heappush(self._plans, _Plan(due, next(self._numbers), who, act, urls))
        self._woken.set()

    async def live(self) -> None:
        """Do what is planned when it is due, for ever."""
        while True:
            await self.see_out()
            self._woken.clear()
            await self._woken.wait()

    async def see_out(self) -> None:
        """Do what is planned when it is due, until nothing is left."""
        async with asyncio.TaskGroup() as doing:
            doors = asyncio.Semaphore(AT_ONCE)
            while self._plans:
                if await self._comes_due():
                    await doors.acquire()
                    task = doing.create_task(self._do(heapq.heappop(self._plans)))
                    task.add_done_callback(lambda _: doors.release())

    async def _comes_due(self) -> bool:
        """Wait for the first plan; False when another one may have come before it meanwhile."""
        wait = self._plans[0].due - asyncio.get_running_loop().time()
        if wait <= 0:
            return True
        self._woken.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), wait)
        return False

    async def _do(self, planned: _Plan) -> None:
        method, body = ("POST", ONE_CLICK) if planned.act.deed is Deed.LEAVE else ("GET", "")
        for url in planned.urls:
            with contextlib.suppress(LeavesTheMachine):
                status = await asyncio.to_thread(request, method, url, planned.act, body)
                self._went(planned.who, planned.act, url, status)


def chosen(act: Act, contents: Contents) -> tuple[str, ...]:
    """The URLs that an act is about."""
    match act.deed:
        case Deed.LOAD_PICTURES:
            return contents.pictures
        case Deed.FOLLOW_ALL:
            return contents.links
        case Deed.CLICK:
            here = contents.links
            return (here[int(act.choice * len(here))],) if here else ()
        case Deed.LEAVE:
            return (contents.one_click,) if contents.one_click else ()
        case Deed.COMPLAIN:  # nothing that the mail holds: a button of the mail program
            return ()
