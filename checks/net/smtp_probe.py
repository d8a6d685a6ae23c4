"""Looks at SMTP servers: banner, EHLO, STARTTLS, certificates. Never sends mail, never names a recipient."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from checks.net.addresses import is_public
from checks.net.fibres import aside
from checks.ports import Probed, ProbeFault

MAX_LINE = 2_048
MAX_REPLY_LINES = 100
AT_ONCE = 16


class ProbeEnded(Exception):
    """The look ended before TLS; carries what to report."""

    def __init__(self, fault: ProbeFault, note: str) -> None:
        super().__init__(note)
        self.fault = fault
        self.note = note


class WireProbe:
    """The `SmtpProbe` port over real sockets; looks at each address once in its lifetime.

    `budget`: seconds for one server. `name`: how we greet. `allowed` decides which addresses may be reached,
    and `ports` maps 25 to the port really used: tests set them.
    """

    def __init__(
        self,
        *,
        budget: float = 5.0,
        name: str = "homing.invalid",
        allowed: Callable[[str], bool] = is_public,
        ports: Mapping[int, int] | None = None,
    ) -> None:
        self._allowed = allowed
        self._budget = budget
        self._name = name
        self._port = (ports or {}).get(25, 25)
        self._seen: dict[tuple[str, str], Probed] = {}
        self._lock = threading.Lock()

    def probe_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Probed]:
        if not any(self._allowed(address) for _, address in servers):
            return [self._probe(*server) for server in servers]
        return aside(self._probe_all, servers)

    def _probe_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Probed]:
        with self._lock:  # two checks that want the same servers share one look
            new = [server for server in dict.fromkeys(servers) if server not in self._seen]
            if new:
                with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(new))) as pool:
                    self._seen.update(
                        zip(new, pool.map(lambda server: self._probe(*server), new), strict=True)
                    )
            return [self._seen[server] for server in servers]

    def _probe(self, host: str, address: str) -> Probed:
        seen = Probed(host, address)
        if not self._allowed(address):
            return replace(
                seen, fault=ProbeFault.FORBIDDEN_ADDRESS, note=f"{address} is not a public address"
            )
        deadline = time.monotonic() + self._budget
        try:
            with socket.create_connection((address, self._port), timeout=self._budget) as connection:
                return _look(_Dialogue(connection, deadline), seen, self._name)
        except ProbeEnded as ended:
            return replace(seen, fault=ended.fault, note=ended.note)
        except TimeoutError:
            note = f"no answer from {address} port {self._port} within {self._budget:g} s"
            return replace(seen, fault=ProbeFault.TIMEOUT, note=note)
        except OSError as error:
            note = f"no connection to {address} port {self._port}: {error.strerror or error}"
            return replace(seen, fault=ProbeFault.REFUSED, note=note)


@dataclass
class _Dialogue:
    """One connection: sends commands, reads replies, within one deadline and bounded bytes."""

    connection: socket.socket
    deadline: float
    buffer: bytes = b""

    def say(self, line: str) -> tuple[int, list[str]]:
        self._wait()
        self.connection.sendall(f"{line}\r\n".encode("ascii"))
        return self.reply()

    def reply(self) -> tuple[int, list[str]]:
        lines: list[str] = []
        while len(lines) < MAX_REPLY_LINES:
            line = self._line()
            if len(line) < 3 or not line[:3].isdigit():
                raise ProbeEnded(ProbeFault.BAD_SMTP, f"it does not speak SMTP: {line[:80]!r}")
            lines.append(line[4:])
            if line[3:4] != "-":
                return int(line[:3]), lines
        raise ProbeEnded(ProbeFault.BAD_SMTP, "its reply does not end")

    def _line(self) -> str:
        while b"\n" not in self.buffer:
            if len(self.buffer) > MAX_LINE:
                raise ProbeEnded(ProbeFault.BAD_SMTP, "its line does not end")
            self._wait()
            chunk = self.connection.recv(4_096)
            if not chunk:
                raise ProbeEnded(ProbeFault.CLOSED, "it closed the connection")
            self.buffer += chunk
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r").decode("utf-8", "backslashreplace")

    def _wait(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)


def _look(dialogue: _Dialogue, seen: Probed, name: str) -> Probed:
    code, lines = dialogue.reply()
    seen = replace(seen, banner=" ".join(lines))
    if code != 220:
        raise ProbeEnded(ProbeFault.NOT_NOW, f"it greeted with {code} {lines[0][:120]}")
    code, lines = dialogue.say(f"EHLO {name}")
    if code != 250:
        raise ProbeEnded(ProbeFault.NOT_NOW, f"it answered EHLO with {code} {lines[0][:120]}")
    seen = replace(seen, extensions=tuple(line.upper() for line in lines[1:]))
    if not seen.offers_starttls:
        return seen
    code, lines = dialogue.say("STARTTLS")
    seen = replace(seen, starttls_reply=f"{code} {lines[0]}")
    if code != 220:
        return replace(seen, tls_fault=f"it answered STARTTLS with {code} {lines[0][:120]}")
    if dialogue.buffer:  # plaintext injected before the handshake (CVE-2011-0411)
        return replace(seen, tls_fault="it sent plain text after accepting STARTTLS")
    return _handshake(dialogue.connection, seen)


def _handshake(connection: socket.socket, seen: Probed) -> Probed:
    """Whatever certificate there is: judging it is for the checks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    try:
        with context.wrap_socket(connection, server_hostname=seen.host) as secure:
            return replace(seen, tls_version=secure.version() or "", chain=_chain(secure))
    except (OSError, ValueError) as error:
        return replace(seen, tls_fault=f"the TLS handshake failed: {error}")


def _chain(secure: ssl.SSLSocket) -> tuple[bytes, ...]:
    """All certificates as sent. Public from Python 3.13 on; before that the same thing has a private name."""
    inner: Any = secure if hasattr(secure, "get_unverified_chain") else getattr(secure, "_sslobj", None)
    sent = inner.get_unverified_chain() if hasattr(inner, "get_unverified_chain") else None
    if not sent:
        own = secure.getpeercert(binary_form=True)
        return (own,) if own else ()
    return tuple(c if isinstance(c, bytes) else ssl.PEM_cert_to_DER_cert(c.public_bytes()) for c in sent)
