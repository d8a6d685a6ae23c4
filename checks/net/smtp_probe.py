"""Looks at SMTP servers: banner, EHLO, STARTTLS, certificates. Never sends mail, never names a recipient."""

import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from checks.net.addresses import is_public
from checks.net.fibres import aside
from checks.net.smtp_dialogue import Dialogue, ProbeEnded, dialogue
from checks.ports import Probed, ProbeFault

AT_ONCE = 16


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
        try:
            with dialogue(address, self._port, self._budget) as talk:
                return _look(talk, seen, self._name)
        except ProbeEnded as ended:
            return replace(seen, fault=ended.fault, note=ended.note)


def _look(talk: Dialogue, seen: Probed, name: str) -> Probed:
    code, lines = talk.reply()
    seen = replace(seen, banner=" ".join(lines))
    if code != 220:
        raise ProbeEnded(ProbeFault.NOT_NOW, f"it greeted with {code} {lines[0][:120]}")
    code, lines = talk.say(f"EHLO {name}")
    if code != 250:
        raise ProbeEnded(ProbeFault.NOT_NOW, f"it answered EHLO with {code} {lines[0][:120]}")
    seen = replace(seen, extensions=tuple(line.upper() for line in lines[1:]))
    if not seen.offers_starttls:
        return seen
    code, lines = talk.say("STARTTLS")
    seen = replace(seen, starttls_reply=f"{code} {lines[0]}")
    if code != 220:
        return replace(seen, tls_fault=f"it answered STARTTLS with {code} {lines[0][:120]}")
    if talk.buffer:  # plaintext injected before the handshake (CVE-2011-0411)
        return replace(seen, tls_fault="it sent plain text after accepting STARTTLS")
    return _handshake(talk.connection, seen)


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
