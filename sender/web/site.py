"""What every endpoint works with, and the few things that they all do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.types import Scope

from data.campaigns import links_of
from data.store import Store
from sender.tokens import Tokens
from sender.web.client import client_address, hops_of
from sender.web.hits import Line, encode
from sender.web.hookdesk import HookDesk
from sender.web.settings import Settings
from sender.web.spool import OnDisk, Spool

CAMPAIGNS_KEPT = 500


@dataclass(slots=True)
class Site:
    store: Store
    tokens: Tokens
    spool: Spool
    settings: Settings
    now: Callable[[], datetime]
    _links: dict[int, list[bytes]] = field(default_factory=dict)

    @property
    def hooks(self) -> HookDesk | None:
        return self.settings.hooks

    def remember(self, line: Line) -> OnDisk:
        """On disk when it is done; fails with OSError if that cannot be."""
        return self.spool.append(encode(line))

    async def destination(self, campaign_id: int, position: int) -> bytes | None:
        """The stored destination as a URI; known ones come from memory, also while the store is down."""
        urls = self._links.get(campaign_id)
        if urls is None or position >= len(urls):
            urls = await asyncio.to_thread(self._load_links, campaign_id)
            if len(self._links) >= CAMPAIGNS_KEPT:
                self._links.pop(next(iter(self._links)))
            if urls:
                self._links[campaign_id] = urls
        return urls[position] if 0 <= position < len(urls) else None

    def _load_links(self, campaign_id: int) -> list[bytes]:
        with self.store.read() as connection:
            return [_as_uri(url) for _, url in links_of(connection, campaign_id)]


def _as_uri(url: str) -> bytes:
    """A stored IRI as a URI (RFC 3987 section 3.1); what is encoded already stays as it is."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]").encode("ascii")


def site(request: Request) -> Site:
    found: Site = request.app.state.site
    return found


def client(request: Request) -> str:
    """The visitor's address, as far as our proxies can be believed; "" if unknown."""
    return client_of(request.scope, site(request).settings)


def agent(request: Request) -> str:
    return agent_of(request.scope)


def client_of(scope: Scope, settings: Settings) -> str:
    peer = scope["client"]
    if peer is None:
        return ""
    trusted, header = settings.trusted_proxies, settings.forwarding_header
    if not trusted:
        return str(peer[0])
    return client_address(peer[0], hops_of(header, _all(scope, header.lower().encode())), trusted)


def agent_of(scope: Scope) -> str:
    return next(iter(_all(scope, b"user-agent")), "")


def _all(scope: Scope, wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]
