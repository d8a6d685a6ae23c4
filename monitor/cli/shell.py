"""How a command of the table becomes a Typer command: `run = single("check", check, examples)`.

Every command's function returns its exit code, or raises Problem. Typer prints usage mistakes to stderr and
ends with 2.
"""

import functools
from collections.abc import Callable, Sequence

import typer

from monitor.cli.main import Exit


def exits(function: Callable[..., int]) -> Callable[..., None]:
    """The function for Typer: its return value becomes the exit code."""

    @functools.wraps(function)
    def ending(*args: object, **kwargs: object) -> None:
        try:
            code = function(*args, **kwargs)
        except BrokenPipeError:  # Typer would end with 1, which means findings
            code = Exit.BROKEN_PIPE
        raise typer.Exit(code)

    return ending


def single(name: str, function: Callable[..., int], examples: str) -> Callable[[Sequence[str]], int]:
    """The `run` of a command without subcommands; `examples` are shown at the end of its help."""
    app = application()
    app.command(epilog=_epilog(examples))(exits(function))
    return functools.partial(run_typer, app, name)


def application(summary: str = "", examples: str = "") -> typer.Typer:
    """A Typer application in the house's manner; add commands with `app.command(...)(exits(function))`.

    `examples` are shown at the end of its help; a command of several subcommands gives them here.
    """
    return typer.Typer(
        help=summary,
        epilog=_epilog(examples) if examples else None,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def run_typer(app: typer.Typer, name: str, arguments: Sequence[str]) -> int:
    """Run `homing NAME ARGUMENTS…`; Typer ends every command with SystemExit, a usage fault with 2."""
    try:
        app(args=list(arguments), prog_name=f"homing {name}")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else Exit.CLEAN
    return Exit.CLEAN


def _epilog(examples: str) -> str:
    """Each example on a line of its own, under one heading."""
    lines = [line.strip() for line in examples.strip().splitlines()]
    return "\n\n".join(["**Examples**", *(f"`{line}`" for line in lines)])
