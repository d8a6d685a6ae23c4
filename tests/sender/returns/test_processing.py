"""The intake is worked off whatever lies in it; what kills the reader is put aside after three tries."""

import os
import time
from pathlib import Path

import pytest

from sender.returns import reader as reading
from sender.returns.intake import QUARANTINE, put, waiting
from sender.returns.processing import process
from sender.returns.reader import Reader
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
