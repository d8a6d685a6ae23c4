"""`--jsonl`: an answer a line, in order, also for a program that waits for each."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checks.net.fibres import sleep
from monitor.cli.lines import AT_A_TIME, answer_lines, in_order
from monitor.cli.main import Exit

HOMING = [sys.executable, str(Path(__file__).resolve().parents[3] / "homing.py")]


def test_a_program_that_waits_for_an_answer_before_it_asks_again_gets_it() -> None:
    with subprocess.Popen(
        [*HOMING, "reply", "classify", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for status in ("5.1.1", "4.2.2"):
            process.stdin.write(json.dumps({"text": f"550 {status} no"}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["status"] == status
        process.stdin.close()
        assert process.wait(20) == Exit.CLEAN


def test_answers_keep_the_order_of_the_lines_though_later_ones_are_ready_first() -> None:
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        sleep(0.02 if number == 0 else 0)
        return number

    results = in_order(work, range(5))
    assert next(results) == 0
    assert begun == [0, 1, 2, 3, 4]
    assert list(results) == [1, 2, 3, 4]


def test_only_so_many_lines_are_under_way_at_a_time() -> None:
    taken: list[int] = []

    def work(number: int) -> int:
        taken.append(number)
        return number

    results = in_order(work, range(10 * AT_A_TIME))
    next(results)
    assert len(taken) <= AT_A_TIME + 1


def test_a_line_that_is_no_text_is_answered_with_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    code = answer_lines(lambda asked: {"got": asked}, source=[b"\xff\xfe{\n", b'{"a": 1}\n', b"[1]\n"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == Exit.USAGE
    assert "error" in told[0]
    assert told[1] == {"got": {"a": 1}}
    assert told[2] == {"error": "this line is no JSON object"}


def test_a_log_is_told_the_progress_of_a_long_run(capsys: pytest.CaptureFixture[str]) -> None:
    answer_lines(lambda asked: asked, source=['{"a": 1}'] * 1_000)
    captured = capsys.readouterr()
    assert captured.err == "1000 lines\n"
    assert captured.out.count("\n") == 1_000
