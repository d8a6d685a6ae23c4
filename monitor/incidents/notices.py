"""Whether somebody is to be told: the whole policy, as one pure function."""

from datetime import datetime, timedelta

from data.alerts import LastNotice, NoticeKind

LONGEST_DOUBLING = 4
FLAPPING_REPEAT = timedelta(hours=12)


def needs_notice(
    last: LastNotice | None, firing: bool, now: datetime, repeat: timedelta, *, flapping: bool = False
) -> NoticeKind | None:
    """What is to be told now, if anything. A repetition waits twice as long each time, up to
    sixteenfold; what comes and goes is known to, and repeated twice a day at most.
    """
    if last is None or last.kind is NoticeKind.RECOVERED:
        return NoticeKind.FIRED if firing else None
    if not firing:
        return NoticeKind.RECOVERED
    wait = repeat * 2 ** min(last.told - 1, LONGEST_DOUBLING)
    if flapping:
        wait = max(wait, FLAPPING_REPEAT)
    return NoticeKind.REPEATED if now - last.at >= wait else None
