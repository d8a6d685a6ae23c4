"""What `homing up` shows once it stands: where the pages are, and how to reach them from elsewhere."""

import getpass
import socket
from collections.abc import Iterator, Mapping

from monitor.config import Config
from monitor.home import Home
from monitor.ports import Place

TITLES = {"web": "public endpoints", "dashboard": "dashboard", "inbound": "inbound SMTP"}


def welcome(
    home: Home, config: Config, places: Mapping[str, Place], environment: Mapping[str, str], *, display: bool
) -> str:
    """The start screen as text; `display` says whether this machine can show a browser."""
    return "\n".join(_lines(home, config, places, environment, display=display))


def _lines(
    home: Home, config: Config, places: Mapping[str, Place], environment: Mapping[str, str], *, display: bool
) -> Iterator[str]:
    dashboard = places["dashboard"]
    yield ""
    yield "  Homing runs in the sandbox: a made-up world." if home.is_sandbox else "  Homing runs."
    yield ""
    yield f"  Dashboard         {dashboard.url}/"
    yield f"  Public endpoints  {places['web'].url}/"
    yield f"  Home and logs     {home.path}"
    yield from _moved(places)
    if not display:
        yield from _tunnel(dashboard, environment)
    if not config.targets and not home.is_sandbox:
        yield ""
        yield f"  Nothing is watched yet: name your domains in {home.config_path}"
        yield "  (`homing init example.com` writes one to start from)."
    yield ""
    yield "  Ctrl-C stops everything."
    yield ""


def _moved(places: Mapping[str, Place]) -> Iterator[str]:
    moved = [(name, place) for name, place in places.items() if place.moved]
    if moved:
        yield ""
    for name, place in moved:
        yield f"  Port {place.wanted} was taken, so the {TITLES[name]} moved to port {place.port}."


def _tunnel(dashboard: Place, environment: Mapping[str, str]) -> Iterator[str]:
    host = "localhost" if dashboard.host in ("127.0.0.1", "::1") else dashboard.host
    yield ""
    yield "  There is no display here. From your own machine:"
    yield f"      ssh -L {dashboard.port}:{host}:{dashboard.port} {_login(environment)}"
    yield f"  and then open http://localhost:{dashboard.port}/"


def _login(environment: Mapping[str, str]) -> str:
    """The name people reached this machine by, if they came over SSH ("client port server port")."""
    connection = environment.get("SSH_CONNECTION", "").split()
    machine = connection[2] if len(connection) == 4 else socket.gethostname()
    return f"{getpass.getuser()}@{machine}"
