"""`homing scheduler`: decides when. Its beat comes from its own loop, so that a hung one is missed."""

import logging

from data import targets
from monitor.cli.main import Exit
from monitor.cli.plain import plain
from monitor.config.targets import configured_targets
from monitor.leader import leading, leading_database
from monitor.processes.life import BEAT_SECONDS, living
from monitor.schedule import Schedule


def serve() -> int:
    """Decide what is due when, until SIGTERM or Ctrl-C."""
    with (
        living("scheduler") as life,
        leading(life.app.home, life.stop) as leads,
        leading_database(life.app.store, life.stop) as still,
    ):
        if leads and still():
            with life.app.store.write() as connection:
                targets.sync_file(connection, configured_targets(life.app.config), life.app.now())
            schedule = Schedule(life.app)
            schedule.start()

            def once() -> None:
                life.beat({"jobs": schedule.jobs})
                if not still():
                    logging.getLogger("scheduler").warning("the database was restarted; standing by anew")
                    life.stop.set()

            life.every(BEAT_SECONDS, once)
            schedule.stop()
    return Exit.CLEAN


run = plain("scheduler", serve)
