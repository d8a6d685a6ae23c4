"""Which port each listening process really has: the configured one, or the next free one.

`homing up` chooses once and writes the choice down, so that every process, page and link agrees. A process
that is started by itself has the configured port and no other.
"""

import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.config import Config
from monitor.home import Home
from monitor.problem import Problem

TRIES = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process listens. `wanted` is the configured port."""

    host: str
    port: int
    wanted: int

    @property
    def moved(self) -> bool:
        return self.wanted not in (0, self.port)

    @property
    def url(self) -> str:
        """For a person or a program on this machine."""
        return f"http://{_reachable(self.host)}:{self.port}"


def _wanted(config: Config) -> Mapping[str, tuple[str, int]]:
    return {
        "web": (config.web.host, config.web.port),
        "dashboard": (config.dashboard.host, config.dashboard.port),
        "inbound": (config.inbound.host, config.inbound.port),
    }


def choose(config: Config) -> Mapping[str, Place]:
    """A free port for each process. Raises Problem when an address cannot be listened on at all."""
    chosen: dict[str, Place] = {}
    for name, (host, wanted) in _wanted(config).items():
        taken = {place.port for place in chosen.values()}
        chosen[name] = Place(host, _first_free(name, host, wanted, taken), wanted)
    return chosen


def _first_free(name: str, host: str, wanted: int, taken: set[int]) -> int:
    for port in _candidates(wanted):
        if port not in taken and (found := _try(name, host, port)):
            return found
    raise Problem(f"{name}: no free port on {host} from {wanted} to {wanted + TRIES - 1}. Set {name}.port.")


def _candidates(wanted: int) -> Iterator[int]:
    return iter(range(wanted, min(wanted + TRIES, 65536)) if wanted else (0,) * TRIES)


def _try(name: str, host: str, port: int) -> int | None:
    """The port if it is free now. A look, not a claim: the process itself binds a moment later."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except PermissionError as error:
        raise Problem(f"{name}: port {port} on {host} needs more rights than this user has.") from error
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno in _IN_USE:
            return None
        raise Problem(f"{name}: cannot listen on {host} ({error}). Set {name}.host.") from error


_IN_USE = frozenset({98, 48})  # EADDRINUSE of Linux and of the BSDs


def must_be_free(name: str, place: Place) -> None:
    """Raises Problem when another process listens there already."""
    if _try(name, place.host, place.port) is None:
        raise Problem(f"{name}: port {place.port} on {place.host} is taken. Set {name}.port to another one.")


def write(home: Home, places: Mapping[str, Place]) -> None:
    fresh = home.ports_file.with_suffix(".new")
    fresh.write_text(json.dumps({name: place.port for name, place in places.items()}))
    fresh.replace(home.ports_file)


def forget(home: Home) -> None:
    home.ports_file.unlink(missing_ok=True)


def place_of(name: str, home: Home, config: Config) -> Place:
    """Where the process called `name` listens: what `homing up` chose, else what the configuration says."""
    host, wanted = _wanted(config)[name]
    return Place(host, _written(home).get(name, wanted), wanted)


def _written(home: Home) -> Mapping[str, int]:
    try:
        return {name: int(port) for name, port in json.loads(home.ports_file.read_text()).items()}
    except (OSError, ValueError):
        return {}


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
