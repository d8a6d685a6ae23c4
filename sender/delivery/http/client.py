"""The guarded client for one provider's API: resolves, checks every address, pins it, keeps connections.

Design, section 7 rule 9: whoever can change the DNS of a host must not be able to point our calls, and the
keys in them, into the network that we run in. Redirects are never followed.
"""

import asyncio
import ssl
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from checks.names import is_address
from checks.net.addresses import is_public
from checks.ports import Dns
from sender.delivery.http.channel import Channel
from sender.delivery.http.message import Lost, Reply, Request
from sender.delivery.outcome import Outcome, Phase, deferred
from sender.delivery.routing import addresses
from sender.delivery.smtp.wire import tls_context

IDLE_SECONDS = 10.0
"""Servers close idle connections; a call on one that is just closing would leave an `unknown`."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an API is. Raises ValueError for what is no base URL.

    `private`: it may be at an address that is not public, and without TLS: a laboratory, a proxy.
    `cafile`: whom to trust instead of the system's authorities.
    """

    url: str
    private: bool = False
    cafile: str | None = None
    connect_seconds: float = 15.0
    seconds: float = 60.0
    """For one call, from its first octet to the last of the answer."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        plain = self.private and parts.scheme == "http"
        if (parts.scheme != "https" and not plain) or not parts.hostname or "@" in parts.netloc:
            raise ValueError(f"{self.url!r} is not an https:// address")
        if parts.query or parts.fragment:
            raise ValueError(f"{self.url!r} must not hold a query or a fragment")

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def authority(self) -> str:
        """For the Host header: the port is in it where it is not the scheme's own."""
        return urlsplit(self.url).netloc

    @property
    def port(self) -> int:
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def secure(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def path(self) -> str:
        """What comes before every call's own path; no final slash."""
        return urlsplit(self.url).path.rstrip("/")


class ApiClient:
    """Connections to one endpoint. The caller bounds how many are in use."""

    def __init__(self, endpoint: Endpoint, dns: Dns) -> None:
        self.endpoint = endpoint
        self._dns = dns
        self._idle: list[tuple[Channel, float]] = []

    async def channel(self) -> Channel | Outcome:
        """An open connection, an idle one or a new one; the outcome says why there is none."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            waiting, since = self._idle.pop()
            if waiting.usable and now - since < IDLE_SECONDS:
                return waiting
            waiting.close()
        return await self._connect()

    async def call(self, channel: Channel, request: Request) -> Reply | Lost:
        """One call, under the endpoint's own path; the connection is given back if it may be used again."""
        path = self.endpoint.path + request.path
        reply = await channel.call(replace(request, path=path), self.endpoint.seconds)
        self.give_back(channel)
        return reply

    def give_back(self, channel: Channel) -> None:
        """The call is over; whoever comes next may use the connection."""
        if channel.usable:
            self._idle.append((channel, asyncio.get_running_loop().time()))
        else:
            channel.close()

    async def _connect(self) -> Channel | Outcome:
        endpoint = self.endpoint
        found = await self._resolved()
        if isinstance(found, Outcome):
            return found
        try:
            async with asyncio.timeout(endpoint.connect_seconds):
                reader, writer = await asyncio.open_connection(
                    found,
                    endpoint.port,
                    ssl=tls_context(verify=True, cafile=endpoint.cafile) if endpoint.secure else None,
                    server_hostname=endpoint.host if endpoint.secure else None,
                )
        except (OSError, TimeoutError) as fault:
            return _unreachable(endpoint, found, fault)
        return Channel(reader, writer, endpoint.authority)

    async def _resolved(self) -> str | Outcome:
        """The address to use. If one of the host's addresses may not be reached, none is."""
        host = self.endpoint.host
        if is_address(host):
            found: tuple[str, ...] | Outcome = (host,)
        elif host == "localhost":  # RFC 6761 section 6.3: never asked of DNS
            found = ("127.0.0.1",)
        else:
            found = await asyncio.to_thread(addresses, self._dns, host)
        if isinstance(found, Outcome):
            return deferred(Phase.LOOKUP, found.text, host=host)
        refused = [ip for ip in found if not (self.endpoint.private or is_public(ip))]
        if refused:
            return deferred(Phase.LOOKUP, f"{host} is at {refused[0]}, which is not public", host=host)
        return found[0]

    async def close(self) -> None:
        """Hang up on what is idle."""
        while self._idle:
            self._idle.pop()[0].close()


def _unreachable(endpoint: Endpoint, ip: str, fault: OSError) -> Outcome:
    at = f"{ip} port {endpoint.port}"
    if isinstance(fault, ssl.SSLCertVerificationError):
        why = f"the certificate does not hold: {fault.verify_message}"
        return deferred(Phase.STARTTLS, f"{at}: {why}", host=endpoint.host)
    if isinstance(fault, ssl.SSLError):
        return deferred(Phase.STARTTLS, f"{at}: no TLS: {fault.reason or fault}", host=endpoint.host)
    why = str(fault) or f"no connection within {endpoint.connect_seconds:g} s"
    return deferred(Phase.CONNECT, f"{at}: {why}", host=endpoint.host)
