"""How old the data is, and whether it may still be believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboards.pieces.when import ago, span
from data.panels.instrument import Rhythm

SILENT_AFTER = timedelta(seconds=90)
"""A process that has not gone round its loop for so long is taken for dead."""

LATE_AFTER = timedelta(minutes=3)
"""A look may wait so long for a worker before its panel says so."""

NEEDED = ("scheduler", "worker")


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether the pages may speak of now. `because` is "" when they may."""

    because: str = ""
    since: datetime | None = None

    @property
    def whole(self) -> bool:
        return not self.because


def trust(rhythm: Rhythm, life: Mapping[str, datetime], now: datetime, every: timedelta) -> Trust:
    """Judge the looks (of kind "audit", every `every`) and the processes that make them."""
    dead = {name: life[name] for name in NEEDED if name in life and now - life[name] > SILENT_AFTER}
    missing = [name for name in NEEDED if name not in life]
    if missing:
        names = " and the ".join(missing)
        return Trust(f"The {names} {'are' if len(missing) > 1 else 'is'} not running.", rhythm.last)
    if dead:
        name, seen = min(dead.items(), key=lambda item: item[1])
        return Trust(f"The {name} was last heard of {ago(seen, now)}.", seen)
    if rhythm.overdue_since is not None and now - rhythm.overdue_since > LATE_AFTER + every / 10:
        return Trust(f"A look has been waiting for {span(now - rhythm.overdue_since)}.", rhythm.overdue_since)
    if rhythm.last is not None and now - rhythm.last > 2 * every + LATE_AFTER:
        return Trust(f"The last look was {ago(rhythm.last, now)}.", rhythm.last)
    return Trust()


def next_look(rhythm: Rhythm, every: timedelta, now: datetime) -> str:
    """ "next look in about 7 min"; slots are planned when they are due, so it is reckoned from the last."""
    due = rhythm.next or (rhythm.last + every if rhythm.last else None)
    if due is None:
        return "no look planned"
    return "next look due" if due - now < timedelta(seconds=2) else f"next look in about {span(due - now)}"
