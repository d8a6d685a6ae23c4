"""`homing warmup`: begin, look, pause, resume, stop; and what is said to a mistake."""

import json
from typing import Any

import pytest

from data.servers import save_server
from monitor.app import open_app
from monitor.cli.main import Exit, run
from tests.fakes.campaign import NOON

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def a_server() -> None:
    with open_app() as instance, instance.store.write() as connection:
        save_server(connection, "out", "sink", {}, NOON)


def shown(out: Out) -> list[dict[str, Any]]:
    out.readouterr()
    assert run(["warmup", "show", "out", "--json"]) == Exit.CLEAN
    found: list[dict[str, Any]] = json.loads(out.readouterr().out)["warmups"]
    return found


def test_a_warm_up_is_begun_shown_paused_resumed_and_ended(capsys: Out) -> None:
    begun = ["warmup", "start", "out", "--provider", "gmail", "--provider", "outlook", "--plan", "manual"]
    assert run([*begun, "--day", "3"]) == Exit.CLEAN
    [gmail, outlook] = shown(capsys)
    assert (gmail["provider"], gmail["plan"], gmail["day"], gmail["allowance"]) == ("gmail", "manual", 3, 250)
    assert (outlook["state"], outlook["taken"], outlook["days"]) == ("running", 0, [])

    assert run(["warmup", "pause", "out", "--provider", "gmail"]) == Exit.CLEAN
    assert [one["state"] for one in shown(capsys)] == ["paused", "running"]
    assert run(["warmup", "resume", "out"]) == Exit.CLEAN
    assert [one["state"] for one in shown(capsys)] == ["running", "running"]

    assert run(["warmup", "stop", "out", "--provider", "gmail"]) == Exit.CLEAN
    assert [one["provider"] for one in shown(capsys)] == ["outlook"]
    assert run(["warmup", "stop", "out"]) == Exit.CLEAN
    assert shown(capsys) == []


def test_without_a_provider_each_gets_its_own_when_its_first_message_is_due(capsys: Out) -> None:
    assert run(["warmup", "start", "out"]) == Exit.CLEAN

    assert shown(capsys) == [{"server": "out", "provider": None, "state": "running", "plan": ""}]
    assert run(["warmup", "show"]) == Exit.CLEAN
    assert "begins with its first message" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["start", "nowhere"], "there is no sending server “nowhere”. There are: out."),
        (["start", "out", "--plan", "fast"], "there is no plan “fast”"),
        (["start", "out", "--provider", "aol"], "there is no provider “aol”"),
        (["start", "out", "--plan", "manual", "--day", "99"], "has 17 days"),
        (["pause", "out"], "nothing of out is running there"),
        (["stop", "out"], "out is not being warmed up there"),
    ],
)
def test_a_mistake_is_told_with_what_there_is(arguments: list[str], sentence: str, capsys: Out) -> None:
    assert run(["warmup", *arguments]) == Exit.USAGE
    assert sentence in capsys.readouterr().err
