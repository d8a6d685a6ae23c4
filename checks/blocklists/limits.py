"""How much a list may be asked by us: a steady pace, and what its operator gives away a day."""

from collections.abc import Iterable, Mapping

from checks.blocklists.zone import Zone
from checks.names import is_subdomain
from checks.net.dns.manners import Limit

PACE = 200.0
"""Questions a second to one operator, after a burst of as many: a run over ten thousand addresses is held
apart, and an audit never notices."""

PER_DAY: Mapping[str, int] = {
    "spamhaus.org": 300_000,
    "dq.spamhaus.net": 300_000,
    "dnswl.org": 100_000,
    "mailspike.net": 100_000,
    "hostkarma.junkemailfilter.com": 250_000,
}
"""Operator's zone -> free questions a day, as its terms say (`Zone.terms`)."""


def limits(zones: Iterable[Zone]) -> Mapping[str, Limit]:
    """The limits for these lists, by the zone that they hold for; for `checks.net.dns.Resolver`."""
    found = {scope(zone.apex) for zone in zones}
    return {name: Limit(PACE, int(PACE), PER_DAY.get(name)) for name in found}


def scope(apex: str) -> str:
    """The zone that a list's limit is counted for: its operator's, where the terms speak of all its lists."""
    return next((name for name in PER_DAY if is_subdomain(apex, name)), apex)
