"""`homing scheduler`: decides when. Its beat comes from its own loop, so that a hung one is missed."""

from data import targets
from monitor.cli.main import Exit
from monitor.cli.plain import plain
from monitor.config.targets import configured_targets
from monitor.leader import leading
from monitor.processes.life import BEAT_SECONDS, living
from monitor.schedule import Schedule


def serve() -> int:
    """Decide what is due when, until SIGTERM or Ctrl-C."""
    with living("scheduler") as life, leading(life.app.home, life.stop) as leads:
        if leads:
            with life.app.store.write() as connection:
                targets.sync_file(connection, configured_targets(life.app.config), life.app.now())
            schedule = Schedule(life.app)
            schedule.start()
            life.every(BEAT_SECONDS, lambda: life.beat({"jobs": schedule.jobs}))
            schedule.stop()
    return Exit.CLEAN


run = plain("scheduler", serve)
