"""The guarded client against real HTTPS servers on loopback."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest

from checks.net.addresses import is_public
from checks.net.web import GuardedWeb
from checks.ports import FetchFault
from tests.fakes.zone import ZoneDns
from tests.lab.authority import Authority

ZONE = {"site.test": {"A": ["127.0.0.1"]}, "dead.test": {"*": "TIMEOUT"}, "inside.test": {"A": ["10.0.0.1"]}}
URL = "https://site.test/policy.txt"


def loopback(ip: str) -> bool:
    return ip_address(ip).is_loopback


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "https://elsewhere.test/")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"hello" if self.path != "/endless" else b"x" * 200_000)

    def log_message(self, *args: object) -> None:
        """A test's server says nothing."""


@contextmanager
def site(context: ssl.SSLContext) -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Site)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def client(authority: Authority, port: int, allowed: Callable[[str], bool] = loopback) -> GuardedWeb:
    return GuardedWeb(ZoneDns(ZONE), allowed=allowed, ports={443: port}, context=authority.trust())


@pytest.mark.sockets
def test_a_document_with_a_valid_certificate_is_fetched(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with site(authority.server("site.test")) as port:
        fetched = client(authority, port).fetch(URL)

    assert (fetched.status, fetched.body, fetched.content_type) == (200, b"hello", "text/plain")
    assert fetched.address == "127.0.0.1"


@pytest.mark.sockets
def test_a_redirect_is_reported_and_not_followed(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with site(authority.server("site.test")) as port:
        fetched = client(authority, port).fetch("https://site.test/moved")

    assert (fetched.status, fetched.location) == (302, "https://elsewhere.test/")


@pytest.mark.sockets
def test_a_document_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with site(authority.server("site.test")) as port:
        fetched = client(authority, port).fetch("https://site.test/endless", max_bytes=1_000)

    assert fetched.fault is FetchFault.TOO_LARGE
    assert fetched.body == b""


@pytest.mark.sockets
@pytest.mark.parametrize("wrong", ["other name", "expired", "untrusted"])
def test_a_certificate_that_is_wrong_in_one_way_is_named(tmp_path: Path, wrong: str) -> None:
    authority = Authority(tmp_path)
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    context = {
        "other name": lambda: authority.server("other.test"),
        "expired": lambda: authority.server("site.test", expires=datetime.now(UTC) - timedelta(days=2)),
        "untrusted": lambda: Authority(stranger).server("site.test"),
    }[wrong]()
    with site(context) as port:
        fetched = client(authority, port).fetch(URL)

    assert fetched.fault is FetchFault.CERTIFICATE
    assert "site.test" in fetched.note


@pytest.mark.sockets
def test_a_closed_port_a_dead_zone_and_a_missing_name_are_three_things(tmp_path: Path) -> None:
    web = client(Authority(tmp_path), 1)

    assert web.fetch(URL).fault is FetchFault.REFUSED
    assert web.fetch("https://dead.test/").fault is FetchFault.DNS_FAILED
    assert web.fetch("https://missing.test/").fault is FetchFault.NO_ADDRESS


def test_a_name_that_leads_inside_is_refused_without_a_connection(tmp_path: Path) -> None:
    """No test mark for sockets: a connection would trip the wire."""
    fetched = client(Authority(tmp_path), 443, allowed=is_public).fetch("https://inside.test/")

    assert fetched.fault is FetchFault.FORBIDDEN_ADDRESS


@pytest.mark.parametrize("url", ["http://site.test/", "https://", "https://user@site.test/", "https://[::1/"])
def test_only_plain_https_addresses_are_fetched(tmp_path: Path, url: str) -> None:
    assert client(Authority(tmp_path), 443).fetch(url).fault is FetchFault.BAD_URL


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1", "fd00::1", "224.0.0.1", "0.0.0.0",
     "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::7f00:1", "2001:db8::1"],
)  # fmt: skip
def test_no_disguise_makes_an_inner_address_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "2620:fe::fe", "64:ff9b::808:808", "2002:808:808::1"])
def test_public_addresses_are_public(ip: str) -> None:
    assert is_public(ip)
