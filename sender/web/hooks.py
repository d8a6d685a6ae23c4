"""Hooks: what providers report of our messages, and mail that another server hands over.

A call is judged first (`sender.returns.hooks.door`), is on disk before it is answered, and is read later by
the worker, in a process that can be killed. A call that is refused leaves a count and nothing else.
"""

import asyncio
import hmac
import logging

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sender.returns.hooks import mandrill
from sender.returns.hooks.book import hook_name
from sender.returns.hooks.door import TRUST, Entry, judge
from sender.returns.hooks.model import LONGEST_BODY, Call, json_of, record
from sender.returns.hooks.sns import confirm
from sender.returns.intake import put, put_call
from sender.web.site import site

LONGEST_MAIL = 10_000_000
ANSWERS = {
    Entry.CLOSED: (403, "no secret is stored for this hook: homing webhook secret --help\n"),
    Entry.NO_LOGIN: (401, "who are you?\n"),
    Entry.REFUSED: (403, "the signature or the login is wrong\n"),
    Entry.STALE: (403, "this was signed too long ago\n"),
    Entry.LATER: (503, "this cannot be checked now\n"),
}
BASIC = {"WWW-Authenticate": 'Basic realm="homing"'}

log = logging.getLogger(__name__)


async def provider(request: Request) -> Response:
    """200 once a genuine call is on disk; 401, 403, 404 or 413 for what never will be, 503 for later."""
    name = request.path_params["provider"]
    hook = hook_name(name, request.path_params.get("server", ""))
    here = site(request)
    if name not in TRUST or here.hooks is None:
        return PlainTextResponse("there is no such hook\n", 404)
    if request.method == "HEAD":  # Mandrill looks whether the address is there
        return Response(status_code=200)
    body = await _body(request, LONGEST_BODY)
    if body is None:
        here.hooks.refused(hook, "too large")
        return PlainTextResponse("the call is too large\n", 413)
    url = f"{here.settings.public_url}{request.url.path}"
    call = Call({key.lower(): value for key, value in request.headers.items()}, body, url)
    if name == "mandrill" and not mandrill.told(call):  # its trial call, signed with no key of ours
        return PlainTextResponse("nothing told\n")
    try:
        return await asyncio.to_thread(_take, request, name, hook, call)
    except SQLAlchemyError:
        log.exception("the secrets of the hook %s cannot be read", hook)
        return PlainTextResponse("the store does not answer now\n", 503)
    except OSError:
        log.exception("a call of the hook %s cannot be kept", hook)
        return PlainTextResponse("it cannot be stored now\n", 503)


def _take(request: Request, name: str, hook: str, call: Call) -> Response:
    here = site(request)
    assert here.hooks is not None
    secrets = here.hooks.book.find(hook)
    entry = judge(name, call, secrets, here.hooks.certificates, here.now())
    if entry is Entry.ADMITTED and name == "ses" and _is_confirmation(call):
        entry = _confirm(request, call, secrets.topics if secrets else ())
    elif entry is Entry.ADMITTED:
        put_call(here.settings.intake, call.body, hook, call.headers.get("content-type", ""), here.now())
    if entry is Entry.ADMITTED:
        return PlainTextResponse("taken\n")
    here.hooks.refused(hook, entry.value)
    status, said = ANSWERS[entry]
    return PlainTextResponse(said, status, BASIC if status == 401 else None)


def _is_confirmation(call: Call) -> bool:
    return record(json_of(call.body)).get("Type") == "SubscriptionConfirmation"


def _confirm(request: Request, call: Call, topics: object) -> Entry:
    """A subscription is confirmed for a listed topic and no other, whoever knows the login."""
    hooks = site(request).hooks
    topic = record(json_of(call.body)).get("TopicArn")
    if hooks is None or not isinstance(topics, list | tuple) or topic not in topics:
        return Entry.REFUSED
    return Entry.ADMITTED if confirm(call.body, hooks.web) else Entry.LATER


async def mail(request: Request) -> Response:
    """202 once the message is on disk. `X-Envelope-To` carries the address that it was sent to."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    wanted = site(request).settings.hook_token
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        return PlainTextResponse("who are you?\n", 401, {"WWW-Authenticate": "Bearer"})
    body = await _body(request, LONGEST_MAIL)
    if body is None:
        return PlainTextResponse("the message is too large\n", 413)
    envelope_to = request.headers.get("x-envelope-to", "")
    try:
        await asyncio.to_thread(put, site(request).settings.intake, body, envelope_to, site(request).now())
    except OSError:
        return PlainTextResponse("it cannot be stored now\n", 503)
    return PlainTextResponse("taken\n", 202)


async def _body(request: Request, longest: int) -> bytes | None:
    """The body; None for one that is longer than it may be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            return None
    return bytes(body)
