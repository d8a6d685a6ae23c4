"""Opens and clicks. The answer is the same for people and machines; only the label differs.

These two are most of what the public endpoints do, so they speak ASGI directly: a request costs a token, a
verdict and a line of the spool, and little else.
"""

import logging
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from sender.tokens import Purpose, Tokens
from sender.web import pages
from sender.web.hits import Hit, Line
from sender.web.machines import judge_request
from sender.web.site import Site, agent_of, client_of

log = logging.getLogger(__name__)

GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)  # one transparent pixel, 43 bytes
Headers = Sequence[tuple[bytes, bytes]]
PIXEL_HEADERS: Headers = (
    (b"content-length", b"43"),
    (b"content-type", b"image/gif"),
    (b"cache-control", b"no-store"),
)
CLICK_HEADERS: Headers = (
    (b"content-length", b"0"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
)


class Opened:
    """Always the same pixel, for bad tokens too; 503 where a hit cannot be recorded."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        site: Site = scope["app"].state.site
        token = scope["path_params"]["token"].removesuffix(".gif")
        who = _who(site.tokens, token, Purpose.OPEN, Purpose.OPEN_ANONYMOUS)
        status = 200
        if who is not None:
            try:
                await site.remember(_line(scope, site, Hit.OPEN, who, 0))
            except OSError:
                log.exception("an open could not be recorded")
                status = 503
        await _answer(scope, send, status, PIXEL_HEADERS, GIF)


class Clicked:
    """302 to the stored destination. A hit that cannot be recorded is logged: the reader must get there."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        site: Site = scope["app"].state.site
        token, position = scope["path_params"]["token"], scope["path_params"]["position"]
        who = _who(site.tokens, token, Purpose.CLICK, Purpose.CLICK_ANONYMOUS)
        try:
            url = await site.destination(who[0], position) if who else None
        except SQLAlchemyError:
            log.exception("a destination could not be looked up")
            await pages.try_again()(scope, receive, send)
            return
        if who is None or url is None:
            await pages.not_valid()(scope, receive, send)
            return
        try:
            await site.remember(_line(scope, site, Hit.CLICK, who, position))
        except OSError:
            log.exception("a click could not be recorded")
        await _answer(scope, send, 302, (*CLICK_HEADERS, (b"location", url)), b"")


async def _answer(scope: Scope, send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _who(tokens: Tokens, token: str, person: Purpose, campaign: Purpose) -> tuple[int, ...] | None:
    return tokens.read_url(person, token) or tokens.read_url(campaign, token)


def _line(scope: Scope, site: Site, hit: Hit, numbers: tuple[int, ...], position: int) -> Line:
    """Of an anonymous hit only the verdict is kept, neither address nor program."""
    client, method = client_of(scope, site.settings), scope["method"]
    verdict = judge_request(method, scope["headers"], client)
    known = len(numbers) > 1
    return Line(
        hit=hit,
        numbers=numbers,
        at=site.now(),
        position=position,
        machine=verdict.machine,
        evidence=verdict.evidence,
        method=method,
        client=client if known else "",
        agent=agent_of(scope) if known else "",
    )
