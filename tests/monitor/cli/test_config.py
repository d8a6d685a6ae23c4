"""`homing config`: what is wrong, what is in force and who said it, and the schema."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from monitor.cli.main import Exit, run
from monitor.config.starter import starter

TOML = """\
[web]
port = 8080
hook_token = "a-token-that-nobody-sees"

[schedule]
audit = "90s"

[[targets]]
domain = "example.com"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "homing.toml"
    path.write_text(TOML)
    return path


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[object, str]]:
    document = json.loads(capsys.readouterr().out)
    return {each["name"]: (each["value"], each["origin"]) for each in document["settings"]}


def test_each_setting_is_told_with_who_said_it(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMING__WEB__HOST", "127.0.0.2")
    assert run(["config", "show", "--file", str(file), "--json"]) == Exit.CLEAN
    found = told(capsys)
    assert found["web.port"] == (8080, f"{file}:2")
    assert found["web.host"] == ("127.0.0.2", "HOMING__WEB__HOST")
    assert found["schedule.audit"] == ("90s", f"{file}:6")
    assert found["targets[1].domain"] == ("example.com", f"{file}:9")
    assert "dashboard.port" not in found
    assert run(["config", "show", "--file", str(file), "--json", "--all"]) == Exit.CLEAN
    assert told(capsys)["dashboard.port"] == (8501, "default")


def test_a_secret_is_never_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "show", "--file", str(file), "--all", "--origin"]) == Exit.CLEAN
    said = capsys.readouterr().out
    assert "a-token-that-nobody-sees" not in said
    assert f'web.hook_token = "********"  # {file}:3' in said


def test_what_is_wrong_is_said_and_what_is_right_too(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "check", "--file", str(file)]) == Exit.CLEAN
    assert capsys.readouterr().out == f"{file} is right.\n"
    file.write_text(TOML.replace("port =", "prot ="))
    assert run(["config", "check", "--file", str(file)]) == Exit.USAGE
    assert f'{file}:2: "web.prot" is not a setting. Did you mean "port"?' in capsys.readouterr().err


def test_the_schema_is_one_and_takes_what_the_program_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "schema"]) == Exit.CLEAN
    schema = json.loads(capsys.readouterr().out)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    assert not list(validator.iter_errors(tomllib.loads(TOML)))
    assert not list(validator.iter_errors(tomllib.loads(starter("example.com"))))
    assert list(validator.iter_errors(tomllib.loads('[schedule]\naudit = "7 weeks"')))
    assert schema["$defs"]["Schedule"]["properties"]["audit"]["default"] == "1h"
