"""`homing up` as a person uses it: it comes up, refuses a second one, survives a kill, and stops whole."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.sockets
FRONT_DOOR = Path(__file__).parents[2] / "homing.py"
PATIENCE = 120.0
ANY_PORTS = {f"HOMING__{name}__PORT": "0" for name in ("WEB", "DASHBOARD", "INBOUND")}


def homing(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, **ANY_PORTS, "HOMING_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, str(FRONT_DOOR), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def children(pid: int) -> set[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return {int(child) for child in listed.split()}


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def gone(pids: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_it_comes_up_once_survives_a_kill_and_stops_whole(tmp_path: Path) -> None:
    home = tmp_path / "home"
    up = homing(home, "up", "--no-browser")
    try:
        until((home / "run" / "ports.json").exists)
        until(lambda: len(children(up.pid)) == 5)
        assert set(json.loads((home / "run" / "ports.json").read_text())) == {"web", "dashboard", "inbound"}

        second = homing(home, "up")
        _, said = second.communicate(timeout=PATIENCE)
        assert second.returncode == 2
        assert f"already runs on {home} (process {up.pid})" in said

        killed = min(children(up.pid))
        os.kill(killed, signal.SIGKILL)
        until(lambda: len(children(up.pid) - {killed}) == 5)
        alive = children(up.pid)
    finally:
        up.send_signal(signal.SIGTERM)
        shown, errors = up.communicate(timeout=PATIENCE)

    assert up.returncode == 0, errors
    assert "was killed by SIGKILL; it starts again in 0.5 s" in shown
    assert shown.endswith("Stopping …\nStopped.\n")
    assert gone(alive)
    assert not (home / "run" / "ports.json").exists()
