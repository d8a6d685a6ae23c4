"""`homing placement`: what a person sees of a test."""

import json

import pytest

from monitor.app import open_app
from monitor.cli.main import Exit, run
from monitor.home import locate, prepare
from monitor.sandbox import prepare as prepare_sandbox


@pytest.fixture
def _stocked() -> None:
    """A new sandbox's home: a campaign, and seeds at every provider."""
    prepare_sandbox(prepare(locate()))


@pytest.mark.usefixtures("_stocked")
def test_a_test_is_begun_by_its_campaign_and_shows_every_seed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["placement", "run", "The Friday letter"]) == Exit.CLEAN
    number = capsys.readouterr().out.split()[1]
    assert run(["placement", "show", number, "--json"]) == Exit.CLEAN
    told = json.loads(capsys.readouterr().out)

    assert told["state"] == "waiting"
    assert len(told["seeds"]) == 16
    assert {seed["verdict"] for seed in told["seeds"]} == {"waiting"}
    assert run(["placement", "show"]) == Exit.CLEAN
    assert capsys.readouterr().out.startswith(f"Test {number}, waiting")


def test_what_does_not_exist_gets_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with open_app():
        pass
    assert run(["placement", "run", "Nothing"]) == Exit.USAGE
    assert "there is no campaign “Nothing”. There are: none." in capsys.readouterr().err
    assert run(["placement", "show"]) == Exit.USAGE
    assert "homing placement run CAMPAIGN" in capsys.readouterr().err
