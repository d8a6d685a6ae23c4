"""Which lists are asked: the default ones, and what somebody added, removed or has a key for."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from checks.blocklists.shapes import custom
from checks.blocklists.table import BY_NAME, DEFAULT, ZONES
from checks.blocklists.zone import Zone


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says about a list: a name of the table, or a list of their own."""

    name: str
    enabled: bool = True
    key: str = field(default="", repr=False)
    domains: bool = False
    """For a list of their own: it lists domains, not addresses."""


def choose(wishes: Iterable[Wish] = ()) -> tuple[Zone, ...]:
    """The lists to ask, in the order of the table, own ones last. Later wishes win.

    A key serves every list of the same operator that takes one. A dead list stays in, so that the check can
    say why it is not asked.
    """
    chosen = {zone.name: zone for zone in DEFAULT}
    keys: dict[str, str] = {}
    for wish in wishes:
        zone = BY_NAME.get(wish.name) or custom(wish.name, domains=wish.domains)
        chosen.pop(wish.name, None)
        if wish.key:
            keys[zone.family] = (
                wish.key.lower()
            )  # names are lower-cased on their way, and so is what we redact
        if wish.enabled:
            chosen[wish.name] = zone
    keyed = {
        zone.name: replace(zone, key=keys[zone.family])
        for zone in ZONES
        if zone.keyed and zone.family in keys and (zone.name in chosen or zone.tier <= 2)
    }
    off = {wish.name for wish in wishes if not wish.enabled}
    picked = {**chosen, **{name: zone for name, zone in keyed.items() if name not in off}}
    order = {zone.name: place for place, zone in enumerate(ZONES)}
    return tuple(sorted(picked.values(), key=lambda zone: order.get(zone.name, len(order))))
