"""All lists that Homing knows, as data. `docs/blocklists.md` is made from it."""

from collections.abc import Mapping

from checks.blocklists import allowlists, tier1, tier2, tier3
from checks.blocklists.zone import Zone

ZONES: tuple[Zone, ...] = (*tier1.ZONES, *tier2.ZONES, *allowlists.ZONES, *tier3.ZONES)

BY_NAME: Mapping[str, Zone] = {zone.name: zone for zone in ZONES}

DEFAULT: tuple[Zone, ...] = tuple(zone for zone in ZONES if zone.asked_by_default)
"""What is asked without any configuration."""


def family_of(name: str) -> str:
    """Who runs the list called `name`; the name itself for a list that is not in the table."""
    return BY_NAME[name].family if name in BY_NAME else name
