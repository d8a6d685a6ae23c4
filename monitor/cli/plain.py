"""A command without options, such as a process of `homing up`. It does without Typer, which costs 10 MB."""

import inspect
from collections.abc import Callable, Sequence

from monitor.cli.main import say
from monitor.problem import Problem

HELP = ("-h", "--help")


def plain(name: str, function: Callable[[], int]) -> Callable[[Sequence[str]], int]:
    """The `run` of `homing NAME`; its help is the function's docstring."""

    def run(arguments: Sequence[str]) -> int:
        if any(argument in HELP for argument in arguments):
            return say(f"Usage: homing {name}\n\n{inspect.getdoc(function)}\n\nExample: homing {name}")
        if arguments:
            raise Problem(f"`homing {name}` takes no arguments. What it does is set in homing.toml.")
        return function()

    return run
