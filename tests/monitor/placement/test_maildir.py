"""A seed's Maildir is searched in every folder and left exactly as it was."""

import os
from datetime import timedelta
from mailbox import Maildir, MaildirMessage
from pathlib import Path

import pytest

from checks.model import Again
from monitor.placement.mailbox import Fault, Wanted
from monitor.placement.maildir import open_mailbox
from tests.monitor.conftest import NOON

WANTED = Wanted("one@news.example", NOON)


def mail(message_id: str = "one@news.example") -> MaildirMessage:
    return MaildirMessage(f"From: a@news.example\r\nMessage-ID: <{message_id}>\r\n\r\nHello\r\n".encode())


@pytest.fixture
def maildir(tmp_path: Path) -> Maildir:
    return Maildir(tmp_path / "seed", create=True)


def add(box: Maildir, message: MaildirMessage, minutes: float = 1) -> None:
    message.set_date((NOON + timedelta(minutes=minutes)).timestamp())
    box.add(message)


def snapshot(root: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def test_the_message_is_found_in_whatever_folder_it_lies(maildir: Maildir, tmp_path: Path) -> None:
    add(maildir.add_folder("Junk"), mail())
    add(maildir, mail("another@news.example"))

    found = open_mailbox({"path": str(tmp_path / "seed")}).find(WANTED)

    assert isinstance(found, tuple)
    assert [(letter.folder, letter.arrived) for letter in found] == [("Junk", NOON + timedelta(minutes=1))]


def test_looking_changes_nothing(maildir: Maildir, tmp_path: Path) -> None:
    add(maildir, mail())
    before = snapshot(tmp_path)

    open_mailbox({"path": str(tmp_path / "seed")}).find(WANTED)

    assert snapshot(tmp_path) == before


def test_both_copies_of_a_duplicated_message_are_found(maildir: Maildir, tmp_path: Path) -> None:
    add(maildir, mail())
    add(maildir.add_folder("Archive.2026"), mail(), minutes=2)

    found = open_mailbox({"path": str(tmp_path / "seed")}).find(WANTED)

    assert isinstance(found, tuple)
    assert [letter.folder for letter in found] == ["INBOX", "Archive/2026"]


def test_an_old_message_is_not_read(maildir: Maildir, tmp_path: Path) -> None:
    """A mailbox of ten years is not read through at each look."""
    add(maildir, mail(), minutes=-60)

    assert open_mailbox({"path": str(tmp_path / "seed")}).find(WANTED) == ()


def test_a_mailbox_that_is_not_there_is_the_accounts_fault(tmp_path: Path) -> None:
    found = open_mailbox({"path": str(tmp_path / "none")}).find(WANTED)

    assert found == Fault(f"there is no Maildir at {tmp_path / 'none'}", Again.NEVER)


def test_a_message_without_an_end_of_its_head_is_read_as_far_as_is_bearable(
    maildir: Maildir, tmp_path: Path
) -> None:
    (Path(maildir._path) / "new" / "1.hostile").write_bytes(b"X: " + b"y" * 3_000_000)
    os.utime(Path(maildir._path) / "new" / "1.hostile", (NOON.timestamp(), NOON.timestamp()))
    add(maildir, mail())

    found = open_mailbox({"path": str(tmp_path / "seed")}).find(WANTED)

    assert isinstance(found, tuple)
    assert len(found) == 1
