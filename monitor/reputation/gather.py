"""What is known of a domain, an address or a provider, in the formula's words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.model import Severity, State
from checks.reports.sources import Standing as SourceStanding
from checks.reports.sources import standing as standing_of
from data import reputation
from data.reports import rows_since
from data.reputation import Fates
from data.standings import Standing
from monitor.reputation.formula import INPUTS, Input, Known
from sender.returns.categories import Category

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
ENOUGH, ENOUGH_SEEDS = 100, 5
"""Below so many messages a week, or seeds a month, a share is an accident."""
TOO_FEW = "fewer than 100 messages within a week"
UNKNOWN_ADDRESSES = frozenset(
    {Category.UNKNOWN_USER, Category.BAD_ADDRESS, Category.BAD_DOMAIN, Category.INACTIVE}
)
UNWANTED = frozenset(
    {
        *(Category.BLOCKED_IP, Category.BLOCKED_DNSBL, Category.BLOCKED_URL, Category.SPAM_CONTENT),
        *(Category.REPUTATION, Category.FILTERED),
    }
)
TIERS = {1: 3.0, 2: 2.0, 3: 1.0}
"""Tier of a list -> how grave it is in the formula."""
AUTHENTICATION = frozenset({"SPF", "DKIM", "DMARC", "RDNS"})
OF_AN_ADDRESS = frozenset({"listings", "authentication"})

Values = Mapping[str, Known | str]


def inputs_of(kind: str) -> Sequence[Input]:
    """Those that apply: an address by itself has no readers."""
    return [each for each in INPUTS if kind != "ip" or each.name in OF_AN_ADDRESS]


def of_sending(connection: Connection, now: datetime, domain: str = "", provider: str = "") -> Values:
    """What the mail of the last week says."""
    week = reputation.fates(connection, now - WEEK, domain, provider)
    days = reputation.volume_by_day(connection, now - WEEK, domain, provider)
    inbox, seeds, placed_at = reputation.placed_since(connection, now - MONTH, domain, provider)
    found: dict[str, Known | str] = dict(_shares(week))
    if sum(days) >= ENOUGH and week.latest:
        found["steadiness"] = Known(max(days) / (sum(days) / 7), week.latest, "sending", sum(days))
    else:
        found["steadiness"] = TOO_FEW
    if seeds >= ENOUGH_SEEDS and placed_at:
        found["placement"] = Known(1 - inbox / seeds, placed_at, "seeds", seeds)
    else:
        found["placement"] = f"{seeds} seeds with a verdict within 30 days; {ENOUGH_SEEDS} are needed"
    return found


def _shares(week: Fates) -> Values:
    names = ("complaints", "bounces", "blocks", "deferrals", "engagement")
    if week.answered < ENOUGH or week.latest is None:
        return dict.fromkeys(names, TOO_FEW)
    unknown = sum(count for category, count in week.refused.items() if category in UNKNOWN_ADDRESSES)
    unwanted = sum(count for category, count in week.refused.items() if category in UNWANTED)
    shares = {
        "complaints": (week.complained, week.accepted),
        "bounces": (unknown, week.answered),
        "blocks": (unwanted, week.answered),
        "deferrals": (week.deferred, week.answered),
        "engagement": (week.accepted - min(week.engaged, week.accepted), week.accepted),
    }
    latest = week.latest
    return {
        name: Known(part / max(whole, 1), latest, "sending", whole) for name, (part, whole) in shares.items()
    }


def of_looks(standings: Iterable[Standing], now: datetime) -> Values:
    """What the looks at records and lists say. What could not be told lately is not known."""
    every = list(standings)
    lists = [one for one in every if one.code.startswith("BL-") and " @ " in one.subject]
    records = [one for one in every if one.code.rpartition("-")[0] in AUTHENTICATION]
    return {"listings": _listings(lists, now), "authentication": _authentication(records, now)}


def _listings(lists: Sequence[Standing], now: datetime) -> Known | str:
    told = [one for one in lists if one.unknown_since is None and one.latest.state.conclusive]
    if not told:
        return "no blocklist could be asked"
    worst = max((_grave(one) for one in told), default=0.0)
    return Known(worst, max((one.latest.last_seen for one in told), default=now), "blocklists", len(told))


def _grave(one: Standing) -> float:
    if one.latest.state is not State.FAIL:
        return 0.0
    return TIERS.get(int(one.latest.args.get("tier") or 3), 1.0)


def _authentication(records: Sequence[Standing], now: datetime) -> Known | str:
    told = [one for one in records if one.unknown_since is None and one.latest.state.conclusive]
    if not told:
        return "no record could be looked at"
    broken = any(
        one.latest.state is State.FAIL and one.latest.severity.at_least(Severity.HIGH) for one in told
    )
    return Known(
        float(broken), max((one.latest.last_seen for one in told), default=now), "records", len(told)
    )


def of_reports(connection: Connection, domain: str, now: datetime) -> Values:
    """What receivers' DMARC reports say of those sources that are ours: that authenticate, or partly do."""
    ours = failing = 0
    latest: datetime | None = None
    for row, _, end in rows_since(connection, domain, now - MONTH):
        standing = standing_of(row)
        if standing in (SourceStanding.COMPLIANT, SourceStanding.NOT_COMPLIANT):
            ours += row.count
            failing += row.count if standing is SourceStanding.NOT_COMPLIANT else 0
            latest = max(latest or end, end)
    if latest is None or ours < ENOUGH:
        return {"alignment": "fewer than 100 messages in receivers' reports within 30 days"}
    return {"alignment": Known(failing / ours, latest, "DMARC reports", ours)}
