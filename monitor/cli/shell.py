"""How a command built with Typer is run: usage faults and Problems become a sentence and exit code 2."""

import sys
from collections.abc import Sequence

import typer

from monitor.cli.main import Exit
from monitor.problem import Problem


def run_typer(app: typer.Typer, name: str, arguments: Sequence[str]) -> int:
    """Run `homing NAME ARGUMENTS…`. A command that is not clean raises `typer.Exit(code)`."""
    try:
        app(args=list(arguments), prog_name=f"homing {name}")
    except Problem as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return Exit.USAGE
    except SystemExit as end:  # Typer ends every command with one, a usage fault with 2
        return end.code if isinstance(end.code, int) else Exit.CLEAN
    return Exit.CLEAN
