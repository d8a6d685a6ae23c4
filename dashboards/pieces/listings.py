"""Runs of blocklist answers as bars of a timeline, and as the state of each address on each list now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from checks.model import State
from dashboards.charts.listings import Bar
from dashboards.pieces.judged import Judged
from dashboards.pieces.mark import Listing
from dashboards.pieces.when import span
from data.panels.blocklists import Span

ALLOW_LIST = "BL-007"
UNTESTED = "the list fails its self-test"
"""The `result` that the blocklist check gives for a list whose test points do not answer as they must."""


def listing_of(state: State, args: Mapping[str, object]) -> Listing:
    """What a finding about "subject @ list" says, in the words of the timeline."""
    match state:
        case State.FAIL:
            return Listing.LISTED
        case State.WARN:
            return Listing.NOTED
        case State.PASS:
            return Listing.CLEAR
        case _:
            return Listing.UNHEALTHY if args.get("result") == UNTESTED else Listing.UNKNOWN


@dataclass(frozen=True, slots=True)
class Now:
    """One address or name on one list, as it stands. `list_name` is what the operator calls it."""

    who: str
    zone: str
    list_name: str
    listing: Listing
    since: datetime
    last_look: datetime
    judged: Judged

    @property
    def delist(self) -> str:
        """Where a delisting is asked for; "" when there is nothing to delist, or no web address for it."""
        if self.listing not in ABOUT_THE_ADDRESS:
            return ""
        link = str(self.judged.standing.latest.args.get("delist", ""))
        return link if link.startswith(("https://", "http://")) and " " not in link else ""


def standing_now(judged: Iterable[Judged]) -> Sequence[Now]:
    """One a (subject, list): a list that answers by several rules speaks by its gravest. Listed first."""
    found: dict[tuple[str, str], Now] = {}
    for one in judged:
        who, at, zone = one.standing.subject.partition(" @ ")
        if not at or one.standing.code == ALLOW_LIST or one.state is State.NOT_APPLICABLE:
            continue
        listing = Listing.UNKNOWN if one.stale else listing_of(one.state, one.standing.latest.args)
        name = str(one.standing.latest.args.get("list") or zone)
        now = Now(who, zone, name, listing, one.since, one.last_look, one)
        before = found.get((who, zone))
        if before is None or _loudness(now.listing) > _loudness(before.listing):
            found[who, zone] = now
    return sorted(found.values(), key=lambda now: (-_loudness(now.listing), now.who, now.zone))


def _loudness(listing: Listing) -> int:
    return list(Listing).index(listing)


def bars(spans: Sequence[Span], since: datetime, until: datetime, every: timedelta) -> Sequence[Bar]:
    """The runs cut to the axis, and a "could not tell" wherever nobody had an answer for too long."""
    questions: dict[tuple[str, str, str], list[Span]] = {}
    for one in spans:
        who, at, zone = one.subject.partition(" @ ")
        if at and one.code != ALLOW_LIST:
            questions.setdefault((who, zone, one.code), []).append(one)
    drawn: list[Bar] = []
    for (who, zone, _), runs in questions.items():
        name = str(runs[-1].args.get("list") or zone)
        drawn.extend(_row((who, name), runs, since, until, every))
    return sorted(drawn, key=lambda bar: (bar.row, bar.since))


def _row(
    row: tuple[str, str], runs: Sequence[Span], since: datetime, until: datetime, every: timedelta
) -> Iterable[Bar]:
    for position, run in enumerate(runs):
        following = runs[position + 1].first_seen if position + 1 < len(runs) else until
        end = following if following - run.last_seen <= 2 * every else run.last_seen
        if run.state is not State.NOT_APPLICABLE:
            yield _bar(
                row, listing_of(run.state, run.args), max(run.first_seen, since), min(end, until), _note(run)
            )
        if end < following:
            yield _bar(row, Listing.UNKNOWN, max(end, since), min(following, until), "no look had an answer")


def _bar(row: tuple[str, str], listing: Listing, since: datetime, until: datetime, note: str) -> Bar:
    return Bar(
        row, listing, since, until, f"{listing.value} for {span(until - since)}{f': {note}' if note else ''}"
    )


def _note(run: Span) -> str:
    labels = run.args.get("labels")
    told = ", ".join(str(label) for label in labels) if isinstance(labels, list | tuple) else ""
    return told or str(run.args.get("why") or "")


EVERYBODY = "every address"


def eventful(drawn: Sequence[Bar]) -> Sequence[Bar]:
    """What happened, in few rows: a row of its own for what was listed, and one row for each list that
    could not be asked, whatever the address. Rows that were clear throughout are left out.
    """
    by_row: dict[tuple[str, str], list[Bar]] = {}
    for bar in drawn:
        by_row.setdefault(bar.row, []).append(bar)
    listed = [bar for bars in by_row.values() if _any(bars, *ABOUT_THE_ADDRESS) for bar in bars]
    dark = [
        replace(bar, row=(EVERYBODY, bar.row[1]))
        for bars in by_row.values()
        if _any(bars, *ABOUT_THE_LIST) and not _any(bars, *ABOUT_THE_ADDRESS)
        for bar in bars
    ]
    return [*listed, *sorted(dict.fromkeys(dark), key=lambda bar: bar.row)]


ABOUT_THE_ADDRESS = (Listing.LISTED, Listing.NOTED)
ABOUT_THE_LIST = (Listing.UNKNOWN, Listing.UNHEALTHY)


def _any(bars: Sequence[Bar], *listings: Listing) -> bool:
    return any(bar.listing in listings for bar in bars)
