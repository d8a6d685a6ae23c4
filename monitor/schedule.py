"""When things are due. APScheduler watches the clock; each nominal slot becomes a row that a worker claims.

Nominal times lie on a grid: every `interval`, at an offset that is the subject's own, so that a thousand
targets do not all ask in the same second, and a restart does not move them.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from data import slots, targets
from data.slots import SlotState
from monitor.app import App
from monitor.mailwatch import WATCH_MAIL
from monitor.pruning import PRUNE, STORE
from monitor.receivers.watch import WATCH_REPORTS
from monitor.reputation.compute import REPUTATION

AUDIT = "audit"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
OWN: Mapping[str, timedelta] = {
    PRUNE: DAY,
    WATCH_MAIL: timedelta(minutes=5),
    WATCH_REPORTS: timedelta(hours=1),
    REPUTATION: timedelta(hours=1),
}
"""What is done for the instance as a whole, and how often."""
SYNC = "sync"
SYNC_SECONDS = 5
"""How soon a target that was added or paused is taken up."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The nominal times of one look at one subject."""

    offset: timedelta
    interval: timedelta

    @classmethod
    def of(cls, kind: str, subject: str, interval: timedelta) -> "Grid":
        digest = hashlib.sha256(f"{kind} {subject}".encode()).digest()
        share = int.from_bytes(digest[:8], "big") / 2**64
        return cls(interval * share, interval)

    def at_or_before(self, moment: datetime) -> datetime:
        return moment - (moment - EPOCH - self.offset) % self.interval

    def after(self, moment: datetime) -> datetime:
        return self.at_or_before(moment) + self.interval

    def between(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The nominal times after `start` and before `end`, both excluded."""
        moment = self.after(start)
        while moment < end:
            yield moment
            moment += self.interval


class Trigger(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 has no types
    """Fires for each nominal time of a grid, up to `jitter` later."""

    def __init__(self, grid: Grid, jitter: timedelta) -> None:
        self.grid = grid
        self.jitter = jitter

    def get_next_fire_time(  # pyright: ignore[reportIncompatibleMethodOverride]  # its base says None
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime:
        return self.grid.after(previous_fire_time or now) + self.jitter * random.random()


class Schedule:
    """Keeps one job a watched target. Only the leader may run one (`monitor.leader`)."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},  # jobs only write a row; SQLite has one writer
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        self.sync()
        for kind, every in OWN.items():
            self._plan(kind, STORE, every)
        self._scheduler.add_job(self.sync, "interval", seconds=SYNC_SECONDS, id=SYNC)
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=True)

    @property
    def jobs(self) -> int:
        """How many targets are watched."""
        return len(self._watched())

    def _watched(self) -> set[str]:
        return {job.id for job in self._scheduler.get_jobs()} - {SYNC, *OWN}

    def sync(self) -> None:
        """One job for each target that is watched, none for others."""
        with self._app.store.read() as connection:
            domains = {entry.target.domain for entry in targets.watched(connection, paused=False)}
        present = self._watched()
        for gone in present - domains:
            self._scheduler.remove_job(gone)
        for domain in sorted(domains - present):
            self._plan(AUDIT, domain, self._app.config.schedule.audit)

    def _plan(self, kind: str, subject: str, every: timedelta) -> None:
        grid = Grid.of(kind, subject, every)
        due(self._app, kind, subject, grid)
        trigger = Trigger(grid, every * self._app.config.schedule.jitter)
        name = subject if kind == AUDIT else kind
        self._scheduler.add_job(
            due, trigger, [self._app, kind, subject, grid], id=name, name=f"{kind} {subject}"
        )


def due(app: App, kind: str, subject: str, grid: Grid) -> None:
    """Give the latest nominal slot its row, and those that nobody was there for theirs.

    A subject that was never looked at is due at once.
    """
    now = app.now()
    nominal = grid.at_or_before(now)
    with app.store.write() as connection:
        last = slots.last_nominal(connection, kind, subject)
        if last is None:
            slots.plan(connection, kind, subject, now)
        elif last < nominal:
            missed = list(grid.between(last, nominal))
            slots.plan_all(connection, kind, subject, missed, SlotState.MISSED)
            slots.plan(connection, kind, subject, nominal)
