"""Homes to look at: one with a story, one empty, one that could find out nothing, one hostile."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.migrate import migrate
from data.store import Store, open_store
from monitor.home import Home, prepare
from tests.dashboards.story import tell
from tests.dashboards.story.hostile import tell_hostile
from tests.dashboards.story.unknown import tell_unknown

FRAME = Path(__file__).resolve().parents[2] / "dashboards" / "frame.py"
NOTHING: dict[str, str] = {}

Fill = Callable[[Store, datetime], None]


def _empty(store: Store, now: datetime) -> None:
    del now
    migrate(store)


HOMES: dict[str, Fill] = {"story": tell, "empty": _empty, "unknown": tell_unknown, "hostile": tell_hostile}


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of the home with such a content; each is filled once."""
    made: dict[str, Path] = {}

    def home(content: str) -> Path:
        if content not in made:
            made[content] = tmp_path_factory.mktemp(content)
            store = open_store(prepare(Home(made[content])).store_url)
            HOMES[content](store, datetime.now(UTC))
            store.close()
        return made[content]

    return home


Open = Callable[..., AppTest]


@pytest.fixture
def open_page(homes: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Open:
    """`open_page("now", "story", domain="shop.test")`: the page, drawn once."""

    def open_(page: str, content: str, **query: str) -> AppTest:
        monkeypatch.setenv("HOMING_HOME", str(homes(content)))
        at = AppTest.from_file(FRAME, default_timeout=60)
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        return at if page == "now" else at.switch_page(f"views/{page}.py").run()

    return open_
