"""A bounce mailbox on a real Dovecot: read once, filed away, and whatever else is in it stays."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from checks.model import Again
from checks.net.imap import Account, Fault, Session, visit
from data.mailboxes import Stand, put_aside
from data.tables import mailbox_mail
from sender.returns.mailbox import Desk, read_mailbox
from sender.returns.reader import Reader
from tests.lab.dovecot import PASSWORD, USER, Imap, dovecot
from tests.sender.returns import mails
from tests.sender.returns.test_processing import Poisoned
from tests.sender.returns.test_receive import TOKENS, Back
from tests.sender.world import NOW, World

pytestmark = [pytest.mark.lab("imap"), pytest.mark.sockets]
LETTER = b"From: ann@example.net\r\nSubject: lunch\r\n\r\nAt one?\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Imap]:
    with dovecot() as running:
        yield running


@pytest.fixture
def imap(server: Imap) -> Imap:
    server.empty()
    return server


def account(imap: Imap, **changes: str) -> Account:
    given = {"user": USER, "password": PASSWORD, "ca_file": str(imap.authority)} | changes
    return Account("127.0.0.1", imap.port, **given)


def rounds(world: World, imap: Imap, reader: Reader, folder: str = "INBOX") -> dict[str, int] | Fault:
    desk = Desk("bounces", "Gelesen/März", world.store, TOKENS, reader, lambda: NOW)

    def work(session: Session) -> dict[str, int]:
        session.select(folder)
        return dict(read_mailbox(desk, session))

    return visit(account(imap), work)


def stands(world: World) -> list[str]:
    with world.store.read() as connection:
        return list(connection.scalars(select(mailbox_mail.c.stand).order_by(mailbox_mail.c.uid)))


def test_a_bounce_is_carried_out_once_and_filed_away_and_a_letter_stays(world: World, imap: Imap) -> None:
    back = Back(world)
    imap.deliver(mails.DSN.format(**back.fill()).encode(), "m1")
    imap.deliver(LETTER, "m2")
    with Reader() as reader:
        assert rounds(world, imap, reader) == {"recorded": 1, "no notice": 1}
        assert rounds(world, imap, reader) == {}
        imap.deliver(mails.DSN.format(**back.fill(own="2")).encode(), "m3")
        assert rounds(world, imap, reader) == {"recorded": 1}
    assert imap.names() == ["m2"]
    assert imap.unread() == ["m2"], "a person's letter is not marked as read"
    assert len(imap.names("Gelesen.M&AOQ-rz")) == 2
    assert back.events() == [("bounce", "hard"), ("bounce", "hard")]
    with world.store.read() as connection:
        assert [(known.stand, known.note) for _, known in put_aside(connection)] == [
            (Stand.LEFT, "no notice")
        ]


def test_what_kills_its_reader_stays_after_three_tries_and_the_rest_is_read(world: World, imap: Imap) -> None:
    back = Back(world)
    imap.deliver(b"Subject: poison\r\n\r\n", "m1")
    imap.deliver(mails.DSN.format(**back.fill()).encode(), "m2")
    with Poisoned() as reader:
        ended = [rounds(world, imap, reader) for _ in range(5)]
    assert ended[0] == {"failed": 1, "recorded": 1}
    assert ended[3] == {"reading it failed 3 times": 1}
    assert ended[4] == {}
    assert imap.names() == ["m1"]


@pytest.mark.parametrize("octets", [700, 1100, 1500, 2200, 3000])
def test_a_connection_that_breaks_anywhere_loses_nothing_and_does_nothing_twice(
    world: World, imap: Imap, octets: int
) -> None:
    backs = [Back(world, f"u{number}@x.test") for number in range(3)]
    for number, back in enumerate(backs):
        imap.deliver(mails.DSN.format(**back.fill(own=str(number))).encode(), f"m{number}")
    imap.front.cuts = [octets, octets + 300]
    with Reader() as reader:
        broken = [rounds(world, imap, reader) for _ in range(2)]
        assert any(isinstance(each, Fault) and each.again is Again.LATER for each in broken)
        rounds(world, imap, reader)
    assert imap.names() == []
    assert [back.events() for back in backs[:1]] == [[("bounce", "hard")] * 3]
    assert set(stands(world)) == {"filed"}


def test_a_folder_that_was_made_anew_is_read_anew_without_harm(world: World, imap: Imap) -> None:
    """RFC 3501 section 2.3.1.1: with another UIDVALIDITY the UIDs mean nothing any more."""
    back = Back(world)
    imap.deliver(mails.DSN.format(**back.fill()).encode(), "m1")
    with Reader() as reader:
        assert rounds(world, imap, reader) == {"recorded": 1}
        imap.empty()
        imap.deliver(mails.DSN.format(**back.fill()).encode(), "m1")
        assert rounds(world, imap, reader) == {"recorded before": 1}
    assert back.events() == [("bounce", "hard")]


def test_an_account_that_is_wrong_is_told_with_what_to_mend(world: World, imap: Imap) -> None:
    def nothing(session: Session) -> None:
        del session

    wrong = visit(account(imap, password="guess"), nothing)
    assert wrong == Fault("127.0.0.1 does not let returns in", Again.NEVER)
    strange = visit(account(imap, ca_file=""), nothing)
    assert isinstance(strange, Fault)
    assert strange.again is Again.NEVER
    assert "certificate" in strange.why
    with Reader() as reader:
        missing = rounds(world, imap, reader, "Nowhere")
    assert isinstance(missing, Fault)
    assert "Nowhere" in missing.why
    assert PASSWORD not in repr(account(imap))


PROGRAM = """
import os, signal, sys
from data.store import open_store
from sender.returns import mailbox
from checks.net.imap import Account, visit
from sender.returns.mail import read_mail
from sender.returns.understand import understand
from tests.sender.returns.test_receive import TOKENS
from tests.sender.world import NOW

url, port, ca, at = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
steps = iter(range(1000))

def dying(function):
    def step(*args, **kwargs):
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return step

class Session:
    def __init__(self, inner):
        self.inner, self.validity = inner, inner.validity
        for name in ("uids", "fetch", "file_away"):
            setattr(self, name, dying(getattr(inner, name)))

for name in ("begin", "stand"):
    setattr(mailbox.mailboxes, name, dying(getattr(mailbox.mailboxes, name)))

def work(session):
    session.select("INBOX")
    return mailbox.read_mailbox(desk, Session(session))

if __name__ == "__main__":
    class Reader:
        read = staticmethod(lambda raw: (read_mail(raw), understand(raw)))

    desk = mailbox.Desk("bounces", "Homing", open_store(url), TOKENS, Reader(), lambda: NOW)
    print(visit(Account("127.0.0.1", port, "returns", "s3cret", ca), work))
"""


def test_a_kill_at_any_step_loses_nothing_and_does_nothing_twice(
    world: World, imap: Imap, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    root = Path(__file__).resolve().parents[3]
    back = Back(world)
    for number in range(2):
        imap.deliver(mails.DSN.format(**back.fill(own=str(number))).encode(), f"m{number}")
    url = str(world.store.engine.url)
    kills = 0
    for step in (4, 5, 8, 99):  # before the events are stored, before the move, before the move is told
        command = [sys.executable, str(program), url, str(imap.port), str(imap.authority), str(step)]
        environment = {"PYTHONPATH": str(root)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        kills += done.returncode == -signal.SIGKILL
        if step == 4:
            assert back.events() == []
    assert kills == 3, done.stderr
    assert imap.names() == []
    assert len(imap.names("Homing")) == 2
    assert back.events() == [("bounce", "hard")] * 2
