"""`homing web` by itself: it answers, a taken port is said, and SIGTERM ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.sockets
FRONT_DOOR = Path(__file__).parents[2] / "homing.py"
PATIENCE = 30.0


def start(port: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "HOMING__WEB__PORT": str(port)}
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
