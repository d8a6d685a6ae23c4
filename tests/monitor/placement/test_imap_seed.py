"""A seed behind a real Dovecot: added, tried, read, and signed out; its letters stay unread."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from data import incidents, placement
from data.placement import Landed, Verdict
from monitor.app import open_app
from monitor.cli.main import Exit, run
from monitor.placement.accounts import account_of
from monitor.placement.imap import ImapMailbox
from monitor.placement.mailbox import Wanted
from monitor.placement.signedout import track_seed
from tests.lab.dovecot import PASSWORD, USER, Imap, dovecot
from tests.monitor.conftest import NOON

pytestmark = [pytest.mark.sockets, pytest.mark.lab("imap")]
MESSAGE = b"From: a@example.com\r\nMessage-ID: <m1@example.com>\r\nSubject: hello\r\n\r\nhello\r\n"


@pytest.fixture(scope="module")
def imap() -> Iterator[Imap]:
    with dovecot() as running:
        yield running


def add(imap: Imap, tmp_path: Path, password: str = PASSWORD) -> int:
    secret = tmp_path / "secret"
    secret.write_text(password + "\n")
    return run(
        ["seed", "add", "own", "seed@example.com", "--provider", "own", "--host", "127.0.0.1",
         "--port", str(imap.port), "--user", USER, "--secret-file", str(secret),
         "--ca-file", str(imap.authority)]
    )  # fmt: skip


def test_a_seed_is_added_tried_read_and_forgotten(
    imap: Imap, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imap.empty()
    imap.deliver(MESSAGE, "one")
    assert add(imap, tmp_path) == Exit.CLEAN
    assert run(["seed", "test", "own", "--json"]) == Exit.CLEAN
    assert PASSWORD not in (said := capsys.readouterr().out)
    assert json.loads(said.partition("\n")[2])["ok"]
    with open_app() as instance:
        with instance.store.read() as connection:
            seed = placement.find_seed(connection, "own")
        assert seed is not None
        found = ImapMailbox(account_of(instance, seed)).find(Wanted("m1@example.com", NOON))
    assert isinstance(found, tuple)
    assert [(letter.folder, b"Subject: hello" in letter.head) for letter in found] == [("INBOX", True)]
    assert imap.unread() == ["one"], "reading marks nothing"
    assert run(["seed", "remove", "own"]) == Exit.CLEAN
    assert run(["seed", "test", "own"]) == Exit.USAGE


def test_a_wrong_password_is_said_with_its_remedy(
    imap: Imap, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(imap, tmp_path, "wrong") == Exit.CLEAN
    assert run(["seed", "test", "own"]) == Exit.FINDINGS
    assert f"own cannot be read: 127.0.0.1 does not let {USER} in" in capsys.readouterr().out


def test_a_provider_that_nobody_knows_needs_a_host(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["seed", "add", "x", "x@example.com", "--provider", "nowhere"]) == Exit.USAGE
    assert "Give --host. Known are: aol, fastmail, gmail" in capsys.readouterr().err


def test_a_seed_that_is_signed_out_is_an_incident_until_it_is_read_again(imap: Imap, tmp_path: Path) -> None:
    add(imap, tmp_path)
    with open_app() as instance:
        config = instance.config
        with instance.store.read() as connection:
            seed = placement.find_seed(connection, "own")
        assert seed is not None
        story = (
            (Verdict.INBOX, 0), (Verdict.ACCOUNT_ERROR, 1), (Verdict.ACCOUNT_ERROR, 1), (Verdict.WAITING, 1),
            (Verdict.SPAM, 0),
        )  # fmt: skip
        for hour, (verdict, open_ones) in enumerate(story):
            with instance.store.write() as connection:
                result = Landed(verdict, note="it does not let me in")
                track_seed(connection, config, seed, result, NOON + timedelta(hours=hour))
                assert len(incidents.alive_of_kind(connection, "seed")) == open_ones, verdict
