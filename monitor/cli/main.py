"""The table of commands, and the exit codes. A command's module is imported only when it is run."""

import sys
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from importlib import import_module


class Exit(IntEnum):
    """What the shell learns (docs/commands.md)."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    COULD_NOT_TELL = 3
    BUG = 4


Command = Callable[[Sequence[str]], int]

COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("monitor.cli.init", "write a first, commented configuration"),
}
"""name -> (module with `run(arguments) -> int`, one line of help)"""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        print("usage: homing COMMAND", file=sys.stderr)  # noqa: T201
        return Exit.USAGE
    module, _ = COMMANDS[arguments[0]]
    command: Command = import_module(module).run
    return command(arguments[1:])
