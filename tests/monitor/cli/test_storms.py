"""`homing bounce storms|judge`: what waits is listed, and a person's word is carried out."""

import json
import os
from pathlib import Path

import pytest

from data.suppression import suppressed
from monitor.app import open_app
from monitor.cli.main import Exit, run
from tests.sender.returns.test_storms import known
from tests.sender.world import World


@pytest.fixture(autouse=True)
def home() -> Path:
    path = Path(os.environ["HOMING_HOME"])
    path.mkdir()
    return path


def test_a_storm_is_listed_judged_and_gone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bounce", "storms"]) == Exit.CLEAN
    assert capsys.readouterr().out == "Nothing waits for a judgement.\n"
    with open_app() as app:
        known(World(app.store), 2)
    assert run(["bounce", "storms", "--json"]) == Exit.FINDINGS
    (storm,) = json.loads(capsys.readouterr().out)["storms"]
    assert (storm["provider"], storm["addresses"]) == ("x", ["u0@x.test", "u1@x.test"])
    assert run(["bounce", "judge", "x", "--real", "--note", "their list of leavers"]) == Exit.CLEAN
    assert capsys.readouterr().out == "2 suppressed, 0 restored, 0 spared\n"
    assert run(["bounce", "judge", "x", "--false"]) == Exit.USAGE
    assert "nothing of “x” waits" in capsys.readouterr().err
    with open_app() as app, app.store.read() as connection:
        assert len(suppressed(connection, storm["addresses"])) == 2
