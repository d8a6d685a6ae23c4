"""What Typer commands share: return values become exit codes, mistakes become usage."""

from typing import Annotated

import pytest
import typer

from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer, single


def greet(name: Annotated[str, typer.Argument(help="Whom [or what].")], code: int = 0) -> int:
    """Greet somebody."""
    typer.echo(f"Hello {name}")
    if code == Exit.BROKEN_PIPE:
        raise BrokenPipeError
    return code


RUN = single("greet", greet, "homing greet Ada --code 3")


@pytest.mark.parametrize("code", [Exit.CLEAN, Exit.COULD_NOT_TELL, Exit.BROKEN_PIPE])
def test_what_the_function_returns_is_the_exit_code(code: Exit, capsys: pytest.CaptureFixture[str]) -> None:
    assert RUN(["Ada", "--code", str(int(code))]) == code
    assert capsys.readouterr().out == "Hello Ada\n"


def test_a_mistake_is_explained_on_stderr_and_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert RUN(["Ada", "--kode", "3"]) == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "--code" in captured.err


def test_help_shows_the_example_and_keeps_square_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    assert RUN(["--help"]) == Exit.CLEAN
    shown = capsys.readouterr().out
    assert "homing greet Ada --code 3" in shown
    assert "Whom [or what]." in shown


def test_subcommands_work_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    app = application("Two commands.")
    app.command("hello")(exits(greet))
    app.command("bye")(exits(greet))
    assert run_typer(app, "talk", ["hello", "Ada", "--code", "1"]) == Exit.FINDINGS
    assert capsys.readouterr().out == "Hello Ada\n"
