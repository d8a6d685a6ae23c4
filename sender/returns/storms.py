"""When a 5.1.1 is a lie: reports that suppressed nobody, put together, and what a person makes of them.

In December 2020 Gmail answered "does not exist" for valid users during hours. Who finds that a storm was
real suppresses its addresses; who finds that it was the provider's fault also gets back the few that were
suppressed before the storm was noticed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from data import storms
from data.bounces import accepted_since
from data.storms import Unconfirmed
from data.suppression import Kind, Reason, lift, suppress

GAP = timedelta(hours=6)
"""Reports of one provider that lie further apart are of two storms."""


@dataclass(frozen=True, slots=True)
class Storm:
    """One provider's unconfirmed reports that came close together."""

    provider: str
    reports: Sequence[Unconfirmed]

    @property
    def since(self) -> datetime:
        return self.reports[0].at

    @property
    def until(self) -> datetime:
        return self.reports[-1].at

    @property
    def addresses(self) -> Sequence[str]:
        return list(dict.fromkeys(report.address for report in self.reports))


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judgement did. `spared` were accepted by their provider afterwards."""

    suppressed: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()


def storms_in(reports: Sequence[Unconfirmed]) -> Sequence[Storm]:
    """The reports, which come by provider and time, as storms."""
    found: list[list[Unconfirmed]] = []
    for report in reports:
        last = found[-1][-1] if found else None
        if last is None or last.provider != report.provider or report.at - last.at > GAP:
            found.append([])
        found[-1].append(report)
    return [Storm(reports[0].provider, reports) for reports in found]


def confirm(connection: Connection, storm: Storm, by: str, now: datetime) -> Judged:
    """The people are gone: suppress whoever was not accepted since. Idempotent."""
    alive = accepted_since(connection, [report.contact_id for report in storm.reports], storm.until)
    suppressed: list[str] = []
    spared: list[str] = []
    for report in storm.reports:
        gone = report.contact_id not in alive
        storms.judge(connection, report.event_id, "hard" if gone else "none", by, now)
        if gone and suppress(
            connection, Kind.ADDRESS, report.address, Reason.HARD_BOUNCE, now, detail=report.said[:300]
        ):
            suppressed.append(report.address)
        elif not gone:
            spared.append(report.address)
    return Judged(suppressed=tuple(suppressed), spared=tuple(dict.fromkeys(spared)))


def dismiss(connection: Connection, storm: Storm, by: str, now: datetime) -> Judged:
    """It was the provider's fault: the reports weigh nothing, and whoever it cost comes back. Idempotent."""
    for report in storm.reports:
        storms.judge(connection, report.event_id, "none", by, now)
    window = (storm.since - GAP, storm.until + GAP)
    cost = storms.suppressed_as_unknown(connection, storm.provider, *window)
    return Judged(restored=tuple(each for each in cost if lift(connection, Kind.ADDRESS, each)))
