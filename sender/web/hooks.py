"""Mail that another server hands over: bounces and reports as message/rfc822, to whoever knows the token."""

import asyncio
import hmac

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sender.returns.intake import TooLarge, put
from sender.web.site import site

LONGEST_MAIL = 10_000_000


async def mail(request: Request) -> Response:
    """202 once the message is on disk. `X-Envelope-To` carries the address that it was sent to."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    wanted = site(request).hook_token
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        return PlainTextResponse("who are you?\n", 401, {"WWW-Authenticate": "Bearer"})
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_MAIL:
            return PlainTextResponse("the message is too large\n", 413)
    envelope_to = request.headers.get("x-envelope-to", "")
    try:
        await asyncio.to_thread(put, site(request).intake, bytes(body), envelope_to, site(request).now())
    except TooLarge:
        return PlainTextResponse("the message is too large\n", 413)
    except OSError:
        return PlainTextResponse("it cannot be stored now\n", 503)
    return PlainTextResponse("taken\n", 202)
