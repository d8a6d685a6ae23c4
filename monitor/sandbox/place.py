"""One sandbox on disk: its ports, its keys, and where each of its things lies in its home."""

import json
import os
import random
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path

from monitor.home import Home
from monitor.problem import Problem
from monitor.sandbox.providers import PROVIDERS

LOOPBACK = "127.0.0.1"
WANTED = {"dns": 15353, "smtp": 12525, "web": 8525, "inbound": 12599}
TRIES = 100
ANYWHERE = "HOMING_SANDBOX_ANY_PORT"
"""In the environment: take any ports, for several sandboxes that start at the same moment."""
BELOW_THE_CLIENTS = range(20_000, 32_000)  # the kernel hands out those above 32,767


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What was decided when the sandbox was made.

    `keys`: domain -> its public DKIM key; `hook_token`: what the provider that posts bounces shows.
    """

    seed: int
    contacts: int
    ports: Mapping[str, int]
    keys: Mapping[str, str]
    hook_token: str = field(default="", repr=False)

    @property
    def nameserver(self) -> str:
        return f"{LOOPBACK}:{self.ports['dns']}"

    @property
    def web_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports['web']}"


def file_of(home: Home) -> Path:
    return home.path / "world.json"


def truth_of(home: Home) -> Path:
    """What has changed in the world, while it runs (monitor/sandbox/truth.py)."""
    return home.path / "world" / "truth.json"


def certificate_of(home: Home) -> Path:
    """The providers' certificate and its key, in one file."""
    return home.path / "world" / "providers.pem"


def mail_of(home: Home) -> Path:
    """The seeds' Maildirs."""
    return home.path / "mail"


def journal_of(home: Home, name: str) -> Path:
    return home.log_dir / f"{name}.jsonl"


def ready_of(home: Home) -> Path:
    """Exists while the sandbox answers."""
    return home.run_dir / "sandbox.ready"


def load(home: Home) -> Sandbox:
    """Raises Problem when there is no sandbox in this home."""
    try:
        return Sandbox(**json.loads(file_of(home).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise Problem(
            f"There is no sandbox in {home.path}. `homing up --sandbox` makes one in the folder it is run in."
        ) from None
    except TypeError:
        raise Problem(
            f"The sandbox in {home.path} was made by another version of Homing. Remove it to begin anew."
        ) from None


def save(home: Home, sandbox: Sandbox) -> None:
    fresh = file_of(home).with_suffix(".new")
    fresh.write_text(json.dumps(asdict(sandbox), indent=1), encoding="utf-8")
    fresh.replace(file_of(home))


def free_ports() -> dict[str, int]:
    """The wanted port of each part, or the next that is free. Raises Problem when there is none."""
    chosen: dict[str, int] = {}
    for name, wanted in WANTED.items():
        free = (port for port in _candidates(wanted) if port not in chosen.values() and _is_free(name, port))
        found = next(free, None)
        if found is None:
            raise Problem(f"The sandbox finds no free port from {wanted} to {wanted + TRIES - 1} for {name}.")
        chosen[name] = found
    return chosen


def _candidates(wanted: int) -> Sequence[int]:
    if os.environ.get(ANYWHERE):
        return random.sample(BELOW_THE_CLIENTS, TRIES)
    return range(wanted, wanted + TRIES)


def _is_free(name: str, port: int) -> bool:
    return all(_can_bind(kind, host, port) for kind, host in _sockets(name))


def _sockets(name: str) -> Iterator[tuple[socket.SocketKind, str]]:
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM) if name == "dns" else (socket.SOCK_STREAM,)
    hosts = [provider.ip for provider in PROVIDERS] if name == "smtp" else [LOOPBACK]
    return product(kinds, hosts)


def _can_bind(kind: socket.SocketKind, host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
