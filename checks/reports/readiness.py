"""Whether a domain's DMARC policy can be tightened, by what receivers reported that it would stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from checks.reports.sources import Source, Standing

ENOUGH, LONG_ENOUGH = 100, timedelta(days=14)
MOST_LOST = 0.005
"""Of the mail that is not forged, the share that may be lost: strays are never all gone."""


class Advice(StrEnum):
    """What the reports allow to say."""

    READY = "ready"
    NOT_YET = "not yet"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Readiness:
    """`ours`: messages that fail though their sender proves who it is; `forwarded`: those that broke on the
    way; `forged`: those that prove nothing. All three are what p=reject would stop.
    """

    advice: Advice
    why: str
    ours: int
    forwarded: int
    forged: int

    @property
    def stopped(self) -> int:
        return self.ours + self.forwarded + self.forged


def readiness(found: Sequence[Source], begin: datetime | None, end: datetime | None) -> Readiness:
    """`begin`, `end`: the span that the reports cover."""
    count = dict.fromkeys(Standing, 0)
    for source in found:
        count[source.standing] += source.messages if source.standing is Standing.COMPLIANT else source.stopped
    lost = count[Standing.NOT_COMPLIANT] + count[Standing.FORWARDER]
    real = lost + count[Standing.COMPLIANT]
    advice, why = _advice(lost, real, end - begin if begin and end else timedelta())
    return Readiness(
        advice, why, count[Standing.NOT_COMPLIANT], count[Standing.FORWARDER], count[Standing.THREAT]
    )


def _advice(lost: int, real: int, span: timedelta) -> tuple[Advice, str]:
    if real < ENOUGH or span < LONG_ENOUGH:
        why = f"{real:,} messages that are not forged, within {span.days} days of reports; "
        return Advice.CANNOT_TELL, why + f"{ENOUGH} within {LONG_ENOUGH.days} days are needed"
    share = f"{lost:,} of {real:,} messages that are not forged ({lost / real:.2%}) would be lost"
    return (Advice.READY if lost / real <= MOST_LOST else Advice.NOT_YET), share
