"""What every command that checks something takes, and that it means the same everywhere."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.main import Exit, run
from tests.fakes.lists import healthy
from tests.fakes.served import served

pytestmark = pytest.mark.sockets

IP = "192.0.2.25"
OPTIONS = (
    "--nameserver",
    "--timeout",
    "--profile",
    "--fail-on",
    "--unknown",
    "--at",
    "--json",
    "--sarif",
    "--timing",
    "--jsonl",
    "--skip",
)
WORLD: dict[str, Any] = {
    **healthy(),
    "example.test": {"TXT": [["v=spf1 ip4:192.0.2.25 -all"]], "MX": [[10, "mail.example.test"]]},
    "_dmarc.example.test": {"TXT": [["v=DMARC1; p=reject"]]},
    "mail.example.test": {"A": [IP]},
    "dead.test": {"TXT": "SERVFAIL", "SOA": "SERVFAIL"},
    "_dmarc.dead.test": {"TXT": "SERVFAIL"},
    "_mta-sts.dead.test": {"TXT": "SERVFAIL"},
    "default._bimi.dead.test": {"TXT": "SERVFAIL"},
}
MESSAGE = b"From: ann@example.test\r\nSubject: hello\r\n\r\nhello\r\n"


@pytest.fixture(autouse=True)
def _no_strangers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing but DNS, and a message to judge."""
    monkeypatch.setenv("HOMING__CHECKS__SMTP", "false")
    monkeypatch.setenv("HOMING__CHECKS__HTTPS", "false")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mail.eml").write_bytes(MESSAGE)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served(WORLD) as at:
        yield at


COMMANDS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "check": (["example.test", "--only", "spf"], {"domain": "example.test", "only": "spf"}),
    "blocklists": ([IP], {"ip": IP}),
    "spf": (
        ["--ip", "192.0.2.9", "--mail-from", "ann@example.test"],
        {"ip": "192.0.2.9", "mail_from": "ann@example.test"},
    ),
    "dmarc": (["none.test"], {"domain": "none.test"}),
    "verify": (["mail.eml"], {"file": "mail.eml"}),
    "mta-sts": (["example.test"], {"domain": "example.test"}),
    "bimi": (["example.test"], {"domain": "example.test"}),
}
"""name -> (its arguments, the same as a line of --jsonl)"""


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_names_every_shared_option_and_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([name, "--help"]) == Exit.CLEAN
    shown = capsys.readouterr().out
    assert [option for option in OPTIONS if option not in shown] == []
    assert f"homing {name} " in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_a_line_is_answered_like_the_command(
    name: str, server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, line = COMMANDS[name]
    at = ["--nameserver", server, "--at", "2026-11-23T09:00Z"]
    code = run([name, *arguments, *at, "--json"])
    alone = json.loads(capsys.readouterr().out)
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(line) + "\n"))
    assert run([name, "--jsonl", *at]) == code
    (told,) = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert _without_times(told) == _without_times(alone)


def _without_times(document: dict[str, Any]) -> dict[str, Any]:
    """Without what differs from one run to the next."""
    for finding in document.get("findings", []):
        for proof in finding.get("evidence", []):
            proof["at"] = proof["ttl"] = None
    return document


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_prints_sarif_and_its_timing(
    name: str, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run([name, *COMMANDS[name][0], "--nameserver", server, "--sarif", "--timing"])
    captured = capsys.readouterr()
    assert json.loads(captured.out)["version"] == "2.1.0"
    assert "the longest chain has" in captured.err


@pytest.mark.parametrize("name", COMMANDS)
def test_lines_and_one_document_exclude_each_other(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--jsonl", "--sarif"]) == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "give one of them" in captured.err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_time_that_is_none_is_said(name: str, server: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [name, *COMMANDS[name][0], "--nameserver", server, "--at", "noon"]
    assert run(arguments) == Exit.USAGE
    assert "“noon” is no ISO 8601 time" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ["spf", "--ip", IP, "--mail-from", "ann@dead.test"],
        ["dmarc", "dead.test"],
        ["mta-sts", "dead.test"],
        ["check", "dead.test", "--only", "spf"],
    ],
)
@pytest.mark.parametrize(
    ("unknown", "code"),
    [("warn", Exit.COULD_NOT_TELL), ("fail", Exit.FINDINGS), ("ignore", Exit.CLEAN)],
)
def test_an_open_question_ends_as_one_wants(
    command: list[str], unknown: str, code: Exit, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--nameserver", server, "--unknown", unknown]) == code
    capsys.readouterr()


def test_findings_on_one_line_win_over_open_questions_and_bad_lines(
    server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ['{"domain": "dead.test"}', "nonsense", '{"domain": "none.test"}']
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert run(["dmarc", "--jsonl", "--nameserver", server]) == Exit.FINDINGS
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["error" in each for each in told] == [False, True, False]


def test_a_line_has_a_time_and_a_profile_of_its_own(
    server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = {"domain": "example.test", "only": ["spf"], "profile": "parked", "at": "2026-01-02T03:04Z"}
    lines = [json.dumps(line), json.dumps({**line, "at": "noon"}), json.dumps({**line, "profile": "huge"})]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    run(["check", "--jsonl", "--nameserver", server])
    told, no_time, no_profile = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told["at"] == "2026-01-02T03:04:00+00:00"
    assert told["target"]["profile"] == "parked"
    assert "noon" in no_time["error"]
    assert "huge" in no_profile["error"]
