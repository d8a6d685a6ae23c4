"""Leaving and confirming. GET and HEAD show a page and change nothing; only a POST that says so does.

RFC 8058: mail services POST `List-Unsubscribe=One-Click` without cookies and want no redirect. A scanner
that follows links, or posts an empty form, must not be able to unsubscribe anybody. The answer is 200 for
tokens that are used or unknown too: it tells nobody which exist.
"""

import asyncio
import logging
import re

from starlette.requests import Request
from starlette.responses import Response

from data.lists import list_by_id
from sender.tokens import Purpose
from sender.web import pages
from sender.web.drain import drain
from sender.web.hits import Hit, Line
from sender.web.site import agent, client, site

LONGEST_BODY = 8_192
PATIENCE_SECONDS = 1.0
"""How long an answer waits for the store; what is in the spool is carried out anyway."""

ONE_CLICK = re.compile(rb"List-Unsubscribe(?:=|\"\r?\n\r?\n)One-Click", re.IGNORECASE)
FIELD = re.compile(rb"(?:^|&|name=\")(leave|again|confirm)(?:=|\"\r?\n\r?\n)1")

log = logging.getLogger(__name__)


async def unsubscribe(request: Request) -> Response:
    numbers = site(request).tokens.read_url(Purpose.UNSUBSCRIBE, request.path_params["token"])
    if request.method != "POST":
        return pages.ask_to_leave(await _title(request, numbers)) if numbers else pages.not_valid()
    body = await _body(request)
    wish = FIELD.search(body)
    if wish and wish[1] == b"again":
        return await _carry_out(request, Hit.RESUBSCRIBE, numbers, "page", pages.back())
    if ONE_CLICK.search(body):
        return await _carry_out(request, Hit.UNSUBSCRIBE, numbers, "one-click", pages.left(can_undo=False))
    if wish and wish[1] == b"leave":
        return await _carry_out(request, Hit.UNSUBSCRIBE, numbers, "page", pages.left(can_undo=True))
    return pages.ask_to_leave(await _title(request, numbers))


async def confirm(request: Request) -> Response:
    numbers = site(request).tokens.read_url(Purpose.CONFIRM, request.path_params["token"])
    if numbers is None:
        return pages.not_valid()
    wish = FIELD.search(await _body(request)) if request.method == "POST" else None
    if wish and wish[1] == b"confirm":
        return await _carry_out(request, Hit.CONFIRM, numbers, "page", pages.confirmed())
    return pages.ask_to_confirm(await _title(request, numbers))


async def _carry_out(
    request: Request, hit: Hit, numbers: tuple[int, ...] | None, how: str, done: Response
) -> Response:
    """On disk first; then in the store at once if it can be, else as soon as it can."""
    if numbers is None:
        return done
    here = site(request)
    line = Line(hit, numbers, here.now(), method=how, client=client(request), agent=agent(request))
    try:
        await here.remember(line)
    except OSError:
        log.exception("a wish could not be recorded: %s", hit)
        return pages.try_again()
    here.spool.rotate()
    storing = asyncio.ensure_future(asyncio.to_thread(drain, here.store, here.spool.folder))
    await asyncio.wait([storing], timeout=PATIENCE_SECONDS)
    if storing.done() and storing.exception():
        log.warning("%s waits in the spool: %s", hit, storing.exception())
    return done


async def _title(request: Request, numbers: tuple[int, ...] | None) -> str:
    """The list's title for the page; "" also while the store does not answer."""
    if not numbers or len(numbers) < 2:
        return ""

    def find() -> str:
        with site(request).store.read() as connection:
            found = list_by_id(connection, numbers[1])
            return found.title if found else ""

    try:
        return await asyncio.to_thread(find)
    except Exception:  # the page works without it
        log.exception("the list's title could not be read")
        return ""


async def _body(request: Request) -> bytes:
    """The form, up to its bound; a longer one says nothing."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return b""
    return body
