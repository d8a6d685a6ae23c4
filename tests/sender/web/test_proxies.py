"""The snippets of the README, before the real endpoints: they work, and nobody can pretend an address."""

import http.client
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from data.tables import event
from sender.tokens import Purpose
from sender.web.app import create_app
from sender.web.client import networks
from sender.web.settings import Settings
from tests.fakes.asgi import served_app
from tests.lab.daemon import free_port, running
from tests.sender.delivery.smtp.certificates import certificate
from tests.sender.web.test_hooks import TOKENS
from tests.sender.world import NOW, World

pytestmark = [pytest.mark.lab("proxy"), pytest.mark.sockets]
README = Path(__file__).resolve().parents[3] / "README.md"
VISITOR = "127.0.0.2"
"""Another address than the proxy's, which is trusted."""
NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{snippet}
}}
"""


def snippet(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[int]:
    port, shown = free_port(), certificate(folder, "127.0.0.1")
    text = (
        snippet("nginx")
        .replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
        .replace("8525", str(behind))
    )
    text = re.sub(r"(ssl_certificate +)\S+;", rf"\1{shown.chain};", text)
    text = re.sub(r"(ssl_certificate_key +)\S+;", rf"\1{shown.key};", text)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, snippet=text))
    arguments = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")]
    with running("nginx", arguments, log=folder / "out.log", ready=lambda: asks(port, "/livez") == 200):
        yield port


@contextmanager
def caddy(folder: Path, behind: int) -> Iterator[int]:
    port, shown = free_port(), certificate(folder, "127.0.0.1")
    site = f"https://127.0.0.1:{port} {{\n\ttls {shown.chain} {shown.key}\n"
    text = snippet("caddy").replace("track.example.com {\n", site).replace("8525", str(behind))
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text)
    arguments = ["run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with running("caddy", arguments, log=folder / "out.log", ready=lambda: asks(port, "/livez") == 200):
        yield port


def asks(port: int, path: str, **headers: str) -> int:
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection(
        "127.0.0.1", port, timeout=5, context=context, source_address=(VISITOR, 0)
    )
    try:
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_the_snippet_works_and_a_forged_address_is_not_believed(
    world: World, tmp_path: Path, proxy: object
) -> None:
    assert callable(proxy)
    campaign = world.campaign()
    row = world.recipient(campaign, world.subscriber("ada@x.test"))
    path = f"/o/{TOKENS.url(Purpose.OPEN, campaign.id, row.id)}"
    trusted = networks(["127.0.0.1"])
    settings = Settings(tmp_path / "spool", tmp_path / "intake", trusted_proxies=trusted)
    app = create_app(world.store, TOKENS, settings, lambda: NOW)
    with ExitStack() as opened:
        port = opened.enter_context(proxy(tmp_path, opened.enter_context(served_app(app))))
        forged = {"X_Forwarded_For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
        assert asks(port, path, **forged) == 200
        deadline = time.monotonic() + 20
        while not (found := clients(world)) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert found == [VISITOR], "the visitor is who connected to the proxy, whatever they wrote"


def clients(world: World) -> list[str]:
    with world.store.read() as connection:
        return [row.detail["client"] for row in connection.execute(select(event.c.detail))]
