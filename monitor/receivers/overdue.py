"""A receiver that reported nearly every day and stopped: ours does not reach it, or it not us. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from checks.model import Severity
from monitor.incidents.matter import Matter, Words
from monitor.receivers.matters import fault

KIND = "overdue"
LATE = timedelta(days=3)
"""Reports come within a day of the day they tell of; two more for a weekend of somebody's."""
SPAN, USUAL = timedelta(days=14), 10
"""On so many of those days before it was heard of."""
ALL = "all receivers"


def overdue(domain: str, arrivals: Sequence[tuple[str, datetime]], now: datetime) -> Iterator[Matter]:
    """`arrivals`: (reporter, end of its span) of the last `LATE` + `SPAN`. One matter for each receiver, or
    one for all of them: then it is not they.
    """
    last: dict[str, datetime] = {}
    days: dict[str, set[date]] = defaultdict(set)
    for reporter, end in arrivals:
        last[reporter] = max(last.get(reporter, end), end)
        if now - LATE - SPAN < end <= now - LATE:
            days[reporter].add(end.date())
    daily = [reporter for reporter, seen in days.items() if len(seen) >= USUAL]
    gone = [reporter for reporter in daily if last[reporter] <= now - LATE]
    if gone and max(last.values()) <= now - LATE:
        yield _all(domain, gone, last)
    else:
        yield from (_one(domain, reporter, last[reporter]) for reporter in sorted(gone))


def _one(domain: str, reporter: str, last: datetime) -> Matter:
    words = Words(
        title="Report overdue",
        sentence=f"{reporter} reported on {domain} nearly daily, and last for {last:%Y-%m-%d}. "
        "Others still report.",
        fix=f"If nothing was sent to {reporter} since, that is why. Else see what it answers: homing "
        "campaign status; what is refused before DATA is in no report.",
        over=f"{reporter} reports on {domain} again, or is no longer expected to.",
        facts={"reporter": reporter, "last": last.isoformat()},
    )
    return fault(KIND, domain, reporter, Severity.MEDIUM, words, since=last)


def _all(domain: str, gone: Sequence[str], last: Mapping[str, datetime]) -> Matter:
    newest = max(last.values())
    words = Words(
        title="No more reports",
        sentence=f"No report on {domain} came for any day after {newest:%Y-%m-%d}; "
        f"{', '.join(sorted(gone))} reported nearly every day.",
        fix=f"See that rua= still says where they go (homing dmarc {domain}), that its address takes mail, "
        "and that [inbound] reports or [[mailboxes]] reads it.",
        over=f"Reports on {domain} come again, or are no longer expected to.",
        facts={"reporters": sorted(gone), "last": newest.isoformat()},
    )
    return fault(KIND, domain, ALL, Severity.HIGH, words, since=newest)
