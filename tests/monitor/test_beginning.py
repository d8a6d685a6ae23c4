"""A store that was copied back behind Homing's back is noticed before anything is delivered from it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from data import campaigns
from data.campaigns import State
from data.store import open_store
from monitor.app import App
from monitor.beginning import begin_delivering
from tests.fakes.campaign import frozen
from tests.monitor.conftest import StillApp


def state_of(app: App) -> State:
    with app.store.read() as connection:
        found = campaigns.find_campaign(connection, "c1")
    assert found is not None
    return found.state


def copy(app: App, to: Path) -> None:
    with closing(sqlite3.connect(app.home.store_path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def test_an_older_copy_in_its_place_sends_nothing(app: StillApp, tmp_path: Path) -> None:
    with app.store.write() as connection:
        frozen(connection, 3)
    assert begin_delivering(app) == []
    copy(app, tmp_path / "old.db")
    assert begin_delivering(app) == [], "a restart is not a restore"
    app.store.close()
    shutil.copy(tmp_path / "old.db", app.home.store_path)

    again = StillApp(app.home, app.config, open_store(app.home.store_url))
    assert begin_delivering(again) == ["c1"]
    assert state_of(again) is State.PAUSED
    assert begin_delivering(again) == [], "it is told once"
    again.store.close()


def test_a_new_home_takes_up_a_store_as_it_is(app: StillApp) -> None:
    """A second machine that joins a database which another one delivers from."""
    with app.store.write() as connection:
        frozen(connection, 3)
    begin_delivering(app)
    app.home.beginnings_file.unlink()

    assert begin_delivering(app) == []
    assert state_of(app) is State.SENDING
