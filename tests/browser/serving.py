"""Starts what serves the pages, and waits until it answers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from dashboards.launch import HEALTH_PATH, arguments, environment
from tests.browser.camera import ROOT
from tests.lab.daemon import free_port

PATIENCE_SECONDS = 90


@contextmanager
def dashboards(home: Path, log: Path) -> Iterator[str]:
    """The pages of `home` alone; yields their address. What they log goes to `log`."""
    port = free_port()
    variables = {**os.environ, **environment(home), "PYTHONPATH": str(ROOT)}
    with running(arguments(port), variables, log, home):
        yield answering(f"http://127.0.0.1:{port}", log)


@contextmanager
def running(
    command: list[str], variables: Mapping[str, str], log: Path, folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=dict(variables), cwd=folder, stdout=written, stderr=written)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def answering(url: str, log: Path) -> str:
    """`url`, as soon as pages can be had from it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(url + HEALTH_PATH).text == "ok":
                return url
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(f"no pages at {url} within {PATIENCE_SECONDS} s:\n{log.read_text()[-2000:]}")


@contextmanager
def sandbox(folder: Path, log: Path) -> Iterator[Path]:
    """`homing up --sandbox` in `folder`; yields its home."""
    command = [sys.executable, str(ROOT / "homing.py"), "up", "--sandbox", "--no-browser"]
    small = {"HOMING_SANDBOX_CONTACTS": "400"}
    with running(command, {**os.environ, **small}, log, folder):
        yield folder / ".sandbox"
