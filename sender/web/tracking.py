"""Opens and clicks. The answer is the same for people and machines; only the label differs."""

import logging
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from sender.tokens import Purpose
from sender.web import pages
from sender.web.hits import Hit, Line
from sender.web.site import agent, client, judged, site

log = logging.getLogger(__name__)

GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)  # one transparent pixel, 43 bytes
PIXEL_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}
CLICK_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


async def opened(request: Request) -> Response:
    """Always the same pixel, for bad tokens too."""
    token = request.path_params["token"].removesuffix(".gif")
    who = _who(request, token, Purpose.OPEN, Purpose.OPEN_ANONYMOUS)
    if who is not None:
        try:
            await site(request).remember(_line(request, Hit.OPEN, who, 0))
        except OSError:
            log.exception("an open could not be recorded")
            return Response(status_code=503, headers=PIXEL_HEADERS)
    return Response(GIF, media_type="image/gif", headers=PIXEL_HEADERS)


async def clicked(request: Request) -> Response:
    """302 to the stored destination. A hit that cannot be recorded is logged: the reader must get there."""
    who = _who(request, request.path_params["token"], Purpose.CLICK, Purpose.CLICK_ANONYMOUS)
    position = request.path_params["position"]
    try:
        url = await site(request).destination(who[0], position) if who else None
    except SQLAlchemyError:
        log.exception("a destination could not be looked up")
        return pages.try_again()
    if who is None or url is None:
        return pages.not_valid()
    try:
        await site(request).remember(_line(request, Hit.CLICK, who, position))
    except OSError:
        log.exception("a click could not be recorded")
    return Response(status_code=302, headers=CLICK_HEADERS | {"Location": _as_uri(url)})


def _who(request: Request, token: str, person: Purpose, campaign: Purpose) -> tuple[int, ...] | None:
    tokens = site(request).tokens
    return tokens.read_url(person, token) or tokens.read_url(campaign, token)


def _line(request: Request, hit: Hit, numbers: tuple[int, ...], position: int) -> Line:
    """Of an anonymous hit only the verdict is kept, neither address nor program."""
    verdict = judged(request)
    known = len(numbers) > 1
    return Line(
        hit=hit,
        numbers=numbers,
        at=site(request).now(),
        position=position,
        machine=verdict.machine,
        evidence=verdict.evidence,
        method=request.method,
        client=client(request) if known else "",
        agent=agent(request) if known else "",
    )


def _as_uri(url: str) -> str:
    """A stored IRI as a URI (RFC 3987 section 3.1); what is encoded already stays as it is."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")
