"""What holds for every test: nothing leaves the machine, and in CI nothing is skipped."""

import ipaddress
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.lab.packages import KITS
from tests.lab.tools import find

# The same examples in every run, so that green stays green; `make soak` looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("searching", max_examples=2_000, deadline=None)
settings.load_profile("searching" if os.environ.get("HOMING_SOAK") else "steady")

CORPORA = Path(os.environ.get("HOMING_CORPORA", Path(__file__).resolve().parents[2] / "shared" / "corpora"))


class LeftTheMachine(AssertionError):
    """A test tried to reach another machine."""


class _Tripwire:
    """An audit hook on every socket of this process. `armed` for loopback too where a test said nothing."""

    loopback_allowed = True

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in ("socket.connect", "socket.sendto"):
            return
        address = arguments[1]
        if not isinstance(address, tuple):  # a Unix socket
            return
        host = str(address[0])
        if not _is_loopback(host):
            raise LeftTheMachine(f"a test tried to reach {host}")
        if not self.loopback_allowed:
            raise LeftTheMachine(f"a test without the `sockets` mark tried to reach {host}:{address[1]}")


def _is_loopback(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


TRIPWIRE = _Tripwire()
sys.addaudithook(TRIPWIRE)


@pytest.fixture(autouse=True)
def _nothing_leaves(request: pytest.FixtureRequest) -> Iterator[None]:
    marks = {"sockets", "lab", "browser", "soak"}
    TRIPWIRE.loopback_allowed = any(mark.name in marks for mark in request.node.iter_markers())
    yield
    TRIPWIRE.loopback_allowed = True


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the home of the person who runs it."""
    monkeypatch.setenv("HOMING_HOME", str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith("HOMING__")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of cases that others wrote."""
    if not (CORPORA / "README.md").exists():
        _miss(f"no corpora at {CORPORA} (set HOMING_CORPORA)")
    return CORPORA


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" not in (config.option.markexpr or ""):
        items[:] = [item for item in items if not item.get_closest_marker("soak")]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test names the kits it needs: `@pytest.mark.lab("dns")`; `browser` is the kit of that name."""
    kits = [kit for mark in item.iter_markers("lab") for kit in mark.args]
    if item.get_closest_marker("browser"):
        kits.append("browser")
    missing = [p for kit in KITS if kit.name in kits for p in kit.programs if not find(p)]
    if missing:
        _miss(f"no {', '.join(missing)}: python -m tests.lab.setup")


def _miss(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
