"""The store is the file in the home, or the database that `[store] url` names; both are the same Homing."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data import heartbeats
from data.migrate import head, revision
from monitor.app import open_app
from monitor.cli.main import Exit, run
from monitor.home import Home
from monitor.storeplace import reach
from tests.fakes.campaign import NOON
from tests.stores import postgresql_server, postgresql_store

__all__ = ["postgresql_server"]
PLAIN = "postgresql://homing:hunter2@127.0.0.1:1/nowhere"


@pytest.mark.lab("postgres")
def test_an_instance_lives_in_the_database_that_its_configuration_names(
    postgresql_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgresql_store(postgresql_server) as url:
        monkeypatch.setenv("HOMING__STORE__URL", url.replace("postgresql+psycopg", "postgresql"))
        with open_app() as app:
            assert app.store.engine.dialect.name == "postgresql"
            assert revision(app.store) == head()
            assert not app.home.store_path.exists()


@pytest.mark.lab("postgres")
def test_pages_cannot_write_to_a_database_either(postgresql_server: str) -> None:
    with postgresql_store(postgresql_server) as url:
        pages = reach(url, read_only=True)
        with pytest.raises(DBAPIError, match="read-only"), pages.write() as connection:
            heartbeats.beat(connection, "page", 1, NOON, {})
        with pages.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM heartbeat")).scalar() == 0
        pages.close()


@pytest.mark.sockets
def test_a_database_that_does_not_answer_is_said_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setenv("HOMING__STORE__URL", PLAIN)

    assert run(["alert", "list"]) == Exit.USAGE

    said = capsys.readouterr().err
    assert "The store postgresql+psycopg://homing:***@127.0.0.1:1/nowhere cannot be opened: " in said
    assert "hunter2" not in said


def test_a_url_of_another_kind_is_refused_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(Path(os.environ["HOMING_HOME"]))
    home.path.mkdir()
    home.config_path.write_text('[store]\nurl = "mysql://root@127.0.0.1/homing"\n')

    assert run(["alert", "list"]) == Exit.USAGE
    assert f'{home.config_path}:2: "store.url": a store is postgresql://' in capsys.readouterr().err
