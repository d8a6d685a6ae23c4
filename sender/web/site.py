"""What every endpoint works with, and the few things that they all do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request

from data.campaigns import links_of
from data.store import Store
from sender.tokens import Tokens
from sender.web.client import client_address
from sender.web.hits import Line, encode
from sender.web.hookdesk import HookDesk
from sender.web.machines import Judged, judge_request
from sender.web.settings import Settings
from sender.web.spool import Spool

CAMPAIGNS_KEPT = 500


@dataclass(slots=True)
class Site:
    store: Store
    tokens: Tokens
    spool: Spool
    settings: Settings
    now: Callable[[], datetime]
    _links: dict[int, list[str]] = field(default_factory=dict)

    @property
    def hooks(self) -> HookDesk | None:
        return self.settings.hooks

    async def remember(self, line: Line) -> None:
        """On disk when it returns; raises OSError if that cannot be."""
        await self.spool.append(encode(line))

    async def destination(self, campaign_id: int, position: int) -> str | None:
        """The stored destination; known ones are answered from memory, so also while the store is down."""
        urls = self._links.get(campaign_id)
        if urls is None or position >= len(urls):
            urls = await asyncio.to_thread(self._load_links, campaign_id)
            if len(self._links) >= CAMPAIGNS_KEPT:
                self._links.pop(next(iter(self._links)))
            if urls:
                self._links[campaign_id] = urls
        return urls[position] if 0 <= position < len(urls) else None

    def _load_links(self, campaign_id: int) -> list[str]:
        with self.store.read() as connection:
            return [url for _, url in links_of(connection, campaign_id)]


def site(request: Request) -> Site:
    found: Site = request.app.state.site
    return found


def client(request: Request) -> str:
    """The visitor's address, as far as our proxies can be believed; "" if unknown."""
    if request.client is None:
        return ""
    forwarded = request.headers.getlist("x-forwarded-for")
    return client_address(request.client.host, forwarded, site(request).settings.trusted_proxies)


def judged(request: Request) -> Judged:
    return judge_request(request.method, request.headers.raw, client(request))


def agent(request: Request) -> str:
    return request.headers.get("user-agent", "")
