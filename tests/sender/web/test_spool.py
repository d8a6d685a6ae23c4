"""An answered hit is on disk, whatever happens next."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from sender.web.hits import Hit, Line, decode, encode
from sender.web.spool import Spool, free_files

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def lines(folder: Path) -> list[bytes]:
    return [line for _, file in free_files(folder) for line in file]


def test_a_hit_comes_back_as_it_was() -> None:
    line = Line(Hit.CLICK, (3, 2**40), NOW, 7, True, "HEAD request", "HEAD", "192.0.2.1", "x\n\u2028y" * 100)
    back = decode(encode(line))
    assert back is not None
    assert (back.hit, back.numbers, back.at, back.position) == (Hit.CLICK, (3, 2**40), NOW, 7)
    assert encode(line).count(b"\n") == 1
    assert decode(encode(line)[:-9]) is None, "torn off by a crash"


def test_many_hits_at_once_are_all_kept_once(tmp_path: Path) -> None:
    async def hit() -> None:
        spool = Spool(tmp_path)
        await asyncio.gather(*(spool.append(b"%d\n" % number) for number in range(500)))
        assert lines(tmp_path) == [], "nobody takes a file that is still written to"
        spool.rotate()
        await asyncio.gather(*(spool.append(b"%d\n" % number) for number in range(500, 600)))
        spool.close()

    asyncio.run(hit())
    assert sorted(map(int, lines(tmp_path))) == list(range(600))


PROGRAM = """
import asyncio, sys
from pathlib import Path
from sender.web.spool import Spool

async def main():
    spool = Spool(Path(sys.argv[1]))
    for number in range(100000):
        await spool.append(b"%d\\n" % number)
        print(number, flush=True)

asyncio.run(main())
"""


def test_nothing_that_was_answered_is_missing_after_sigkill(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root, text=True) as process:
        assert process.stdout is not None
        answered = [int(process.stdout.readline()) for _ in range(40)]
        os.kill(process.pid, signal.SIGKILL)
        answered += [int(line) for line in process.stdout if line.endswith("\n")]
    kept = [int(line) for line in lines(tmp_path) if line.endswith(b"\n")]
    assert kept[: len(answered)] == answered


def test_a_full_disk_is_told_and_the_next_hit_is_whole(tmp_path: Path, monkeypatch: object) -> None:
    """A torn line must not swallow the one behind it."""
    import resource

    async def hit() -> None:
        spool = Spool(tmp_path)
        await spool.append(b"first\n")
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
        try:
            await spool.append(b"second that does not fit\n")
            raise AssertionError("it must be told")
        except OSError:
            pass
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        await spool.append(b"third\n")
        spool.close()

    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        asyncio.run(hit())
    finally:
        signal.signal(signal.SIGXFSZ, old)
    kept = lines(tmp_path)
    assert b"first\n" in kept
    assert b"third\n" in kept
    assert b"second that does not fit\n" not in kept
