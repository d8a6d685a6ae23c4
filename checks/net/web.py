"""The one client for everything that goes out over HTTP: resolves once, checks every address, pins it.

A name that resolves to a private address is refused as a whole, so that DNS answers cannot be used to make
Homing knock on doors inside the network it runs in. Redirects are not followed; bytes and seconds are capped.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from checks.names import is_address
from checks.net.addresses import is_public
from checks.net.fibres import aside
from checks.ports import Address, Answer, Dns, Fetched, FetchFault, Question

AGENT = "Homing (deliverability monitor)"
CHUNK = 16_384


@cache
def _trusting() -> ssl.SSLContext:
    """The machine's roots; reading them takes longer than a whole audit, so it is done once."""
    return ssl.create_default_context()


class GuardedWeb:
    """The `Web` port over real sockets.

    `timeout`: seconds for the whole fetch. `allowed` decides which addresses may be reached; `ports` maps a
    port to the one really used, and `context` holds the trusted roots: tests and the sandbox set them.
    """

    def __init__(
        self,
        dns: Dns,
        *,
        timeout: float = 5.0,
        allowed: Callable[[str], bool] = is_public,
        ports: Mapping[int, int] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._dns = dns
        self._timeout = timeout
        self._allowed = allowed
        self._ports = ports or {}
        self._context = context or _trusting()

    def fetch(self, url: str, *, max_bytes: int = 65_536) -> Fetched:
        """GET `url`, which must be https; never raises."""
        return aside(self._send, Sending("GET", url), False, max_bytes)

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, plain: bool = False, max_bytes: int = 4096
    ) -> Fetched:
        """POST `body`; `plain` lets http:// through, for a receiver in one's own network. Never raises."""
        return aside(self._send, Sending("POST", url, body, headers), plain, max_bytes)

    def _send(self, sending: "Sending", plain: bool, max_bytes: int) -> Fetched:
        url = sending.url
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
        except ValueError as error:
            return Fetched(url, fault=FetchFault.BAD_URL, note=str(error))
        if (
            parts.scheme not in (("https", "http") if plain else ("https",))
            or not host
            or "@" in parts.netloc
        ):
            return Fetched(url, fault=FetchFault.BAD_URL, note="not a plain https:// address")
        address, fault = self._resolve(host)
        if fault:
            return Fetched(url, fault=fault[0], note=fault[1])
        return self._exchange(sending, parts, (address, self._ports.get(port, port)), max_bytes)

    def _resolve(self, host: str) -> tuple[str, tuple[FetchFault, str] | None]:
        found, answers = self._addresses(host)
        if not found:
            return "", _nothing(host, answers)
        if refused := [ip for ip in found if not self._allowed(ip)]:
            return "", (FetchFault.FORBIDDEN_ADDRESS, f"{host} is at {refused[0]}, which is not public")
        return min(found, key=lambda ip: ip_address(ip).version), None

    def _addresses(self, host: str) -> tuple[Sequence[str], Sequence[Answer]]:
        if is_address(host):
            return [host], ()
        if host == "localhost":  # RFC 6761 section 6.3: never asked of DNS
            return ["127.0.0.1"], ()
        answers = self._dns.ask_all([Question(host, "A"), Question(host, "AAAA")])
        records = (record for answer in answers for record in answer.records)
        return [record.ip for record in records if isinstance(record, Address)], answers

    def _exchange(
        self, sending: "Sending", parts: SplitResult, at: tuple[str, int], max_bytes: int
    ) -> Fetched:
        host, url = parts.hostname or "", sending.url
        deadline = time.monotonic() + self._timeout
        try:
            with ExitStack() as opened:
                connection = opened.enter_context(socket.create_connection(at, timeout=self._timeout))
                if parts.scheme == "https":
                    secure = self._context.wrap_socket(connection, server_hostname=host)
                    connection = opened.enter_context(secure)
                connection.sendall(sending.octets(parts))
                return _received(connection, sending, at[0], max_bytes, deadline)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            fault, note = _explain(error, host)
            return Fetched(url, fault=fault, note=note, address=at[0])


@dataclass(frozen=True, slots=True)
class Sending:
    """One request. `headers` are our own words; none may hold a line end."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def octets(self, parts: SplitResult) -> bytes:
        """As it goes over the wire (RFC 9112 section 3)."""
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        headers = {"Host": parts.netloc, "User-Agent": AGENT, "Connection": "close", **self.headers}
        if self.method == "POST":
            headers["Content-Length"] = str(len(self.body))
        lines = (f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {target} HTTP/1.1\r\n{''.join(lines)}\r\n".encode("ascii") + self.body


def _nothing(host: str, answers: Sequence[Answer]) -> tuple[FetchFault, str]:
    failed = [answer for answer in answers if not answer.ok]
    if failed:
        return FetchFault.DNS_FAILED, f"{host} could not be looked up: {failed[0].note or failed[0].why}"
    return FetchFault.NO_ADDRESS, f"{host} has no address"


def _received(
    connection: socket.socket, sending: Sending, address: str, max_bytes: int, deadline: float
) -> Fetched:
    response = http.client.HTTPResponse(connection, method=sending.method)
    response.begin()
    body = b""
    while len(body) <= max_bytes and (chunk := response.read(min(CHUNK, max_bytes + 1 - len(body)))):
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    url = sending.url
    if len(body) > max_bytes:
        note = f"more than {max_bytes} bytes"
        return Fetched(url, response.status, fault=FetchFault.TOO_LARGE, note=note, address=address)
    return Fetched(
        url,
        status=response.status,
        content_type=response.getheader("Content-Type", ""),
        location=response.getheader("Location", ""),
        body=body,
        address=address,
    )


def _explain(error: Exception, host: str) -> tuple[FetchFault, str]:
    match error:
        case ssl.SSLCertVerificationError():
            return FetchFault.CERTIFICATE, f"the certificate of {host} is not valid: {error.verify_message}"
        case ssl.SSLError():
            return FetchFault.TLS, f"no TLS with {host}: {error.reason or error}"
        case TimeoutError():
            return FetchFault.TIMEOUT, f"{host} did not answer in time"
        case ConnectionRefusedError():
            return FetchFault.REFUSED, f"{host} refused the connection"
        case OSError():
            return FetchFault.REFUSED, f"no connection to {host}: {error.strerror or error}"
        case _:
            return FetchFault.BAD_HTTP, f"{host} does not speak HTTP: {type(error).__name__}"
