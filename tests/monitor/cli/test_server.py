"""`homing server`: a key that is sealed and never shown, a test that sends nothing, sharing and pausing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.app import open_app
from monitor.cli.main import Exit, run
from monitor.servers.presets import PRESETS
from sender.delivery.transports import TRANSPORTS
from tests.fakes.providers.serving import Served, serving
from tests.fakes.providers.ses import KEY, REGION, SECRET, SesAccount

Out = pytest.CaptureFixture[str]


@pytest.fixture
def account() -> SesAccount:
    return SesAccount()


@pytest.fixture
def served(account: SesAccount) -> Iterator[Served]:
    with serving(account.obey) as up:
        yield up


def add_ses(served: Served, monkeypatch: pytest.MonkeyPatch, secret: str = SECRET) -> None:
    monkeypatch.setenv("SES_SECRET", secret)
    settings = {"url": served.url, "private": "true", "region": REGION, "access_key": KEY}
    given = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    assert run(["server", "add", "ses", "--kind", "ses", *given, "--secret-env", "SES_SECRET"]) == Exit.CLEAN


def listed(out: Out) -> list[dict[str, Any]]:
    out.readouterr()
    assert run(["server", "list", "--json"]) == Exit.CLEAN
    found: list[dict[str, Any]] = json.loads(out.readouterr().out)["servers"]
    return found


@pytest.mark.sockets
def test_a_server_is_tried_without_sending_and_its_key_is_never_shown(
    served: Served, account: SesAccount, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    add_ses(served, monkeypatch)
    assert run(["server", "test", "ses"]) == Exit.CLEAN
    assert run(["server", "show", "ses"]) == Exit.CLEAN
    said = capsys.readouterr()

    assert "ses works." in said.out
    assert "it writes its own Message-ID" in said.out
    assert "key: sealed in the store" in said.out
    assert SECRET not in said.out + said.err + json.dumps(listed(capsys))
    assert account.taken == []


@pytest.mark.sockets
def test_a_test_message_goes_to_an_address_of_ones_own_only(
    served: Served, account: SesAccount, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    add_ses(served, monkeypatch)
    assert run(["server", "test", "ses", "--to", "ann@example.com"]) == Exit.USAGE
    assert "not registered as your own" in capsys.readouterr().err

    run(["own", "add", "ann@example.com"])
    capsys.readouterr()
    assert run(["server", "test", "ses", "--to", "ann@example.com", "--json"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out)["sent"]["result"] == "accepted"
    assert [message["To"] for message, _ in account.taken] == ["ann@example.com"]


@pytest.mark.sockets
def test_a_server_that_does_not_work_says_why(
    served: Served, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    add_ses(served, monkeypatch, secret="wrong")
    assert run(["server", "test", "ses"]) == Exit.FINDINGS
    assert "ses does not work: InvalidSignatureException" in capsys.readouterr().out


def test_a_key_comes_from_a_file_or_the_environment_and_a_missing_one_is_asked_for(
    tmp_path: Path, capsys: Out
) -> None:
    settings = ["--kind", "ses", "--set", "region=eu-west-1", "--set", "access_key=AKIA"]
    assert run(["server", "add", "ses", *settings]) == Exit.USAGE
    assert "--secret-file" in capsys.readouterr().err
    assert run(["server", "add", "ses", *settings, "--set", "secret=abc"]) == Exit.USAGE

    (tmp_path / "key").write_text("from-a-file\n")
    assert run(["server", "add", "ses", *settings, "--secret-file", str(tmp_path / "key")]) == Exit.CLEAN
    assert listed(capsys)[0]["has_key"] is True


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "x", "--kind", "fax"], "there is no kind of server “fax”"),
        (["add", "x", "--preset", "submission"], "needs --set host=…, --set user=…"),
        (["add", "x", "--kind", "smtp"], "needs “host”"),
        (["add", "x", "--kind", "smtp", "--set", "host=a", "--set", "colour=blue"], "no setting “colour”"),
        (["add", "x", "--kind", "smtp", "--set", "host=a", "--set", "user=b"], "verified TLS only"),
        (["add", "x", "--kind", "sink", "--set", "per_day=-1"], "“per_day”"),
        (["add", "a b", "--kind", "sink"], "cannot be a server's name"),
        (["show", "nobody"], "there is no server “nobody”"),
    ],
)
def test_a_mistake_is_said_in_one_sentence(arguments: list[str], sentence: str, capsys: Out) -> None:
    assert run(["server", *arguments]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


def test_servers_share_stand_in_pause_and_leave(capsys: Out) -> None:
    for name, kind in (("all", "pool"), ("one", "sink"), ("two", "sink")):
        assert run(["server", "add", name, "--kind", kind]) == Exit.CLEAN
    assert run(["server", "member", "all", "one", "--weight", "3"]) == Exit.CLEAN
    assert run(["server", "member", "all", "two", "--provider", "Gmail"]) == Exit.CLEAN
    assert run(["server", "member", "one", "two"]) == Exit.USAGE  # no pool: spares only
    assert run(["server", "member", "one", "two", "--spare"]) == Exit.CLEAN
    assert run(["server", "pause", "one", "--why", "new IP"]) == Exit.CLEAN

    pool, one, _ = listed(capsys)
    assert [(each["server"], each["weight"], each["provider"]) for each in pool["members"]] == [
        ("one", 3, None),
        ("two", 1, "gmail"),
    ]
    assert (one["state"], one["reason"], one["members"][0]["spare"]) == ("paused", "new IP", True)

    assert run(["server", "resume", "one"]) == Exit.CLEAN
    assert run(["server", "remove", "two"]) == Exit.CLEAN
    assert [(each["name"], each["state"], len(each["members"])) for each in listed(capsys)] == [
        ("all", "open", 1),
        ("one", "open", 0),
    ]


def test_changed_settings_are_kept_beside_the_others(capsys: Out) -> None:
    run(["server", "add", "mta", "--preset", "local", "--set", "port=2525"])
    run(["server", "set", "mta", "--set", "per_day=500", "--unset", "port"])

    assert listed(capsys)[0]["settings"] == {"host": "127.0.0.1", "tls": "opportunistic", "per_day": 500}


def test_a_key_goes_with_its_server() -> None:
    run(["server", "add", "mta", "--preset", "local"])
    with open_app() as instance:
        from data.secrets import put_secret, secret_names

        with instance.store.write() as connection:
            put_secret(connection, instance.keys, "server/mta", b"x", instance.now())
    run(["server", "remove", "mta"])
    with open_app() as instance, instance.store.read() as connection:
        assert "server/mta" not in secret_names(connection)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_server_once_its_needs_are_given(name: str) -> None:
    preset = PRESETS[name]
    given = {**preset.settings, **dict.fromkeys(preset.needs, "example")}

    TRANSPORTS[preset.kind].settings.model_validate(given)
