"""Configuration: what wins, and the sentence for everything that can be wrong."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config import load, split_nameserver
from monitor.config.starter import starter
from monitor.problem import Problem


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "homing.toml"
    path.write_text(text)
    return path


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml", {}).config.web.host == "127.0.0.1"


def test_flag_wins_over_environment_over_file_over_default(tmp_path: Path) -> None:
    path = written(tmp_path, "[web]\nport = 1001\n[dashboard]\nport = 1002\n[inbound]\nport = 1003\n")
    environment = {"HOMING__WEB__PORT": "2001", "HOMING__DASHBOARD__PORT": "2002"}

    loaded = load(path, environment, {("web", "port"): 3001})

    config = loaded.config
    assert (config.web.port, config.dashboard.port, config.inbound.port) == (3001, 2002, 1003)
    assert loaded.origins == {("web", "port"): "--web-port", ("dashboard", "port"): "HOMING__DASHBOARD__PORT"}


def test_a_secret_may_come_from_a_file_that_the_environment_names(tmp_path: Path) -> None:
    path = written(tmp_path, '[[channels]]\nname = "on-call"\nkind = "webhook"\nurl = "https://a.example/"\n')
    (tmp_path / "secret").write_text("whsec_Zm9v\n")
    environment = {"HOMING__CHANNELS__ON_CALL__SECRET_FILE": str(tmp_path / "secret")}

    (channel,) = load(path, environment).config.channels

    assert channel.kind == "webhook"
    assert channel.secret.get_secret_value() == "whsec_Zm9v"
    assert "Zm9v" not in repr(channel)


@pytest.mark.parametrize(
    ("said", "a_minute"), [("7/s", 420), ("50/m", 50), ("50/min", 50), ("1000/h", 1000 / 60), ("1440/d", 1)]
)
def test_a_pace_is_written_as_people_say_it(tmp_path: Path, said: str, a_minute: float) -> None:
    path = written(tmp_path, f'[[providers]]\nname = "gmail"\nrate = "{said}"\n')

    [provider] = load(path, {}).config.providers

    assert provider.rate
    assert provider.rate * 60 == pytest.approx(a_minute)


def test_spans_are_written_as_people_say_them(tmp_path: Path) -> None:
    path = written(tmp_path, '[schedule]\naudit = "90m"\n[alerts]\nconfirm_after = 2.5\n')

    config = load(path, {}).config

    assert (config.schedule.audit, config.alerts.confirm_after) == (
        timedelta(minutes=90),
        timedelta(seconds=2.5),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[web]\nprot = 1\n", ':2: "web.prot" is not a setting. Did you mean "port"?'),
        ("\n[wbe]\nport = 1\n", ':2: "wbe" is not a setting. Did you mean "web"?'),
        ("[web]\nport = 70000\n", ':2: "web.port": input should be less than or equal to 65535.'),
        (
            '[schedule]\naudit = "7 weeks"\n',
            ':2: "schedule.audit": "7 weeks" is not a length of time; write 90s, 15m, 6h or 1d.',
        ),
        (
            '[[targets]]\ndomain = "a.example"\n[[targets]]\ndomain = "b.example"\nips = ["1.2.3"]\n',
            ':5: "targets[2].ips[1]": "1.2.3" is not an IP address.',
        ),
        (
            '[[targets]]\ndomain = "https://a.example/"\n',
            ":2: \"targets[1].domain\": 'https://a.example/' is a URL. Give its domain alone: a.example.",
        ),
        (
            '[[channels]]\nname = "x"\nkind = "webhook"\n',
            ':1: "channels[1].url" is missing.',
        ),
        (
            '[[channels]]\nname = "x"\nkind = "webhook"\nurl = "https://a.example/"\nsecert = "y"\n',
            ':5: "channels[1].secert" is not a setting. Did you mean "secret"?',
        ),
        (
            '[resolver]\nnameservers = ["dns.example"]\n',
            ':2: "resolver.nameservers[1]": "dns.example" is not a name server; write 192.0.2.53:5353.',
        ),
        ("[web\n", ": not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 5)."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(Problem) as caught:
        load(path, {})

    assert str(caught.value) == f"{path}{sentence}"


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        load(written(tmp_path, "[web]\nprot = 1\nhots = 2\n"), {})

    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"HOMING__WEB__PROT": "1"}, 'HOMING__WEB__PROT: "web.prot" is not a setting. Did you mean "port"?'),
        (
            {"HOMING__WEB__PORT_FILE": "/nowhere"},
            "HOMING__WEB__PORT_FILE: cannot read /nowhere ([Errno 2] No such file or directory: '/nowhere').",
        ),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(Problem) as caught:
        load(tmp_path / "none.toml", environment)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("domain", ["", "example.com"])
def test_the_starter_configuration_loads_and_watches_what_was_asked(tmp_path: Path, domain: str) -> None:
    config = load(written(tmp_path, starter(domain)), {}).config

    assert [target.domain for target in config.targets] == ([domain] if domain else [])
    assert [channel.name for channel in config.channels] == ["file"]


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("192.0.2.53:5353", ("192.0.2.53", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)),
    ],
)
def test_a_name_server_has_an_address_and_perhaps_a_port(text: str, server: tuple[str, int]) -> None:
    assert split_nameserver(text) == server
