"""The people's clients: real HTTP for the URLs found in the mail, and never to another machine."""

import asyncio
import contextlib
import http.client
from collections.abc import Callable
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
    except (OSError, http.client.HTTPException):
        return 0
    else:
        return answer.status
    finally:
        connection.close()


class Crowd:
    """All recipients. `meet` lets what one of them will do begin; `speed` shortens the time between."""

    def __init__(
        self, *, seed: int = 1, speed: float = 1.0, went: Went = lambda _who, _act, _url, _status: None
    ) -> None:
        self._seed = seed
        self._speed = speed
        self._went = went
        self._doors = asyncio.Semaphore(AT_ONCE)

    async def meet(self, delivered: Delivered) -> None:
        """Do everything that is done with this message; ends when the last of it is done."""
        acts = plan(delivered, self._seed)
        if not acts:
            return
        contents = read(delivered.message)
        who, passed = delivered.envelope.rcpt, 0.0
        del delivered  # the message itself need not wait with them
        for act in acts:
            await asyncio.sleep((act.after - passed) / self._speed)
            passed = act.after
            await self._do(who, act, contents)

    async def _do(self, who: str, act: Act, contents: Contents) -> None:
        method, body = ("POST", ONE_CLICK) if act.deed is Deed.LEAVE else ("GET", "")
        for url in chosen(act, contents):
            try:
                async with self._doors:
                    status = await asyncio.to_thread(request, method, url, act, body)
            except LeavesTheMachine:
                continue
            self._went(who, act, url, status)


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
