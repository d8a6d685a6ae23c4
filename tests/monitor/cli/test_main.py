"""The front desk: help at once, a sentence for every mistake, and never a traceback."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.cli.help import overview
from monitor.cli.main import COMMANDS, Exit
from monitor.problem import Problem

HOMING = [sys.executable, str(Path(__file__).resolve().parents[3] / "homing.py")]


def raising(error: BaseException) -> main.Command:
    def run(arguments: Sequence[str]) -> int:
        del arguments
        raise error

    return run


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A place where tracebacks go."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([]) == Exit.CLEAN
    shown = capsys.readouterr().out
    for name, (_, text) in COMMANDS.items():
        assert name in shown
        assert text in shown
    assert "Exit codes" in shown


def test_help_is_plain_text_when_nobody_watches() -> None:
    assert "\x1b" not in overview({"Check": {"check": ("x", "Audit.")}})


def test_a_mistyped_command_is_told_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--versoin"]) == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "there is no option `--versoin`" in captured.err


def test_the_help_needs_no_library() -> None:
    """`homing --help` under 0.4 s of CPU: it must not import what commands need."""
    code = (
        "import sys; from monitor.cli.main import run; run(['--help']); "
        "heavy = {'typer', 'rich', 'dns', 'sqlalchemy', 'cryptography'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    house = Path(HOMING[1]).parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=house, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--version"]) == Exit.CLEAN
    assert capsys.readouterr().out.startswith("homing ")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Problem("The home is read-only."), Exit.USAGE, "homing: The home is read-only."),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "homing: stopped."),
        (ZeroDivisionError("x"), Exit.BUG, "fault of Homing itself (ZeroDivisionError)"),
    ],
)
def test_each_way_to_end_has_its_code_and_its_sentence(
    error: BaseException, code: Exit, said: str, failing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.ending(raising(error), []) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    kept = list(failing.glob("homing-fault-*.txt"))
    assert len(kept) == (1 if code is Exit.BUG else 0)
    assert all("ZeroDivisionError: x" in file.read_text() for file in kept)


def test_a_reader_that_leaves_early_is_no_error() -> None:
    """`homing --help | head -0`: no message, and the code that the shell gives for SIGPIPE."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*HOMING, "--help"], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (Exit.BROKEN_PIPE, b"")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_has_its_help_and_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([name, "--help"]) == Exit.CLEAN
    shown = capsys.readouterr().out
    assert "Example" in shown
    assert f"homing {name}" in shown


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_stands_in_the_documentation(name: str) -> None:
    """Say in docs/commands.md what it does, and what it prints with --json."""
    page = Path(HOMING[1]).parent / "docs" / "commands.md"
    assert f"homing {name}" in page.read_text("utf-8")
