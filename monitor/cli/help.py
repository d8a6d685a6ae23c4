"""`homing --help`: written from the table of commands, without any library, so that it is instant."""

import os
import sys
from collections.abc import Mapping

INTRO = "Homing: know that your mail gets home."
EXAMPLES = (
    ("homing check example.com", "audit a domain"),
    ("homing check example.com --ip 192.0.2.25", "… and an address that it sends from"),
)
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def overview(sections: Mapping[str, Mapping[str, tuple[str, str]]]) -> str:
    """The whole help text; coloured where stdout is a terminal and `NO_COLOR` is not set."""
    names = [name for commands in sections.values() for name in commands]
    width = max(map(len, names), default=0)
    lines = [bold(INTRO), "", f"{bold('Usage:')} homing COMMAND [OPTIONS]"]
    for heading, commands in sections.items():
        if commands:
            lines += ["", bold(heading)]
            lines += [f"  {name:<{width}}  {text}" for name, (_, text) in commands.items()]
    lines += ["", bold("Examples")]
    longest = max(len(example) for example, _ in EXAMPLES)
    lines += [f"  {example:<{longest}}  {dim('# ' + meaning)}" for example, meaning in EXAMPLES]
    lines += ["", "Exit codes: 0 in order, 1 findings, 2 usage, 3 could not tell, 4 a fault of Homing."]
    lines += ["`homing COMMAND --help` tells more about each."]
    return "\n".join(lines)


def bold(text: str) -> str:
    return f"{BOLD}{text}{PLAIN}" if _coloured() else text


def dim(text: str) -> str:
    return f"{DIM}{text}{PLAIN}" if _coloured() else text


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
