"""`homing up`: the whole of Homing in one terminal, until Ctrl-C."""

import os
import signal
import socket
import threading
import time
import webbrowser
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from monitor import ports
from monitor.app import App, open_app
from monitor.cli.main import Exit
from monitor.cli.shell import single
from monitor.cli.welcome import welcome
from monitor.home import SANDBOX_FOLDER, Home, locate, lock, prepare
from monitor.ports import Place
from monitor.supervisor import Supervisor

CHILDREN = ("dashboard", "scheduler", "worker")
TICK_SECONDS = 0.2
PATIENCE_SECONDS = 30.0
"""How long to wait for the first page before saying that it takes longer."""


def up(
    sandbox: Annotated[bool, typer.Option("--sandbox", help="A made-up world in ./.sandbox.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the dashboard if there is a display.")] = True,
) -> int:
    """Start Homing and watch over its processes until Ctrl-C."""
    home = prepare(Home(Path.cwd() / SANDBOX_FOLDER) if sandbox else locate())
    os.environ["HOMING_HOME"] = str(home.path)
    with lock(home):
        if sandbox:
            import_module("monitor.sandbox").prepare(home)
        with open_app(home) as app:
            places = ports.choose(app.config)
            ports.write(home, places)
            try:
                _run(app, places, browser=browser)
            finally:
                ports.forget(home)
    return Exit.CLEAN


def _run(app: App, places: Mapping[str, Place], *, browser: bool) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    names = ("sandbox", *CHILDREN) if app.home.is_sandbox else CHILDREN
    supervisor = Supervisor(app.home, names, typer.echo)
    typer.echo("Homing starts …")
    began = time.monotonic()
    greeted = False
    try:
        while not stop.is_set():
            supervisor.tick()
            waited = time.monotonic() - began
            if not greeted and (_answers(places["dashboard"]) or waited > PATIENCE_SECONDS):
                greeted = True
                _greet(app, places, browser=browser)
            stop.wait(TICK_SECONDS)
    finally:
        typer.echo("Stopping …")
        supervisor.stop()
        typer.echo("Stopped.")


def _answers(place: Place) -> bool:
    host = "127.0.0.1" if place.host in ("0.0.0.0", "::") else place.host  # noqa: S104 - compared
    try:
        with socket.create_connection((host, place.port), timeout=0.2):
            return True
    except OSError:
        return False


def _greet(app: App, places: Mapping[str, Place], *, browser: bool) -> None:
    display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    typer.echo(welcome(app.home, app.config, places, os.environ, display=display))
    if display and browser:
        webbrowser.open(places["dashboard"].url)


run = single("up", up, "homing up\nhoming up --sandbox")
