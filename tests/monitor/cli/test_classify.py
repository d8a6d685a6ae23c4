"""What came back can be asked of at the command line; the fields are a contract with whoever scripts it."""

import json
from pathlib import Path

import pytest

from monitor.cli.main import Exit, run

BOUNCE = b"""\
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

The user is unknown.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; gone@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.net>: user unknown

--b--
"""


def test_a_bounce_is_told_with_its_recipient_and_whose_fault_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bounce.eml").write_bytes(BOUNCE)
    (tmp_path / "letter.eml").write_bytes(b"From: ann@example.net\nSubject: lunch\n\nAt one?\n")
    paths = [str(tmp_path / name) for name in ("bounce.eml", "letter.eml")]
    assert run(["bounce", "classify", "--jsonl", *paths]) == Exit.CLEAN
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["recipient"] == "gone@example.net"
    assert (first["kind"], first["category"], first["status"]) == ("hard", "unknown_user", "5.1.1")
    assert (first["action"], first["fault"]) == ("suppress", "recipient")
    assert "user unknown" in first["diagnostic"]
    assert (second["kind"], second["category"]) == ("not_a_bounce", None)


def test_a_reply_is_told_like_a_bounce_without_a_recipient(capsys: pytest.CaptureFixture[str]) -> None:
    reply = "421-4.7.28 Our system has detected an unusual rate of unsolicited mail from your IP address"
    assert run(["reply", "classify", "--json", reply]) == Exit.CLEAN
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "none"
    assert told["fault"] == "sender", "never the contact's"


def test_a_file_that_is_not_there_gets_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bounce", "classify", "nowhere.eml"]) == Exit.USAGE
    assert "nowhere.eml cannot be read" in capsys.readouterr().err
