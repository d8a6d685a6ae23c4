"""`homing worker`: does what is due."""

import functools

from monitor.cli.main import Exit
from monitor.cli.shell import single
from monitor.look import LOOKS
from monitor.processes.life import BEAT_SECONDS, living, metronome
from monitor.senses import open_senses
from monitor.worker import Worker

ROUND_SECONDS = 0.25


def serve() -> int:
    """Do what is due, until SIGTERM or Ctrl-C."""
    with living("worker") as life, open_senses(life.app.config) as senses:
        kinds = {kind: functools.partial(work, life.app, senses) for kind, work in LOOKS.items()}
        worker = Worker(life.app, kinds)
        struck = metronome(BEAT_SECONDS)

        def once() -> None:
            if struck():
                life.beat({"owner": worker.owner})
                worker.renew()
            worker.round()

        life.every(ROUND_SECONDS, once)
        worker.finish()
    return Exit.CLEAN


run = single("worker", serve, "homing worker")
