"""`homing alert`: each channel says whether it works; what was told can be listed."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data import alerts
from data.alerts import NoticeKind
from monitor.app import open_app
from monitor.cli.main import Exit, run

CONFIG = '[[channels]]\nname = "log"\nkind = "file"\n'
BROKEN = '[[channels]]\nname = "hook"\nkind = "webhook"\nurl = "ftp://a.example/"\n'


@pytest.fixture
def home() -> Path:
    path = Path(os.environ["HOMING_HOME"])
    path.mkdir()
    return path


def test_a_channel_that_works_and_one_that_does_not_are_told_apart(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "homing.toml").write_text(CONFIG + BROKEN)

    assert run(["alert", "test"]) == Exit.FINDINGS

    assert capsys.readouterr().out == "log: delivered\nhook: not delivered: not a plain https:// address\n"
    assert "This is a test" in (home / "alerts.txt").read_text()


def test_one_channel_can_be_tried_by_its_name(home: Path) -> None:
    (home / "homing.toml").write_text(CONFIG + BROKEN)

    assert run(["alert", "test", "log"]) == Exit.CLEAN


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("", "no channel is configured: add a [[channels]] section to "),
        (CONFIG, 'there is no channel "fax". There is: log.'),
    ],
)
def test_a_channel_that_is_not_there_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], config: str, sentence: str
) -> None:
    (home / "homing.toml").write_text(config)

    assert run(["alert", "test", "fax"]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


def test_what_was_told_is_listed_for_people_and_for_programs(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with open_app() as app, app.store.write() as connection:
        alerts.put(connection, "log", NoticeKind.FIRED, "k", {"text": "Listed."}, noon)

    assert run(["alert", "list"]) == Exit.CLEAN
    assert capsys.readouterr().out == "2026-11-23 12:00 log: waits: Listed.\n"

    assert run(["alert", "list", "--json"]) == Exit.CLEAN
    (alert,) = json.loads(capsys.readouterr().out)["alerts"]
    assert (alert["id"], alert["state"]) == ("k", "waiting")
