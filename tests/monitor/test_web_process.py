"""`homing web` by itself: it answers, a taken port is said, and SIGTERM ends it."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sender.delivery.smtp.certificates import certificate

pytestmark = pytest.mark.sockets
FRONT_DOOR = Path(__file__).parents[2] / "homing.py"
PATIENCE = 30.0


def start(port: int, settings: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, "HOMING__WEB__PORT": str(port), **(settings or {})}
    command = [sys.executable, str(FRONT_DOOR), "web"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answer(port: int) -> bytes:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5) as response:
                return bytes(response.read())
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_it_answers_until_it_is_asked_to_end() -> None:
    port = free_port()
    web = start(port)
    try:
        assert answer(port) == b"ok\n"
    finally:
        web.send_signal(signal.SIGTERM)
        _, log = web.communicate(timeout=PATIENCE)

    assert web.returncode == 0, log


def test_a_taken_port_is_said_with_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        _, log = start(port).communicate(timeout=PATIENCE)

    assert log.splitlines()[-1] == (
        f"homing: web: port {port} on 127.0.0.1 is taken. Set web.port to another one."
    )


def test_it_serves_tls_with_files_of_its_own_and_takes_renewed_ones(tmp_path: Path) -> None:
    port = free_port()
    first = certificate(tmp_path, "127.0.0.1")
    settings = {"CERTIFICATE": str(first.chain), "KEY": str(first.key)}
    web = start(port, {f"HOMING__WEB__{name}": value for name, value in settings.items()})
    try:
        shown = {shown_by(port)}
        certificate(tmp_path, "127.0.0.1")  # certbot writes the new files over the old ones
        deadline = time.monotonic() + PATIENCE
        while len(shown) == 1 and time.monotonic() < deadline:
            time.sleep(0.1)
            shown.add(shown_by(port))
        assert len(shown) == 2
    finally:
        web.send_signal(signal.SIGTERM)
        _, log = web.communicate(timeout=PATIENCE)
    assert web.returncode == 0, log


def shown_by(port: int) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ssl.get_server_certificate(("127.0.0.1", port), timeout=5)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_certificate_files_that_do_not_fit_are_said(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    both = {name: str(tmp_path / "x.pem") for name in ("HOMING__WEB__CERTIFICATE", "HOMING__WEB__KEY")}
    for settings, sentence in (
        (both, 'homing: "web.certificate": '),
        ({"HOMING__WEB__KEY": "x.pem"}, 'homing: "web.certificate" and "web.key" go together'),
    ):
        _, log = start(free_port(), settings).communicate(timeout=PATIENCE)
        assert log.splitlines()[-1].startswith(sentence)
