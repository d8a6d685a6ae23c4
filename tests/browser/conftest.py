"""One Chromium, and one server a kind of store, for all tests of pages."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from data.heartbeats import beat
from data.store import open_store
from monitor.home import Home, prepare
from tests.browser import camera, serving
from tests.dashboards.conftest import HOMES


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with camera.browser() as opened:
        yield opened


Pages = Callable[[str], str]


@pytest.fixture(scope="package")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """`pages("story")`: the address of the pages of the home with such a content, its processes alive."""
    running: dict[str, tuple[Home, str]] = {}
    with ExitStack() as servers:

        def address(content: str) -> str:
            if content not in running:
                home = prepare(Home(tmp_path_factory.mktemp(content)))
                _fill(home, content)
                log = home.log_dir / "dashboard.log"
                running[content] = home, servers.enter_context(serving.dashboards(home.path, log))
            home, url = running[content]
            _pulse(home)
            return url

        yield address


def _fill(home: Home, content: str) -> None:
    (home.path / "SANDBOX").touch()
    store = open_store(home.store_url)
    HOMES[content](store, datetime.now(UTC))
    store.close()


def _pulse(home: Home) -> None:
    store = open_store(home.store_url)
    with store.write() as connection:
        for process in ("scheduler", "worker"):
            beat(connection, process, 1, datetime.now(UTC), {})
    store.close()


@pytest.fixture(scope="package")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a running `homing up --sandbox`."""
    folder = tmp_path_factory.mktemp("up")
    with serving.sandbox(folder, folder / "up.log") as home:
        yield home
