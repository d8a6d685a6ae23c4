"""The intake is worked off whatever lies in it; what kills the reader is put aside after three tries."""

import base64
import gzip
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from data.reports import kept
from data.store import Store
from data.tables import event
from sender.returns import reader as reading
from sender.returns.intake import QUARANTINE, put, waiting
from sender.returns.processing import process
from sender.returns.reader import Reader
from tests.checks.reports.test_aggregate import report
from tests.sender.returns import mails
from tests.sender.returns.test_receive import TOKENS, Back
from tests.sender.world import NOW, World


def test_good_mail_is_carried_out_and_gone_strange_mail_is_kept(world: World, tmp_path: Path) -> None:
    back = Back(world)
    put(tmp_path, mails.DSN.format(**back.fill()).encode(), back.path, NOW)
    put(tmp_path, b"Subject: hello\r\n\r\nhow are you?", "fbl@rp.brand.test", NOW)
    with Reader() as reader:
        assert process(world.store, TOKENS, tmp_path, reader, lambda: NOW) == {"recorded": 1, "no notice": 1}
        assert process(world.store, TOKENS, tmp_path, reader, lambda: NOW) == {}
    assert back.events() == [("bounce", "hard")]
    assert [path.suffix for path in sorted((tmp_path / QUARANTINE).iterdir())] == [".mail", ".why"]


class Poisoned(Reader):
    """A reader that one mail kills."""

    def read(self, raw: bytes) -> reading.Read | None:
        if b"poison" in raw:
            self._open().send_bytes(b"x")
            assert self._child is not None
            os.kill(self._child.pid or 0, 9)
            time.sleep(0.05)
            self.close()
            return None
        return super().read(raw)


def test_a_mail_that_kills_its_reader_stops_nobody_and_is_put_aside(world: World, tmp_path: Path) -> None:
    back = Back(world)
    put(tmp_path, b"Subject: poison\r\n\r\n", "", NOW)
    put(tmp_path, mails.DSN.format(**back.fill()).encode(), back.path, NOW)
    with Poisoned() as reader:
        ended = [dict(process(world.store, TOKENS, tmp_path, reader, lambda: NOW)) for _ in range(4)]
    assert ended[0] == {"failed": 1, "recorded": 1}
    assert ended[3] == {QUARANTINE: 1}
    assert list(waiting(tmp_path)) == []
    why = next((tmp_path / QUARANTINE).glob("*.why"))
    assert why.read_text() == "reading it failed 3 times\n"


def test_a_reader_that_hangs_is_killed_and_the_next_mail_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Reader(seconds=0.0) as hasty:
        assert hasty.read(b"Subject: a\r\n\r\n" + b"x" * 1_000_000) is None
    with Reader() as reader:
        answer = reader.read(b"Subject: a\r\n\r\n")
        assert answer is not None
        assert answer[0].header("subject") == "a"


def test_two_do_not_work_on_one_intake(world: World, tmp_path: Path) -> None:
    import fcntl

    put(tmp_path, b"Subject: a\r\n\r\n", "", NOW)
    with (tmp_path / ".lock").open("ab") as lock, Reader() as reader:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert process(world.store, TOKENS, tmp_path, reader, lambda: NOW) == {}


def nested(depth: int) -> bytes:
    opened = (
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
    )
    return b"".join(opened) + b"\r\nend\r\n"


def zipped() -> bytes:
    """Five megabytes of nothing in a few kilobytes, several times over."""
    bomb = base64.encodebytes(gzip.compress(gzip.compress(b"\0" * 5_000_000)))
    head = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    part = b"--b\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + (part + bomb + b"\r\n") * 50 + b"--b--\r\n"


KILLERS = {
    "a Message-ID of brackets": b"Message-ID: <" + b"[" * 100_000 + b"\r\n\r\n",
    "an address of brackets": b"To: " + b"(" * 100_000 + b"\r\n\r\n",
    "a line end in an encoded-word": b"To: =?utf-8?q?a=0AB?= <x@y>\r\n\r\n",
    "twenty thousand addresses": b"To: " + b"a@b.test, " * 20_000 + b"\r\n\r\n",
    "an at sign in an encoded-word": b"To: =?utf-8?q?a=40b?=c@host\r\n\r\n",
    "parts in parts": nested(2_000),
    "a hundred thousand headers": b"X-A: b\r\n" * 100_000 + b"\r\n",
    "one line of nine megabytes": b"Subject: x\r\n\r\n" + b"y" * 9_000_000,
    "encoded-words without end": b"Subject: " + b"=?utf-8?b?YQ==?= " * 50_000 + b"\r\n\r\n",
    "a character set that is none": b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"-" * 200_000,
    "a character set that lies": b"Content-Type: text/plain; charset=utf-16\r\n\r\n" + b"\xd8\x00a" * 90_000,
    "archives in archives": zipped(),
    "mail in mail": b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
    "nothing but NUL": b"\0" * 1_000_000,
}


def test_no_killer_stops_the_queue(world: World, tmp_path: Path) -> None:
    """Each is read to its end or given up, in a process of its own; the bounce behind them is carried out."""
    back = Back(world)
    for raw in KILLERS.values():
        put(tmp_path, raw, back.path, NOW)
    put(tmp_path, mails.DSN.format(**back.fill()).encode(), back.path, NOW + timedelta(seconds=1))
    with Reader() as reader:
        ended = process(world.store, TOKENS, tmp_path, reader, lambda: NOW)
        assert ended["recorded"] == 1
        assert sum(ended.values()) == len(KILLERS) + 1
        assert "failed" not in ended, "none of them gets as far as having to be killed"
    assert back.events() == [("bounce", "hard")]


def test_what_a_store_cannot_hold_is_left_out_of_what_was_said(world: World) -> None:
    back = Back(world)
    back.get(mails.DSN, said="550 5.1.1 no\x00body \x00 here")
    with world.store.read() as connection:
        said = connection.execute(select(event.c.detail)).scalar_one()["said"]
    assert "nobody" in said
    assert "\x00" not in said


def report_mail(document: bytes, name: str = "r.xml.gz") -> bytes:
    """As receivers send it: the document attached, the words around it nobody reads."""
    message = EmailMessage()
    message["From"], message["Subject"] = "noreply@receiver.example", "Report domain: example.com"
    message["Message-ID"] = "<1@receiver.example>"
    message.set_content("This is an aggregate report.")
    message.add_attachment(gzip.compress(document, mtime=0), "application", "gzip", filename=name)
    return message.as_bytes(policy=SMTP)


def messages(world: World) -> int:
    with world.store.read() as connection:
        return kept(connection, "example.com", NOW - timedelta(days=3650)).messages


def test_a_receivers_report_that_comes_by_smtp_is_kept_once(world: World, tmp_path: Path) -> None:
    for _ in range(2):
        put(tmp_path, report_mail(report()), "dmarc@example.com", NOW)
    put(tmp_path, report_mail(b"<feedback>cut o"), "dmarc@example.com", NOW)
    with Reader() as reader:
        ended = process(world.store, TOKENS, tmp_path, reader, lambda: NOW)
    assert ended == {
        "a report": 1,
        "a report that was kept before": 1,
        "a report that cannot be read": 1,
    }
    assert messages(world) == 17
    why = next((tmp_path / QUARANTINE).glob("*.why")).read_text()
    assert why.startswith("a report that cannot be read: ")


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("step", [0, 1])
def test_an_intake_that_is_killed_at_any_step_counts_each_message_once(
    world: World, tmp_path: Path, step: int, *, committed: bool
) -> None:
    """Killed before the store has it, it is read again; killed after, it is known."""
    put(tmp_path, report_mail(report()), "dmarc@example.com", NOW)
    dying: Any = Dying(world.store, step, committed)
    with Reader() as reader:
        with pytest.raises(Killed):
            process(dying, TOKENS, tmp_path, reader, lambda: NOW)
        process(world.store, TOKENS, tmp_path, reader, lambda: NOW)
    assert messages(world) == 17
    assert list(waiting(tmp_path)) == []


class Killed(BaseException):
    """The process ends here."""


class Dying:
    """A store whose process is killed at its n-th transaction, before or after the commit."""

    def __init__(self, store: Store, left: int, committed: bool) -> None:
        self._store, self._left, self._committed = store, left, committed

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._store.write() as connection:
            yield connection
            if self._left == 0 and not self._committed:
                raise Killed
        if self._left == 0:
            raise Killed
        self._left -= 1
