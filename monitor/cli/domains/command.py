"""`homing domain`: its subcommands."""

import functools

from monitor.cli.domains import adding, verifying
from monitor.cli.domains.shared import app
from monitor.cli.shell import run_typer

PARTS = (adding, verifying)

run = functools.partial(run_typer, app, "domain")
