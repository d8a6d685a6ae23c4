"""`homing verify` over a real name server on loopback."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.main import Exit, run
from tests.fakes.served import served
from tests.fakes.signing import KEY_NAME, PLAIN, record, signed

pytestmark = pytest.mark.sockets

IP = "192.0.2.25"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    names = {
        KEY_NAME: {"TXT": [[record()[:200], record()[200:]]]},
        "example.com": {"TXT": [[f"v=spf1 ip4:{IP} -all"]]},
        "_dmarc.example.com": {"TXT": [["v=DMARC1; p=quarantine"]]},
    }
    with served(names) as at:
        yield at


def test_the_document_has_the_promised_keys(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mail.eml"
    file.write_bytes(b"Return-Path: <bounce@example.com>\n" + signed().replace(b"\r\n", b"\n"))
    code = run(["verify", str(file), "--ip", IP, "--json", "--nameserver", server])
    said = json.loads(capsys.readouterr().out)
    assert code == Exit.CLEAN
    assert said["spf"]["result"] == "pass"
    assert {k: said["dkim"][0][k] for k in ("domain", "selector", "result", "reason")} == {
        "domain": "example.com",
        "selector": "s1",
        "result": "pass",
        "reason": "",
    }
    assert (said["dmarc"]["result"], said["dmarc"]["policy"]) == ("pass", "quarantine")
    assert said["arc"]["result"] == "none"


def test_people_read_what_broke(server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mail.eml"
    file.write_bytes(signed().replace(b"good day", b"\x1b[31mgood night"))
    code = run(["verify", str(file), "--nameserver", server])
    out = capsys.readouterr().out
    assert code == Exit.FINDINGS
    assert "DKIM   fail: the body changed after signing (d=example.com s=s1)" in out
    assert "SPF    not asked (no --ip)" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("content", "arguments", "sentence"),
    [
        (None, [], "cannot read"),
        (b"\r\nno header", [], "has no header fields"),
        (PLAIN, ["--ip", "x"], "is not an IPv4 or IPv6 address"),
    ],
)
def test_each_mistake_has_its_sentence(
    content: bytes | None,
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "mail.eml"
    if content is not None:
        file.write_bytes(content)
    assert run(["verify", str(file), *arguments]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


def test_many_messages_are_answered_line_by_line(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(signed())
    bad.write_bytes(PLAIN)
    lines = "\n".join(json.dumps({"file": str(file), "ip": IP}) for file in (good, bad))
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert run(["verify", "--jsonl", "--nameserver", server]) == Exit.FINDINGS
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["dmarc"]["result"] for each in said] == ["pass", "fail"]
