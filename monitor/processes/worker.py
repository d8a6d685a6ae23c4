"""`homing worker`: does what is due: looks, placement, the mail itself, and what comes back."""

import functools
import threading
from collections.abc import Mapping

from monitor.app import App
from monitor.beginning import begin_delivering
from monitor.campaigns.starting import START, start_due
from monitor.cli.main import Exit
from monitor.cli.plain import plain
from monitor.look import LOOKS
from monitor.mailboxes import read_mailboxes
from monitor.mailwatch import WATCH_MAIL, watch_mail
from monitor.placement.run import PLACEMENT, read
from monitor.processes.life import BEAT_SECONDS, Life, living, metronome
from monitor.pruning import PRUNE, daily
from monitor.receivers.watch import WATCH_REPORTS, watch_reports
from monitor.reputation.compute import REPUTATION, compute
from monitor.returning import read_returns
from monitor.sending import open_engine
from monitor.senses import Senses, open_senses
from monitor.worker import Work, Worker
from sender.delivery.engine import Engine

ROUND_SECONDS = 0.25


def serve() -> int:
    """Do what is due, until SIGTERM or Ctrl-C."""
    with living("worker") as life, open_senses(life.app.config) as senses:
        begin_delivering(life.app)
        engine = open_engine(life.app, senses)
        delivering = threading.Thread(target=deliver, args=[life, engine], name="delivery")
        delivering.start()
        reading = threading.Thread(target=read_returns, args=[life], name="returns")
        reading.start()
        visiting = threading.Thread(target=read_mailboxes, args=[life], name="mailboxes")
        visiting.start()
        worker = Worker(life.app, kinds(life.app, senses))
        struck = metronome(BEAT_SECONDS)

        def once() -> None:
            if struck():
                life.beat({"owner": worker.owner, "troubles": dict(engine.troubles)})
                worker.renew()
            worker.round()

        life.every(ROUND_SECONDS, once)
        worker.finish()
        delivering.join()
        reading.join()
        visiting.join()
    return Exit.CLEAN


def deliver(life: Life, engine: Engine) -> None:
    """The engine ends by itself once `life.stop` is set; should it break, it begins again."""
    life.every(1.0, lambda: engine.run(life.stop))


def kinds(app: App, senses: Senses) -> Mapping[str, Work]:
    """Everything that a slot may ask for."""
    looks = {kind: functools.partial(look, app, senses) for kind, look in LOOKS.items()}
    starts = functools.partial(start_due, app, senses)
    pruning = functools.partial(daily, app)
    watching = functools.partial(watch_mail, app)
    scoring = functools.partial(compute, app)
    return {
        **looks,
        PLACEMENT: functools.partial(read, app),
        START: starts,
        PRUNE: pruning,
        WATCH_MAIL: watching,
        WATCH_REPORTS: functools.partial(watch_reports, app, senses),
        REPUTATION: scoring,
    }


run = plain("worker", serve)
