"""`homing campaign`: its subcommands, in the order of a campaign's life."""

import functools

from monitor.cli.campaigns import making, moving, showing, trying
from monitor.cli.campaigns.shared import app
from monitor.cli.shell import run_typer

ORDER = (
    "create",
    "test",
    "start",
    "status",
    "recipients",
    "pause",
    "resume",
    "cancel",
    "unschedule",
    "resend",
)
PARTS = (making, trying, moving, showing)
app.registered_commands.sort(
    key=lambda command: ORDER.index(command.name) if command.name in ORDER else len(ORDER)
)

run = functools.partial(run_typer, app, "campaign")
