"""How a campaign that is sending gets on: counts by provider, pace, time left, the last replies."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from data import attempts, heartbeats, recipients
from data.attempts import Said
from data.campaigns import Campaign, campaign_by_id
from data.states import OPEN, State
from monitor.app import App

WINDOW = timedelta(seconds=30)
"""The pace is that of the last half minute."""
REPLIES = 5
ALIVE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Progress:
    """One look. `rate` is in messages a second, None before it is known; `left` the time for the rest."""

    at: datetime
    campaign: Campaign
    counts: Mapping[tuple[str, State], int]
    rate: float | None
    replies: Sequence[Said]
    worker: bool
    """Somebody is there who sends."""

    def total(self, *states: State) -> int:
        return sum(number for (_, state), number in self.counts.items() if state in states)

    @property
    def open(self) -> int:
        return self.total(*OPEN)

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    @property
    def left(self) -> timedelta | None:
        return timedelta(seconds=round(self.open / self.rate)) if self.rate else None


@dataclass
class Follower:
    """Looks again and again at one campaign; the pace is worked out from what it saw before."""

    app: App
    campaign_id: int
    _seen: deque[tuple[datetime, int]] = field(default_factory=deque)

    def look(self) -> Progress:
        now = self.app.now()
        with self.app.store.read() as connection:
            campaign = campaign_by_id(connection, self.campaign_id)
            counts = recipients.counts_by_provider(connection, self.campaign_id)
            replies = attempts.last_said(connection, self.campaign_id, REPLIES)
            worker = worker_lives(heartbeats.heartbeats(connection), now)
        assert campaign is not None
        closed = sum(number for (_, state), number in counts.items() if state not in OPEN)
        return Progress(now, campaign, counts, self._rate(now, closed), replies, worker)

    def _rate(self, now: datetime, closed: int) -> float | None:
        self._seen.append((now, closed))
        while self._seen[0][0] < now - WINDOW:
            self._seen.popleft()
        then, before = self._seen[0]
        passed = (now - then).total_seconds()
        return (closed - before) / passed if passed else None


def worker_lives(signs: Sequence[heartbeats.Heartbeat], now: datetime) -> bool:
    """Whether a worker said lately that it goes round."""
    return any(sign.process == "worker" and now - sign.at < ALIVE for sign in signs)


def until_done(look: Callable[[], Progress], wait: Callable[[], None]) -> Progress:
    """Look until nothing is under way any more; returns the last look."""
    while True:
        seen = look()
        if not seen.open or seen.campaign.state in ("cancelled", "paused"):
            return seen
        wait()
