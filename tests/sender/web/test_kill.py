"""`kill -9` of the public endpoints under load: whatever was answered is on disk, opens, clicks and hooks."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data.campaigns import store_links
from data.tables import event
from sender.returns.hooks.book import save_secrets
from sender.returns.intake import waiting
from sender.tokens import Purpose
from sender.web.drain import drain
from tests.fakes.esps import Mailgun
from tests.sender.web.test_agents import IPHONE
from tests.sender.web.test_hooks import KEYS, TOKENS
from tests.sender.world import NOW, World

pytestmark = pytest.mark.sockets
PROGRAM = """
import sys
from pathlib import Path
import uvicorn
from data.store import open_store
from sender.returns.hooks.book import Book
from sender.web.app import create_app
from sender.web.hookdesk import HookDesk
from sender.web.settings import Settings
from tests.fakes.web import PageWeb
from tests.sender.web.test_hooks import KEYS, TOKENS
from tests.sender.world import NOW

url, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
store = open_store(url)
settings = Settings(folder / "spool", folder / "intake", hooks=HookDesk(Book(store, KEYS), PageWeb()))
uvicorn.run(create_app(store, TOKENS, settings, lambda: NOW), port=port, log_config=None)
"""


class Visitors:
    """Ask one path again and again until the server is gone; `answered` counts what it said yes to."""

    def __init__(self, port: int, method: str, path: str, body: bytes = b"", kind: str = "") -> None:
        self.answered = 0
        self.asking = (method, path, body, {"User-Agent": IPHONE, "Content-Type": kind})
        self.thread = threading.Thread(target=self._ask, args=[port])
        self.thread.start()

    def _ask(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            while True:
                connection.request(*self.asking)
                answer = connection.getresponse()
                answer.read()
                self.answered += answer.status in (200, 302)
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()


def test_whatever_was_answered_is_on_disk(world: World, tmp_path: Path) -> None:
    campaign = world.campaign()
    row = world.recipient(campaign, world.subscriber("ada@x.test"))
    with world.store.write() as connection:
        store_links(connection, campaign.id, ["https://shop.test/"])
        save_secrets(connection, KEYS, "mailgun", Mailgun().secrets, NOW)
    called = Mailgun().call({"event": "delivered"}, NOW)
    port = _free_port()
    command = [sys.executable, "-c", PROGRAM, str(world.store.engine.url), str(tmp_path), str(port)]
    with subprocess.Popen(command, cwd=Path(__file__).resolve().parents[3]) as server:
        _wait(port)
        numbers = (campaign.id, row.id)
        paths = [
            f"/o/{TOKENS.url(Purpose.OPEN, *numbers)}",
            f"/c/{TOKENS.url(Purpose.CLICK, *numbers)}/0",
        ]
        hits = [Visitors(port, "GET", path) for path in paths * 2]
        hook = Visitors(port, "POST", "/hooks/mailgun", called.body, "application/json")
        while min(each.answered for each in [*hits, hook]) < 20:
            time.sleep(0.01)
        os.kill(server.pid, signal.SIGKILL)
        for each in [*hits, hook]:
            each.thread.join()
        seen = sum(each.answered for each in hits)
        called_in = hook.answered
    drain(world.store, tmp_path / "spool")
    with world.store.read() as connection:
        stored = connection.scalar(select(func.count()).select_from(event)) or 0
    assert seen <= stored <= seen + 2 * 4, (
        "what was on disk and not answered any more may be one a connection"
    )
    assert called_in <= len(list(waiting(tmp_path / "intake"))) <= called_in + 1


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return
