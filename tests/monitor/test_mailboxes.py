"""`homing bounce poll|aside`: the configured mailboxes, read now; what is not ours is listed."""

import json
import os
from pathlib import Path

import pytest

from monitor.cli.main import Exit, run
from sender.returns.intake import put, quarantine
from tests.lab.dovecot import PASSWORD, USER, dovecot
from tests.sender.world import NOW


@pytest.fixture
def home() -> Path:
    path = Path(os.environ["HOMING_HOME"])
    path.mkdir()
    return path


@pytest.mark.lab("imap")
@pytest.mark.sockets
def test_a_mailbox_is_read_and_what_is_not_ours_is_listed(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "password").write_text(PASSWORD)
    monkeypatch.setenv("HOMING__MAILBOXES__BOUNCES__PASSWORD_FILE", str(home / "password"))
    with dovecot() as imap:
        entry = f'name = "bounces"\nhost = "127.0.0.1"\nport = {imap.port}\nuser = "{USER}"\n'
        (home / "homing.toml").write_text(f'[[mailboxes]]\n{entry}ca_file = "{imap.authority}"\n')
        imap.deliver(b"From: ann@example.net\r\nSubject: lunch\r\n\r\nAt one?\r\n", "m1")
        assert run(["bounce", "poll"]) == Exit.CLEAN
        assert capsys.readouterr().out == "bounces: 1 no notice\n"
        assert run(["bounce", "poll", "--json", "bounces"]) == Exit.CLEAN
        assert json.loads(capsys.readouterr().out)["mailboxes"][0]["counts"] == {}
    put(home / "intake", b"Subject: hello\r\n\r\n", "", NOW)
    quarantine(next((home / "intake").glob("*.mail")), "no notice")
    assert run(["bounce", "aside", "--json"]) == Exit.CLEAN
    aside = json.loads(capsys.readouterr().out)["aside"]
    assert [each["why"] for each in aside] == ["no notice", "no notice"]
    assert aside[0] == {"where": "bounces", "name": "UID 1", "why": "no notice"}


@pytest.mark.sockets
def test_a_mailbox_that_cannot_be_read_is_told_with_exit_code_3(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = 'name = "bounces"\nhost = "127.0.0.1"\nport = 1\nuser = "a"\npassword = "b"\n'
    (home / "homing.toml").write_text(f"[[mailboxes]]\n{entry}")
    assert run(["bounce", "poll"]) == Exit.COULD_NOT_TELL
    assert "bounces: no connection to 127.0.0.1:1" in capsys.readouterr().out


def test_without_a_mailbox_the_section_to_add_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["bounce", "poll"]) == Exit.USAGE
    assert f"add a [[mailboxes]] section to {home / 'homing.toml'}" in capsys.readouterr().err
