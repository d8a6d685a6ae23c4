"""What the tests of the sandbox write and read: a signed newsletter, and the providers that take it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from monitor.sandbox.filing import Delivered
from monitor.sandbox.keys import make_certificate, public_half
from monitor.sandbox.providers import PROVIDERS
from monitor.sandbox.receivers import Receivers, tls_context
from monitor.sandbox.truth import Live
from monitor.sandbox.world import build
from sender.delivery.dkim import Key, Signer
from tests.fakes.background import Background, background

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HELO = "mail.harbour.test"
RETURN_PATH = "b+token@bounce.harbour.test"


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def newsletter(
    rcpt: str, *, web: str = "http://127.0.0.1:1", bulk: bool = True, signed: bool = True
) -> bytes:
    """A letter from Harbour, with a pixel, three links and the way out."""
    unsubscribe = (
        f"List-Unsubscribe: <{web}/u/t1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        if bulk
        else ""
    )
    message = (
        f"From: Harbour Books <friday@harbour.test>\r\nTo: {rcpt}\r\nSubject: The Friday letter\r\n"
        f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@harbour.test>\r\n{unsubscribe}"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        f'<p><a href="{web}/c/1">One</a> <a href="{web}/c/2">Two</a> <a href="{web}/u/t1">Leave</a>'
        f'<a href="https://example.org/away">Away</a><img src="{web}/o/1.gif"></p>\r\n'
    ).encode()
    return Signer((Key("harbour.test", "s1", key()),)).sign(message, NOW) if signed else message


@dataclass
class Town:
    """The running providers, and what they noted."""

    live: Live
    port: int
    mail: Path
    behind: Background
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    arrived: list[Delivered] = field(default_factory=list)


@contextmanager
def town(mail: Path) -> Iterator[Town]:
    """All eight providers on a free port of their addresses."""
    live = Live(build({"harbour.test": public_half(key())}))
    with background() as behind:
        here = Town(live, 0, mail, behind)
        receivers = Receivers(
            live,
            mail,
            now=lambda: NOW,
            note=lambda *note: here.notes.append(note),
            arrived=here.arrived.append,
            tls=_tls(mail),
        )
        here.port = behind.do(receivers.start(0))
        try:
            yield here
        finally:
            behind.do(receivers.stop())


def _tls(folder: Path) -> ssl.SSLContext:
    path = folder / "providers.pem"
    path.write_bytes(make_certificate([provider.mx for provider in PROVIDERS], NOW))
    return tls_context(path)
