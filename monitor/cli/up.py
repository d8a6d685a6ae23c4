"""`homing up`: the whole of Homing in one terminal, until Ctrl-C."""

import os
import signal
import socket
import threading
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from monitor import ports
from monitor.app import App, open_app
from monitor.cli.main import Exit
from monitor.cli.shell import single
from monitor.cli.welcome import welcome
from monitor.home import SANDBOX_FOLDER, Home, locate, lock, prepare
from monitor.notifier.loop import notify
from monitor.ports import Place
from monitor.processes.child import log_to_file
from monitor.processes.life import Life
from monitor.supervisor import Supervisor

CHILDREN = ("web", "dashboard", "scheduler", "worker", "inbound")
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
        log_to_file(home.log_dir / "up.log")
        if sandbox:
            from monitor.sandbox import CONTACTS
            from monitor.sandbox import prepare as make_world

            make_world(home, contacts=int(os.environ.get("HOMING_SANDBOX_CONTACTS", CONTACTS)))
        with open_app(home) as app:
            app.tokens  # noqa: B018 - made, or found wanting, before anything starts
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
    typer.echo("Homing starts …")
    notifier = threading.Thread(target=notify, args=[Life("notifier", app, stop)], name="notifier")
    supervisor = Supervisor(app.home, typer.echo)
    try:
        notifier.start()
        if app.home.is_sandbox:
            _open_sandbox(app, supervisor, stop)
        for name in CHILDREN:
            supervisor.add(name)
        _watch(app, supervisor, places, stop, browser=browser)
    finally:
        stop.set()
        typer.echo("Stopping …")
        supervisor.stop()
        notifier.join()
        typer.echo("Stopped.")


def _open_sandbox(app: App, supervisor: Supervisor, stop: threading.Event) -> None:
    """The world is there before anybody looks at it."""
    from monitor.sandbox.place import ready_of

    supervisor.add("sandbox")
    began = time.monotonic()
    while not (stop.is_set() or ready_of(app.home).exists() or time.monotonic() - began > PATIENCE_SECONDS):
        supervisor.tick()
        stop.wait(TICK_SECONDS)


def _watch(
    app: App, supervisor: Supervisor, places: Mapping[str, Place], stop: threading.Event, *, browser: bool
) -> None:
    began = time.monotonic()
    greeted = False
    while not stop.is_set():
        supervisor.tick()
        waited = time.monotonic() - began
        if not greeted and (_answers(places["dashboard"]) or waited > PATIENCE_SECONDS):
            greeted = True
            _greet(app, places, browser=browser)
        stop.wait(TICK_SECONDS)


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
