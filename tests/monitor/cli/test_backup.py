"""`homing backup` and `homing restore`: what a person and a program are told."""

import json
import os
from pathlib import Path

import pytest

from monitor.app import open_app
from monitor.cli.main import Exit, run
from tests.fakes.campaign import frozen


def test_a_backup_is_made_and_put_back_and_its_campaign_waits(capsys: pytest.CaptureFixture[str]) -> None:
    home = Path(os.environ["HOMING_HOME"])
    with open_app() as app, app.store.write() as connection:
        frozen(connection, 2)

    assert run(["backup", "--json"]) == Exit.CLEAN
    made = json.loads(capsys.readouterr().out)
    assert Path(made["file"]).parent == home / "backups"
    assert made["bytes"] == Path(made["file"]).stat().st_size
    assert made["key_file"] is None

    assert run(["restore", made["file"]]) == Exit.USAGE
    assert "add --replace" in capsys.readouterr().err
    assert run(["restore", "--replace", made["file"]]) == Exit.CLEAN
    said = capsys.readouterr().out
    assert f"{home / 'homing.db'} is restored as it was on " in said
    assert f"What was there before is in {home / 'backups' / 'before-restore-'}" in said
    assert "Campaign 'c1' waits: let it go only if you are sure" in said

    (home / "homing.db").unlink()
    assert run(["restore", "--json", made["file"]]) == Exit.CLEAN
    document = json.loads(capsys.readouterr().out)
    assert (document["held"], document["kept"], document["alerts_given_up"]) == (["c1"], None, 0)


def test_who_is_not_asked_for_gets_no_key(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with open_app() as app:
        assert app.keys.raw

    assert run(["backup", str(tmp_path / "a.db")]) == Exit.CLEAN
    assert "The key file" in capsys.readouterr().err
    assert run(["backup", "--with-key", str(tmp_path / "b.db")]) == Exit.CLEAN
    assert (tmp_path / "b.db.key").read_bytes() == app.home.key_file.read_bytes()


def test_a_restore_without_the_key_says_what_is_closed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_app() as app:
        assert app.tokens is not None
    assert run(["backup", str(tmp_path / "a.db")]) == Exit.CLEAN
    monkeypatch.setenv("HOMING_HOME", str(tmp_path / "elsewhere"))

    assert run(["restore", str(tmp_path / "a.db")]) == Exit.FINDINGS
    assert "Put the key file back that belongs to this store" in capsys.readouterr().err


def test_a_missing_file_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["restore", "/nowhere/a.db"]) == Exit.USAGE
    assert "There is no file /nowhere/a.db." in capsys.readouterr().err
