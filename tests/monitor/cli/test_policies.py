"""`homing mta-sts` and `homing bimi`: one thing each, over a real name server."""

import json
from pathlib import Path

import pytest

from monitor.cli.main import Exit, run
from tests.fakes.served import served

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps"><title>Harbour</title></svg>'
)


@pytest.mark.sockets
def test_a_domain_without_a_policy_is_in_order_and_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMING__CHECKS__HTTPS", "false")
    with served({"example.test": {"MX": [[10, "mx.example.test"]]}}) as server:
        assert run(["mta-sts", "example.test", "--nameserver", server, "--json"]) == Exit.CLEAN
        found = json.loads(capsys.readouterr().out)
        assert run(["bimi", "example.test", "--nameserver", server]) == Exit.CLEAN

    assert {finding["code"] for finding in found["findings"]} == {"STS-001"}
    said = capsys.readouterr()
    assert "asserts no logo" in said.out
    assert said.err == ""  # "does not use it" is an answer: nobody is to look for another resolver


@pytest.mark.parametrize(
    ("text", "code", "valid"), [(LOGO, Exit.CLEAN, True), ("<svg/>", Exit.FINDINGS, False)]
)
def test_a_logo_file_is_judged_before_it_is_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: Exit, valid: bool
) -> None:
    (tmp_path / "logo.svg").write_text(text)

    assert run(["bimi", "--svg", str(tmp_path / "logo.svg"), "--json"]) == code
    assert json.loads(capsys.readouterr().out)["valid"] is valid


def test_a_missing_file_and_a_missing_argument_each_get_their_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["bimi", "--svg", "nowhere.svg"]) == Exit.USAGE
    assert "nowhere.svg cannot be read: No such file" in capsys.readouterr().err
    assert run(["bimi"]) == Exit.USAGE
    assert "give a domain, or --svg FILE, or --jsonl" in capsys.readouterr().err
