"""The guarded HTTPS client: resolves once, checks every address, connects to the one it checked.

A name that resolves to a private address is refused as a whole, so that DNS answers cannot be used to make
Homing knock on doors inside the network it runs in. Redirects are not followed; bytes and seconds are capped.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from checks.net.addresses import is_public
from checks.ports import Address, Answer, Dns, Fetched, FetchFault, Question

AGENT = "Homing (deliverability monitor)"
CHUNK = 16_384


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
        self._context = context or ssl.create_default_context()

    def fetch(self, url: str, *, max_bytes: int = 65_536) -> Fetched:
        """GET `url`, which must be https; never raises."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or 443
        except ValueError as error:
            return Fetched(url, fault=FetchFault.BAD_URL, note=str(error))
        if parts.scheme != "https" or not host or "@" in parts.netloc:
            return Fetched(url, fault=FetchFault.BAD_URL, note="not a plain https:// address")
        address, fault = self._resolve(host)
        if fault:
            return Fetched(url, fault=fault[0], note=fault[1])
        return self._get(parts, host, (address, self._ports.get(port, port)), max_bytes)

    def _resolve(self, host: str) -> tuple[str, tuple[FetchFault, str] | None]:
        answers = self._dns.ask_all([Question(host, "A"), Question(host, "AAAA")])
        found = [record.ip for answer in answers for record in answer.records if isinstance(record, Address)]
        if not found:
            return "", _nothing(host, answers)
        if refused := [ip for ip in found if not self._allowed(ip)]:
            return "", (FetchFault.FORBIDDEN_ADDRESS, f"{host} is at {refused[0]}, which is not public")
        return min(found, key=lambda ip: ip_address(ip).version), None

    def _get(self, parts: SplitResult, host: str, at: tuple[str, int], max_bytes: int) -> Fetched:
        url = parts.geturl()
        deadline = time.monotonic() + self._timeout
        try:
            with (
                socket.create_connection(at, timeout=self._timeout) as plain,
                self._context.wrap_socket(plain, server_hostname=host) as secure,
            ):
                return _exchange(secure, parts, host, at[0], max_bytes, deadline)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            fault, note = _explain(error, host)
            return Fetched(url, fault=fault, note=note, address=at[0])


def _nothing(host: str, answers: Sequence[Answer]) -> tuple[FetchFault, str]:
    failed = [answer for answer in answers if not answer.ok]
    if failed:
        return FetchFault.DNS_FAILED, f"{host} could not be looked up: {failed[0].note or failed[0].why}"
    return FetchFault.NO_ADDRESS, f"{host} has no address"


def _exchange(
    secure: ssl.SSLSocket, parts: SplitResult, host: str, address: str, max_bytes: int, deadline: float
) -> Fetched:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    request = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nConnection: close\r\n\r\n"
    secure.sendall(request.encode("ascii"))
    response = http.client.HTTPResponse(secure, method="GET")
    response.begin()
    body = b""
    while len(body) <= max_bytes and (chunk := response.read(min(CHUNK, max_bytes + 1 - len(body)))):
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    url = parts.geturl()
    if len(body) > max_bytes:
        return Fetched(url, fault=FetchFault.TOO_LARGE, note=f"more than {max_bytes} bytes", address=address)
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
