"""`homing verify-store`: says what is broken and what to do, to people and to programs."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from data.secrets import put_secret
from monitor.app import open_app
from monitor.cli.main import Exit, run
from tests.fakes.campaign import NOON, frozen


@pytest.fixture
def store_path() -> Path:
    """Of an instance with a campaign and a secret."""
    with open_app() as app, app.store.write() as connection:
        frozen(connection, 2)
        put_secret(connection, app.keys, "tokens", b"x", NOON)
    return app.home.store_path


def test_a_whole_store_is_said_to_be_whole(store_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify-store", "--deep"]) == Exit.CLEAN

    assert capsys.readouterr().out.endswith(f"\n{store_path}: everything holds.\n")


def test_what_is_broken_is_named_with_what_to_do(
    store_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(store_path) as connection:
        connection.execute("DROP TRIGGER campaign_finish")
        connection.execute("UPDATE campaign SET state = 'finished'")
    Path(os.environ["HOMING_HOME"], "key").unlink()

    assert run(["verify-store", "--json"]) == Exit.FINDINGS

    document = json.loads(capsys.readouterr().out)
    broken = {row["key"]: row for row in document["invariants"] if row["broken"]}
    assert (document["schema_version"], document["whole"]) == (1, False)
    assert set(broken) == {"guards", "finished", "secrets"}
    assert broken["finished"]["examples"] == ["campaign 1"]
    assert "HOMING_KEY_FILE" in broken["secrets"]["mend"]

    assert run(["verify-store"]) == Exit.FINDINGS
    assert (
        "BROKEN  a finished campaign has nobody waiting\n        1: campaign 1\n" in capsys.readouterr().out
    )


def test_a_file_that_is_no_store_is_broken_and_a_missing_one_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter").write_text("Dear Ann, " * 100)

    assert run(["verify-store", str(tmp_path / "letter")]) == Exit.FINDINGS
    assert "file is not a database" in capsys.readouterr().out
    assert run(["verify-store", str(tmp_path / "nowhere")]) == Exit.USAGE
    assert "There is no store at" in capsys.readouterr().err
