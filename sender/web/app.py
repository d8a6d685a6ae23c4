"""The public endpoints: an application without sessions, without the dashboard, that needs no other process.

Every hit is on disk before it is answered (`spool`); GET and HEAD change nothing; redirects go only to
stored destinations. Run it without its server's own reading of forwarding headers (uvicorn:
`proxy_headers=False`): whom to believe is in `trusted_proxies`.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from data.store import Store
from sender.tokens import Tokens
from sender.web import hooks, subscriptions, tracking
from sender.web.drain import drain
from sender.web.settings import Settings
from sender.web.site import Site
from sender.web.spool import Spool

DRAIN_EVERY_SECONDS = 1.0

log = logging.getLogger(__name__)


def create_app(store: Store, tokens: Tokens, settings: Settings, now: Callable[[], datetime]) -> Starlette:
    """The ASGI application; it stores what is in the spool as long as it runs."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        spool = Spool(settings.spool)
        app.state.site = Site(store, tokens, spool, settings, now)
        storing = asyncio.create_task(_keep_draining(app.state.site))
        yield
        storing.cancel()
        await asyncio.to_thread(spool.close)
        await asyncio.to_thread(drain, store, settings.spool)
        if settings.hooks:
            await asyncio.to_thread(settings.hooks.write_down, store, now)

    return Starlette(
        routes=[
            Route("/o/{token}", tracking.Opened(), methods=["GET", "HEAD"]),
            Route("/c/{token}/{position:int}", tracking.Clicked(), methods=["GET", "HEAD"]),
            Route("/u/{token}", subscriptions.unsubscribe, methods=["GET", "HEAD", "POST"]),
            Route("/confirm/{token}", subscriptions.confirm, methods=["GET", "HEAD", "POST"]),
            Route("/hooks/dsn", hooks.mail, methods=["POST"]),
            Route("/hooks/{provider}", hooks.provider, methods=["POST", "HEAD"]),
            Route("/hooks/{provider}/{server}", hooks.provider, methods=["POST", "HEAD"]),
            Route("/livez", alive, methods=["GET", "HEAD"]),
        ],
        lifespan=lifespan,
    )


def loaded() -> None:
    """For a process that does nothing else: what is loaded now stays, and is not searched for garbage."""
    gc.collect()
    gc.freeze()


async def alive(_request: object) -> PlainTextResponse:
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


async def _keep_draining(site: Site) -> None:
    """A store that is busy, locked or gone costs time, never a hit: the files wait."""
    while True:
        await asyncio.sleep(DRAIN_EVERY_SECONDS)
        try:
            await asyncio.to_thread(_drain_now, site)
        except Exception:  # whatever is wrong with the store, the endpoints go on
            log.exception("the hits of %s could not be stored; they wait there", site.spool.folder)


def _drain_now(site: Site) -> None:
    site.spool.rotate()
    drain(site.store, site.spool.folder)
    if site.hooks:
        site.hooks.write_down(site.store, site.now)
