"""`homing init [DOMAIN]`: write a first, commented configuration."""

import os
from typing import Annotated

import typer

from checks.names import normalise_domain
from monitor.cli.main import Exit
from monitor.cli.shell import single
from monitor.config.starter import starter
from monitor.home import Home, locate, prepare
from monitor.problem import Problem


def init(
    domain: Annotated[str, typer.Argument(help="A domain that you send mail from.", show_default=False)] = "",
) -> int:
    """Write a commented homing.toml into Homing's home."""
    home = prepare(locate())
    write_starter(home, _name(domain))
    typer.echo(f"Wrote {home.config_path}")
    typer.echo(f"Next: {f'homing check {domain}' if domain else 'name your domains in it'}, then homing up")
    return Exit.CLEAN


def write_starter(home: Home, domain: str) -> None:
    """Create the configuration file, for its owner only. Raises Problem when there is one already."""
    try:
        descriptor = os.open(home.config_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Problem(
            f"There is a configuration at {home.config_path} already. Edit it, or move it away first."
        ) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(starter(domain))


def _name(domain: str) -> str:
    try:
        return normalise_domain(domain) if domain else ""
    except ValueError as error:
        raise Problem(str(error)) from None


run = single("init", init, "homing init example.com")
