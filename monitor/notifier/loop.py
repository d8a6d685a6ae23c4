"""The notifier's loop: a process of its own, or a thread of `homing up`, apart from what it watches."""

from monitor.channels import open_channels
from monitor.notifier.deadman import DeadMan
from monitor.notifier.escalation import escalate
from monitor.notifier.outbox import empty
from monitor.notifier.watch import watch
from monitor.processes.life import BEAT_SECONDS, Life, metronome
from monitor.senses import open_senses

ROUND_SECONDS = 0.5


def notify(life: Life) -> None:
    """Send what is in the outbox and miss the scheduler, until asked to end."""
    app, since, struck = life.app, life.app.now(), metronome(BEAT_SECONDS)
    heartbeat = ""
    with open_senses(app.config) as senses:
        channels = open_channels(app.config, app.home, senses)
        switch = DeadMan(app, senses)

        def once() -> None:
            nonlocal heartbeat
            if struck():
                heartbeat = switch.call() or heartbeat
                life.beat({"channels": sorted(channels), "heartbeat": heartbeat})
                watch(app, since)
                escalate(app)
            empty(app, channels)

        life.every(ROUND_SECONDS, once)
    life.gone()
