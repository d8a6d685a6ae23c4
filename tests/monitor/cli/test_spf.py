"""`homing spf` over a real name server on loopback: the document, the exit codes, and line after line."""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from monitor.cli.main import Exit, run
from tests.fakes.served import served

pytestmark = pytest.mark.sockets

WORLD: dict[str, Any] = {
    "example.test": {"TXT": [["v=spf1 include:_spf.example.test -all exp=why.example.test"]]},
    "_spf.example.test": {"TXT": [["v=spf1 ip4:192.0.2.0/24 -all"]]},
    "why.example.test": {"TXT": [["%{i} is not ours"]]},
    "odd.test": {"TXT": [["v=spf1 a:macro%%percent%_space.odd.test exists:%{l}.odd.test ~all"]]},
    "broken.test": {"TXT": [["v=spf1 include:dead.test -all"]]},
    "dead.test": {"TXT": "SERVFAIL"},
    "mail.example.test": {"TXT": [["v=spf1 ip4:192.0.2.25 -all"]]},
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served(WORLD) as at:
        yield at


def homing(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["spf", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def document(
    capsys: pytest.CaptureFixture[str], server: str, ip: str, sender: str, helo: str = "mail.example.test"
) -> tuple[int, dict[str, Any]]:
    code, out, _ = homing(
        capsys, "--ip", ip, "--mail-from", sender, "--helo", helo, "--json", "--nameserver", server
    )
    return code, json.loads(out)


def test_a_pass_has_its_path_and_its_counts(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = document(capsys, server, "192.0.2.25", "ann@example.test")

    assert code == Exit.CLEAN
    assert told | {"reason": None} == told
    assert {key: told[key] for key in ("result", "explanation", "matched", "lookups", "voids")} == {
        "result": "pass",
        "explanation": None,
        "matched": "include:_spf.example.test → ip4:192.0.2.0/24",
        "lookups": 1,
        "voids": 0,
    }


def test_a_fail_has_the_words_of_the_domain(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = document(capsys, server, "198.51.100.1", "ann@example.test")

    assert (code, told["result"], told["matched"]) == (Exit.FINDINGS, "fail", "-all")
    assert told["explanation"] == "198.51.100.1 is not ours"


def test_a_dead_include_is_temporary_and_ends_with_three(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = document(capsys, server, "192.0.2.25", "ann@broken.test")

    assert (code, told["result"]) == (Exit.COULD_NOT_TELL, "temperror")
    assert "dead.test" in told["reason"]


def test_names_that_macros_make_are_asked_for_as_they_are(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Percent signs, blanks, backslashes and letters outside ASCII are no hosts, and no reason to stop."""
    for sender in ("ann@odd.test", "jörg@odd.test", 'a\\b"@odd.test', "..@odd.test"):
        _, told = document(capsys, server, "192.0.2.25", sender)
        assert told["result"] == "softfail", sender


def test_a_bounce_is_judged_by_the_helo_name(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = document(capsys, server, "192.0.2.25", "<>")

    assert (code, told["domain"]) == (Exit.CLEAN, "mail.example.test")


def test_people_get_sentences(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = homing(
        capsys, "--ip", "192.0.2.25", "--mail-from", "ann@example.test", "--nameserver", server
    )

    assert out.splitlines() == [
        "pass: 192.0.2.25 for example.test",
        "decided by include:_spf.example.test → ip4:192.0.2.0/24",
        "look-ups 1 of 10, void 0 of 2",
    ]
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "no address"),
        (["--ip", "192.0.2.25"], "no sender"),
        (["--ip", "mail.example.test", "--helo", "h"], "not an IPv4 or IPv6 address"),
    ],
)
def test_what_is_missing_is_said(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = homing(capsys, *arguments)

    assert (code, out) == (Exit.USAGE, "")
    assert sentence in err


def lines(monkeypatch: pytest.MonkeyPatch, *asked: object) -> None:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in asked)
    monkeypatch.setattr(sys, "stdin", io.StringIO(text + "\n"))


def test_lines_are_answered_in_their_order(
    server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    senders = ["ann@example.test", "ann@broken.test", "ann@none.test"] * 20
    lines(monkeypatch, *({"ip": "192.0.2.25", "mail_from": sender, "helo": "h.test"} for sender in senders))

    code, out, _ = homing(capsys, "--jsonl", "--nameserver", server)

    assert code == Exit.FINDINGS
    assert [json.loads(line)["result"] for line in out.splitlines()] == ["pass", "temperror", "none"] * 20


def test_a_line_that_cannot_be_read_is_answered_in_its_place(
    server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines(
        monkeypatch, "{", [1], {"ip": 5}, {"helo": "x"}, {"ip": "192.0.2.25", "mail_from": "ann@example.test"}
    )

    code, out, _ = homing(capsys, "--jsonl", "--nameserver", server)

    told = [json.loads(line) for line in out.splitlines()]
    assert code == Exit.USAGE
    assert ["error" in one for one in told] == [True, True, True, True, False]


def test_lines_that_are_done_can_be_skipped(
    server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines(monkeypatch, *({"ip": f"192.0.2.{n}", "mail_from": "ann@example.test"} for n in range(5)))

    _, out, _ = homing(capsys, "--jsonl", "--skip", "3", "--nameserver", server)

    assert len(out.splitlines()) == 2
