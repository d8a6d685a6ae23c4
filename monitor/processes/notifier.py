"""`homing notifier`: tells people. Inside `homing up` it runs in the supervisor."""

from monitor.cli.main import Exit
from monitor.cli.plain import plain
from monitor.notifier.loop import notify
from monitor.processes.life import living


def serve() -> int:
    """Send alerts from the outbox and watch that the scheduler lives, until SIGTERM or Ctrl-C."""
    with living("notifier") as life:
        notify(life)
    return Exit.CLEAN


run = plain("notifier", serve)
